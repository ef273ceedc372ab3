"""The server: what a bot calls on one side, what a test does as users and as the network on the other.

It forgets nothing: every call, every message as it stood, every refusal. Updates stay until a later
``getUpdates`` offset confirms them, as on the real server.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from aiohttp import web

from tests.bot_api.delivery import Delivery
from tests.bot_api.markup import units
from tests.bot_api.model import ME, TOKEN, Call, Fault, Json, Message, Refused, chat, user
from tests.bot_api.parameters import keyboard_in, kind_of, number_of, text_in, values_in

_INLINE_EXPIRES = 30.0
"""Seconds after which an inline query cannot be answered."""

_WAIT = 30.0
"""Seconds after which a test that waits for something gives up."""


@dataclass
class BotApi:
    """One bot account on one server. Made by :func:`running`."""

    calls: list[Call] = field(default_factory=list)
    messages: dict[tuple[int, int], Message] = field(default_factory=dict)
    pending: list[Json] = field(default_factory=list)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    answered_callbacks: list[str] = field(default_factory=list)
    inline: dict[str, float] = field(default_factory=dict)
    """When each inline query came, by its id."""
    answered_inline: dict[str, Json] = field(default_factory=dict)
    files: list[tuple[int, str, bytes]] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    """Groups that became supergroups, and what they are now."""
    topics: dict[tuple[int, int], str] = field(default_factory=dict)
    """Topics of a chat that take no messages, and what the server says of them."""
    asked_in: dict[tuple[int, int], int] = field(default_factory=dict)
    """The topic of each message that a user wrote in one."""
    polls: int = 0
    address: str = ""
    latency: float = 0.0
    """Seconds that every ``sendMessage`` takes."""
    delivery: Delivery | None = None
    settled: Callable[[], Awaitable[None]] | None = None
    """Waits until the bot has done what it took in; set by whoever runs a bot in this process."""

    def __post_init__(self) -> None:
        self._ids = count(1000)
        self._message_ids = count(1)
        self._changed = asyncio.Event()
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._released = asyncio.Event()

    # What users do.

    def push(self, **update: object) -> int:
        """Queue an update of any shape; gives it the next id unless it brings its own."""
        number = update.setdefault("update_id", next(self._ids))
        if self.delivery is not None:
            self.delivery.put(dict(update))
        else:
            self.pending.append(dict(update))
        self._wake()
        return int(number) if isinstance(number, int) else -1

    def says(self, text: str, chat_id: int = 1, **more: object) -> Json:
        """A user sends a text; ``more`` are further fields of the message. Commands get their entity."""
        if text.startswith("/"):
            length = units(text.split(maxsplit=1)[0])
            more.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": length}])
        return self.sends(chat_id, text=text, **more)

    def sends(self, chat_id: int = 1, **fields: object) -> Json:
        """A user sends a message of any content."""
        message: Json = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": chat(chat_id),
            "from": user(abs(chat_id)),
            **fields,
        }
        if (topic := fields.get("message_thread_id")) is not None:
            self.asked_in[chat_id, message["message_id"]] = int(str(topic))
        self.push(message=message)
        return message

    def edits(self, message: Json, **fields: object) -> Json:
        """A user changes a message that was sent."""
        edited = {**message, "edit_date": int(time.time()), **fields}
        self.push(edited_message=edited)
        return edited

    def reacts(self, message: Json) -> None:
        """A reaction or a link preview: the server tells of an edit that changed nothing and has no date."""
        self.push(edited_message=message)

    def presses(self, message: Message, label: str) -> str:
        """A user presses a button of a message; gives the callback's id."""
        return self.presses_data(message, message.buttons[label])

    def presses_data(self, message: Message, data: str) -> str:
        """A press that carries any data, as an old or a forged button would."""
        number = next(self._ids)
        query = {"id": f"cb{number}", "from": user(abs(message.chat_id)), "chat_instance": "1", "data": data}
        self.push(update_id=number, callback_query={**query, "message": message.as_json()})
        return f"cb{number}"

    def looks_up(self, query: str, offset: str = "", user_id: int = 1) -> str:
        """A user types the bot's name and a query in some chat; gives the query's id."""
        number = next(self._ids)
        self.inline[f"iq{number}"] = time.monotonic()
        asked = {"id": f"iq{number}", "from": user(user_id), "query": query, "offset": offset, "chat_type": "supergroup"}
        self.push(update_id=number, inline_query=asked)
        return f"iq{number}"

    async def found(self, query_id: str) -> Json:
        """What the bot answered to an inline query."""
        await self.until(lambda: query_id in self.answered_inline)
        return self.answered_inline[query_id]

    # What the network does.

    def fault(self, method: str, *faults: Fault) -> None:
        """The next calls of ``method`` meet these faults, one each."""
        self._faults[method].extend(faults)

    def release(self) -> None:
        """Let hanging calls end."""
        self._released.set()

    # What a test reads.

    def replies(self, chat_id: int = 1) -> list[Message]:
        """The bot's messages in a chat, in the order in which they were sent."""
        return [message for (where, _), message in self.messages.items() if where == chat_id]

    async def reply(self, number: int = 0, chat_id: int = 1) -> Message:
        """The bot's message with this number in a chat, once it is there."""
        await self.until(lambda: len(self.replies(chat_id)) > number)
        return self.replies(chat_id)[number]

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def confirmed(self) -> None:
        """Wait until the bot has told the server that every update arrived, and has done what came of them."""
        await self.until(lambda: not self.pending)
        if self.settled is not None:
            async with asyncio.timeout(_WAIT):
                await self.settled()

    async def until(self, holds: Callable[[], bool], seconds: float = _WAIT) -> None:
        """Wait for something to hold; looked at whenever anything happens here."""
        async with asyncio.timeout(seconds):
            while not holds():
                await self._changed.wait()

    # What the bot calls.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            values = await values_in(request)
        except ConnectionError:  # the bot went away while it asked
            return web.Response(status=400)
        if request.match_info["token"] != TOKEN:
            return self._answer(method, values, Refused(401, "Unauthorized"))
        if self.latency and method == "sendMessage":
            await asyncio.sleep(self.latency)
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is not None and fault.kind != "closed":
            return await self._broken(request, method, values, fault)
        try:
            result = await self._updates(values) if method == "getUpdates" else self._do(method, values)
        except Refused as error:
            return self._answer(method, values, error)
        if fault is not None:  # done, but the answer never arrives
            self._record(method, values, 0)
            return await _cut_off(request)
        return self._answer(method, values, result)

    async def _broken(self, request: web.Request, method: str, values: Json, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "error":
                moved = fault.migrate_to
                refusal = Refused(fault.code, fault.description, retry_after=fault.retry_after, migrate_to_chat_id=moved)
                return self._answer(method, values, refusal)
            case "garbage":
                self._record(method, values, fault.code)
                return web.Response(text="<html>502 Bad Gateway</html>", status=fault.code, content_type="text/html")
            case "hang":
                await self._released.wait()
        self._record(method, values, 0)
        return await _cut_off(request)

    async def _updates(self, values: Json) -> list[Json]:
        if self.delivery is not None:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        offset = int(values.get("offset", 0))
        self.polls += 1
        poll = self.polls
        self.pending = [update for update in self.pending if number_of(update) >= offset]
        self._wake()
        wanted = values.get("allowed_updates") or []
        self.pending = [update for update in self.pending if not wanted or kind_of(update) in wanted or kind_of(update) == ""]
        wait = float(values.get("timeout", 0))
        if not self.pending and wait:
            try:
                async with asyncio.timeout(wait):
                    while not self.pending and self.polls == poll:
                        await self._changed.wait()
            except TimeoutError:
                pass
        if self.polls != poll:
            raise Refused(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return self.pending[: int(values.get("limit", 100))]

    def _do(self, method: str, values: Json) -> object:
        match method:
            case "getMe":
                return ME
            case "sendChatAction":
                return True
            case "deleteWebhook":
                if self.delivery is not None:
                    self.pending += self.delivery.stop()
                    self.delivery = None
                return True
            case "setWebhook":
                self._set_webhook(values)
                return True
            case "getWebhookInfo":
                url = self.delivery.url if self.delivery else ""
                return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.pending)}
            case "setMyCommands":
                scope = values.get("scope") or {"type": "default"}
                self.commands[scope["type"]] = values["commands"]
                return True
            case "answerCallbackQuery":
                if values["callback_query_id"] in self.answered_callbacks:
                    raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
                self.answered_callbacks.append(values["callback_query_id"])
                return True
            case "answerInlineQuery":
                self.answered_inline[values["inline_query_id"]] = self._inline_answer(values)
                return True
            case "sendPhoto" | "sendDocument":
                return self._send_file(method, values)
            case "sendMessage":
                return self._send(values)
            case "editMessageText":
                return self._edit(values)
            case "deleteMessage":
                if self.messages.pop((int(values["chat_id"]), int(values["message_id"])), None) is None:
                    raise Refused(400, "Bad Request: message to delete not found")
                return True
        raise Refused(404, "Not Found")

    def _set_webhook(self, values: Json) -> None:
        """What waits is delivered to the new address; an address set before loses nothing."""
        waiting = self.pending + (self.delivery.stop() if self.delivery else [])
        self.pending = []
        self.delivery = Delivery(values["url"], values.get("secret_token", ""), self._wake)
        for update in waiting:
            self.delivery.put(update)

    def _send(self, values: Json) -> Json:
        chat_id = int(values["chat_id"])
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        self._check_place(chat_id, values)
        text, entities = text_in(values)
        message = Message(chat_id, next(self._message_ids), text, entities, keyboard_in(values), values)
        self.messages[chat_id, message.message_id] = message
        return message.as_json()

    def _check_place(self, chat_id: int, values: Json) -> None:
        """Groups that became supergroups, and topics that take nothing, refuse."""
        if (new := self.moved.get(chat_id)) is not None:
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new)
        quoted = int((values.get("reply_parameters") or {}).get("message_id", 0))
        topic = int(values.get("message_thread_id") or self.asked_in.get((chat_id, quoted), 0))
        if (chat_id, topic) in self.topics:
            raise Refused(400, f"Bad Request: {self.topics[chat_id, topic]}")

    def _inline_answer(self, values: Json) -> Json:
        asked = self.inline.get(values["inline_query_id"])
        if asked is None or values["inline_query_id"] in self.answered_inline or time.monotonic() - asked > _INLINE_EXPIRES:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        results: list[Json] = values["results"]
        ids = [one["id"] for one in results]
        if len(ids) > 50:
            raise Refused(400, "Bad Request: RESULTS_TOO_MUCH")
        if len(ids) != len(set(ids)):
            raise Refused(400, "Bad Request: RESULT_ID_DUPLICATE")
        if any(not 1 <= len(one.encode()) <= 64 for one in ids):
            raise Refused(400, "Bad Request: RESULT_ID_INVALID")
        if len(str(values.get("next_offset", "")).encode()) > 64:
            raise Refused(400, "Bad Request: NEXT_OFFSET_INVALID")
        for one in results:
            if not one.get("title"):
                raise Refused(400, "Bad Request: ARTICLE_TITLE_EMPTY")
            content = one["input_message_content"]
            one["text"], one["entities"] = text_in({"text": content["message_text"], "parse_mode": content.get("parse_mode")})
        return values

    def _send_file(self, method: str, values: Json) -> Json:
        chat_id = int(values["chat_id"])
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        self._check_place(chat_id, values)
        content = next((value for value in values.values() if isinstance(value, bytes)), b"")
        if not content:
            raise Refused(400, "Bad Request: there is no file in the request")
        self.files.append((chat_id, method, content))
        return {"message_id": next(self._message_ids), "date": int(time.time()), "from": ME, "chat": chat(chat_id)}

    def _edit(self, values: Json) -> Json:
        message = self.messages.get((int(values["chat_id"]), int(values["message_id"])))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        text, entities = text_in(values)
        keyboard = keyboard_in(values)
        if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
            raise Refused(
                400, "Bad Request: message is not modified: specified new message content and reply markup are the same"
            )
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.edits += 1
        return message.as_json()

    def _answer(self, method: str, values: Json, result: object) -> web.Response:
        if isinstance(result, Refused):
            call = self._record(method, values, result.code)
            self.refused.append(call)
            body: Json = {"ok": False, "error_code": result.code, "description": result.description}
            if result.parameters:
                body["parameters"] = result.parameters
            return web.json_response(body, status=result.code)
        self._record(method, values, 200)
        return web.json_response({"ok": True, "result": result})

    def _record(self, method: str, values: Json, code: int) -> Call:
        call = Call(method, values, code, time.monotonic())
        self.calls.append(call)
        self._wake()
        return call

    def _wake(self) -> None:
        """Let everyone who waits look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


@asynccontextmanager
async def running() -> AsyncIterator[BotApi]:
    """A server on a free port of the loopback interface, stopped at the end."""
    api = BotApi()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", api.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        api.release()
        if api.delivery is not None:
            api.delivery.stop()
        await runner.cleanup()


async def _cut_off(request: web.Request) -> web.StreamResponse:
    """Begin an answer and close the connection in the middle of it."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok":')
    if request.transport is not None:
        request.transport.abort()
    return response
