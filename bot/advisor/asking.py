"""Reads a question: which parts it asks for, whether it follows up, whether it is several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from bot.knowledge.entries import Entry, PartWords
from bot.nlp.normalize import fold
from bot.nlp.tokenizer import Token, content_tokens, tokenize

FollowUp = Literal["more", "others", "none"]

DESK_PARTS = frozenset({"phone", "fax", "address", "area", "where", "contact", "hours"})
"""The parts of an entry that say how to reach somebody."""

_MORE = ("もっと", "詳しく", "くわしく", "詳細", "続き", "つづき", "続けて", "つづけて", "全部", "さらに")
_OTHERS = ("他に", "他の", "他は", "ほかに", "ほかの", "ほかは", "別の", "その他", "他", "ほか")
_FILLING = ("もっと", "さらに", "を", "は", "に", "も", "の", "か", "候補", "制度", "何か", "なにか", "方法", "もの", "ある", "あります", "ない", "ありません", "見せて", "教えて", "知りたい", "お願い", "します", "ください", "です")  # fmt: skip
"""Words of a request that say nothing else."""

_POINTING = frozenset(
    {"そこ", "そちら", "そっち", "それ", "その", "あそこ", "あちら", "あれ", "先ほど", "先程", "さっき", "上記"}
)
"""Words that point at what was said before."""

_SENTENCE_ENDS = "。?!？！\n"
_AND_ALSO = ("あと、", "あと", "それと", "それから", "ついでに", "また、", "加えて")
_ASKING_WORDS = ("教えて", "知りたい", "ください", "下さい", "いくら", "どこ", "どう", "何", "なに", "いつ", "だれ", "誰", "どれ", "どちら", "どっち", "かしら", "かな")  # fmt: skip
_ASKING_ENDS = ("か", "は", "の", "番号", "とは", "って", "?")
_INTERROGATIVE = frozenset(
    {
        "何",
        "何処",
        "誰",
        "何時",
        "何れ",
        "何方",
        "何の",
        "如何",
        "幾ら",
        "何ぼ",
        "何故",
        "何で",
        "どう",
        "どの",
        "どっち",
        "どちら",
    }
)
"""Normalized words that ask."""

_ASKING_PARTICLES = ("か", "の", "は", "かしら", "け", "って")


def follow_up(text: str) -> FollowUp:
    """Whether a text only asks to go on with what was shown.

    >>> follow_up("もっと詳しく教えてください"), follow_up("他にはありますか"), follow_up("他の銀行は？")
    ('more', 'others', 'none')
    """
    bare = fold(text).replace(" ", "").rstrip("。!?")
    for kind, words in (("more", _MORE), ("others", _OTHERS)):
        begun = next((word for word in words if bare.startswith(word)), "")
        if begun and not _without(bare[len(begun) :], (*words, *_FILLING)):
            return "more" if kind == "more" else "others"
    return "none"


def _without(text: str, words: Sequence[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


@lru_cache(maxsize=4)
def _cues(parts: tuple[PartWords, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns for the words that ask for a part, with the part's id, longest first."""
    cues = sorted(((fold(cue), part.id) for part in parts for cue in part.cues), key=lambda one: -len(one[0]))
    return tuple(
        (re.compile(rf"(?<![a-z]){re.escape(cue)}(?![a-z])" if cue.isascii() else re.escape(cue)), part) for cue, part in cues
    )


def only_points(text: str, parts: Sequence[PartWords]) -> bool:
    """Whether a text asks about something that it does not name (そちらの電話番号は分かりますか).

    True for one that points at something, or asks how to reach somebody, and holds hardly another word.
    """
    rest = [token for token in content_tokens(without_cues(text, parts)) if token.surface not in _POINTING]
    points = any(token.surface in _POINTING for token in tokenize(text))
    asked = set(asked_parts(text, parts))
    return len(rest) <= 1 if points else not rest and bool(asked) and asked <= DESK_PARTS


def without_cues(text: str, parts: Sequence[PartWords]) -> str:
    """``text`` without the words that ask for parts."""
    folded = fold(text)
    for pattern, _ in _cues(tuple(parts)):
        folded = pattern.sub(" ", folded)
    return folded


def asked_parts(text: str, parts: Sequence[PartWords], names: Iterable[str] = ()) -> list[str]:
    """The parts that ``text`` asks for, in the order of asking; words inside ``names`` ask for nothing.

    Longer cues win over shorter ones that they contain (保証料率 over 保証料). ``summary`` only
    counts when nothing more definite is asked.
    """
    folded = fold(text)
    for name in sorted((fold(one) for one in names), key=len, reverse=True):
        if len(name) >= 3:
            folded = folded.replace(name, "\0" * len(name))
    found: list[tuple[int, int, str]] = []
    taken = [False] * len(folded)
    for pattern, part in _cues(tuple(parts)):
        for match in pattern.finditer(folded):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append((start, end, part))
    ordered = list(dict.fromkeys(part for _, _, part in sorted(found)))
    definite = [part for part in ordered if part != "summary"]
    return definite or ordered


def focus_terms(text: str, entry: Entry) -> set[str]:
    """The question's content words that are not simply the entry's own name: they point inside it."""
    own = {token.normal for name in (entry.name, *entry.aliases) for token in tokenize(name)}
    return {token.normal for token in content_tokens(text) if token.normal not in own}


def split_questions(text: str) -> list[str]:
    """The separate questions of a message; a message with one question stays whole.

    Sentences that only tell a situation are kept with the question that follows them.
    """
    questions: list[str] = []
    lead_in = ""
    for piece in _pieces(text.strip()):
        if _asks(piece):
            questions.append((lead_in + piece).strip())
            lead_in = ""
        else:
            lead_in += piece
    if lead_in and questions:
        questions[-1] += " " + lead_in
    return questions if len(questions) > 1 else [text.strip()]


def asking_sentences(text: str) -> list[str]:
    """The sentences that ask, without the ones that tell a situation; none where the whole text is one sentence."""
    pieces = _pieces(text.strip())
    return [piece.strip() for piece in pieces if _asks(piece)] if len(pieces) > 1 else []


def is_question(text: str) -> bool:
    """Whether a text asks by its form, and does not only name or demand something.

    >>> is_question("制度融資って何？"), is_question("候補になる制度の名前を全部")
    (True, False)
    """
    return "?" in fold(text) or any(map(_asks_by_form, map(tokenize, _pieces(text))))


def _asks_by_form(tokens: Sequence[Token]) -> bool:
    said = [token for token in tokens if token.kind not in ("補助記号", "空白")]
    if not said:
        return False
    ends = said[-1].kind == "助詞" and said[-1].surface in _ASKING_PARTICLES
    quotes = any(token.kind == "助詞" and token.surface == "って" for token in said)
    return ends or quotes or any(token.normal in _INTERROGATIVE or token.surface in _INTERROGATIVE for token in said)


def _pieces(text: str) -> list[str]:
    """Sentences, and what is added to one (あと、…)."""
    pieces, start = [], 0
    for place, sign in enumerate(text):
        added = place > start and text[place - 1] in "。、, 　?？!！" and text.startswith(_AND_ALSO, place)
        if added:
            pieces.append(text[start:place])
            start = place
        if sign in _SENTENCE_ENDS:
            pieces.append(text[start : place + 1])
            start = place + 1
    return [piece for piece in (*pieces, text[start:]) if piece.strip(" 。、")]


def _asks(piece: str) -> bool:
    folded = fold(piece).rstrip("。!")
    return any(word in folded for word in _ASKING_WORDS) or folded.endswith(_ASKING_ENDS)
