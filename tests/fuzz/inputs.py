"""Strategies for what anybody can send: updates near the real ones and far from them, and HTTP requests."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from bot.channels.telegram.webhook import HEADER
from bot.channels.telegram.webhook import PATH as WEBHOOK

SECRET = "of_the_tests"  # it opens nothing but a server of this test

characters = st.characters(codec=None)
"""All of Unicode, halves of surrogate pairs included: JSON can carry them."""

words = st.sampled_from(
    [
        "保証料", "台東区の窓口は？", "ほしょうりょう", "いくらですか", "海外展開", "融資", "1200万円", "24か月", "はい", "やめる", "わからない", "なぜ",
        "〒110-0005", "東京都", "/start", "/forget", "/export", "/fee", "/roadmap", "/plan", "/branch@michishirube_bot", "@michishirube_bot",
        "https://example.jp/", "090-1234-5678", "<b>", "&amp;", "\u202e", "\u200d", "👩‍👩‍👧", "\x00", "０", "ｶﾞ", "が", "\n", "　", "1e999", "٣",
        "9" * 400,
    ]
)  # fmt: skip
texts = st.one_of(st.lists(words, max_size=6).map("".join), st.text(characters, max_size=60), st.just("保証料" * 2000))
numbers = st.one_of(st.integers(-5, 50), st.integers(-(2**70), 2**70), st.sampled_from([2**31, 2**52, 2**63 - 1, 2**63]))
scalars = st.one_of(st.none(), st.booleans(), numbers, st.floats(), texts)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8
)

_PEOPLE = st.integers(1, 6)
_CONTENT = (
    "photo", "voice", "video", "document", "sticker", "location", "contact", "venue", "poll", "dice", "story", "game", "animation",
    "new_chat_members", "pinned_message", "forward_origin", "reply_to_message", "via_bot", "sender_chat", "is_topic_message",
    "message_thread_id", "entities", "caption", "caption_entities", "is_automatic_forward", "edit_date", "quote", "web_app_data",
)  # fmt: skip
actions = st.one_of(
    st.sampled_from(["more", "menu", "home", "entry:fee", "slot:amount", "dialog:fee", "dialog:fee:start", "why", "skip", "other"]),
    st.builds("{}:{}".format, st.sampled_from(["e", "more", "dialog", "slot", "pick", "none", "tick", "desk"]), texts.map(lambda t: t[:40])),
    texts,
)  # fmt: skip


@st.composite
def _chats(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(_PEOPLE)
    kind = draw(st.sampled_from(["private"] * 8 + ["group", "supergroup", "channel", "unheard-of"]))
    return {"id": number if kind == "private" else -number, "type": kind}


@st.composite
def _messages(draw: st.DrawFn) -> dict[str, Any]:
    message: dict[str, Any] = {"message_id": draw(st.integers(1, 10**6)), "date": 1_790_000_000, "chat": draw(_chats())}
    if draw(st.booleans()):
        message["from"] = {"id": draw(_PEOPLE), "is_bot": draw(st.booleans()), "first_name": draw(texts)}
    if draw(st.integers(0, 9)):
        message["text"] = draw(texts)
    return message


@st.composite
def updates(draw: st.DrawFn) -> object:
    """An update: mostly well-formed, with parts put in, spoilt or taken away."""
    kind = draw(st.sampled_from(["message", "message", "message", "edited_message", "callback_query", "inline_query", "poll"]))
    body: dict[str, Any] = draw(_messages())
    if kind == "callback_query":
        body = {"id": draw(st.text("0123456789", min_size=1, max_size=20)), "from": {"id": 1, "is_bot": False, "first_name": "花子"}, "message": body, "data": draw(actions), "chat_instance": "1"}  # fmt: skip
    elif kind == "inline_query" and draw(st.booleans()):
        body = {"id": draw(st.text("0123456789", min_size=1, max_size=20)), "from": {"id": draw(_PEOPLE), "is_bot": False, "first_name": "花子"}, "query": draw(texts), "offset": draw(st.sampled_from(["", "10", "-1", "x", "9999999"]))}  # fmt: skip
    elif kind not in {"message", "edited_message"}:
        body = draw(st.dictionaries(st.sampled_from(["id", "from", "query", "offset"]), values))
    if draw(st.integers(0, 2)) == 0:
        target = body.get("message", body) if draw(st.booleans()) else body
        for name in draw(st.lists(st.sampled_from([*target, *_CONTENT, "chat", "from"]), max_size=3)):
            if draw(st.booleans()):
                target[name] = draw(values)
            else:
                target.pop(name, None)
    update = {"update_id": draw(st.one_of(st.integers(0, 2**40), st.integers(0, 2**40), numbers, values)), kind: body}
    return draw(st.sampled_from([update] * 20 + [body, [update], kind, None]))


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request to any route, as keyword arguments for httpx: from right to nonsense."""
    path = draw(st.sampled_from(["/", "/turns", "/turns", "/turns", WEBHOOK, WEBHOOK, "/road/1.png", "/road/9.png", "/static/chat.js", "/static/../app.py", "/healthz", "/readyz", "/metrics", "/staff", "/x"]))  # fmt: skip
    usual = "POST" if path in {"/turns", WEBHOOK} else "GET"
    turns = st.one_of(
        st.builds(lambda text: {"text": text}, texts),
        st.builds(lambda action: {"press": action}, actions),
        st.dictionaries(st.sampled_from(["text", "press", "start", "else"]), values, max_size=3),
        values,
    )
    content = draw(updates() if path == WEBHOOK else turns)
    body = json.dumps(content).encode()
    if draw(st.integers(0, 9)) == 0:
        body = draw(st.binary(max_size=200))
    headers = {"content-type": "application/json", HEADER: SECRET}
    if draw(st.integers(0, 4)) == 0:
        plain = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
        headers |= draw(st.dictionaries(st.sampled_from(["content-type", HEADER, "cookie", "origin", "host", "x-request-id", "x-forwarded-for"]), plain, max_size=3))  # fmt: skip
    method = (
        usual if draw(st.integers(0, 9)) else draw(st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"]))
    )
    return {"method": method, "url": path, "content": body, "headers": headers}
