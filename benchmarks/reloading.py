"""Edits while questions come in: ``python -m benchmarks.reloading [--edits N] [--rate N] [--pause N] [--calm N] …``.

A bot process serves a copy of the knowledge base; this process edits the copy, validly and not, as editors do (in place, in
two steps, by renaming), and asks about what it edits over a loopback Bot API server. Every edit leaves a mark of its own in the
texts, so that each answer tells which edit it stems from. Prints the turns that failed, the answers that stem from a
version that never was valid, the mistakes that the administrator did not hear of, the seconds from a valid edit to the
first answer with it, and how long turns took with edits and, before and after, without.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil

from bot.knowledge.consistency import load_content
from bot.talk import phrases
from tests import editing, postgres
from tests.bot_api.server import BotApi, running
from tests.chaos.bots import Bot, environment, free_port, our_command

ADMIN = 10
FIRST_CHAT = 1000
LARGE = 100
"""Entries that a large edit changes, at least."""

_PATIENCE = 30.0
"""Seconds after which an edit counts as not heard of."""

_MARK = re.compile(r"〔([vb]\d+)〕")
_REFUSED = phrases.REFUSED.split("{")[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """So many edits, questions a second, seconds between edits at most, and seconds without edits before and after."""

    edits: int
    rate: float
    pause: float
    calm: float
    seed: int = 1
    database: str = "sqlite"


@dataclass
class Outcome:
    """What came of it. Times in seconds; ``large`` are the edits of at least :data:`LARGE` entries."""

    edits: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    failed: int = 0
    never_valid: int = 0
    unmarked: int = 0
    untold: int = 0
    unserved: int = 0
    agrees: bool = False
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    calm_turns: list[float] = field(default_factory=list)
    busy_turns: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.edits.items()))
        lines = [
            f"{self.edits.total()} edits ({kinds}), {self.questions} questions",
            f"failed turns {self.failed}, answers from a version never valid {self.never_valid}, mistakes not told {self.untold}",
            f"valid edits not served {self.unserved}, answers without a mark {self.unmarked}, the last edit serves: {self.agrees}",
        ]
        for name, seconds in (("small", self.small), (f"{LARGE} entries and more", self.large)):
            if seconds:
                median, most = statistics.median(seconds), max(seconds)
                lines.append(f"from a valid edit, {name}, to the first answer: median {median:.2f} s, max {most:.2f} s")
        for share in (50, 95):
            calm, busy = (np.percentile(turns or [0], share) * 1000 for turns in (self.calm_turns, self.busy_turns))
            lines.append(f"turn p{share}: {calm:.0f} ms without edits, {busy:.0f} ms with, ratio {busy / max(calm, 1e-9):.2f}")
        lines.append(f"memory {self.memory[0]:.0f} MB before, {self.memory[-1]:.0f} MB after")
        return "\n".join(lines)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50, help="questions a second")
    parser.add_argument("--pause", type=float, default=2, help="seconds between an edit's outcome and the next, at most")
    parser.add_argument("--calm", type=float, default=30, help="seconds without edits before and after")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    plan = Plan(options.edits, options.rate, options.pause, options.calm, options.seed, options.database)
    print(asyncio.run(reloading(plan)))


async def reloading(plan: Plan) -> Outcome:
    """One run."""
    async with AsyncExitStack() as stack:
        files = stack.enter_context(ExitStack())
        folder = Path(files.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        if plan.database == "postgresql":
            url = files.enter_context(postgres.running()).new_database()
        editor = Editor(editing.copy(folder), random.Random(plan.seed))
        api = await stack.enter_async_context(running())
        port = free_port()
        settings = environment(api.address, url, port) | {"BOT_CACHE_DIR": str(folder / "cache")}
        settings |= {
            "BOT_KNOWLEDGE_BASE": str(editor.folder),
            "BOT_ADMIN_IDS": str(ADMIN),
            "BOT_CACHE_DIR": str(editing.cache(folder).parent),
        }
        bot = Bot(our_command(), settings, port, folder / "log")
        await bot.start()
        stack.push_async_callback(bot.kill)
        try:
            await bot.until_ready()
            return await _Run(plan, editor, api, bot).whole()
        except BaseException:
            print(bot.log.read_text("utf-8")[-3000:], file=sys.stderr)
            raise


class Editor:
    """Edits a knowledge base as people do, and remembers what stands in it validly."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self._chance = chance
        self._files: dict[Path, str] = {}
        for file in sorted(folder.rglob("*.yaml")):
            if editing.mark(file, "v0"):
                self._files[file] = file.read_text("utf-8")
        content = load_content(folder)
        self._names = {one.id: one.name for one in content.entries.values() if one.summary.startswith("〔v0〕")}
        self.names = list(self._names.values())
        self._broken: set[Path] = set()

    def valid(self, number: int, least: int) -> tuple[list[str], int]:
        """Mark ``least`` entries or more, whatever was broken being mended; the names of some, and how many there are."""
        changed: dict[Path, str] = {}
        count = 0
        for file in self._others():
            marked = editing.marked(self._files[file], f"v{number}", max(1, least - count))
            changed[file] = marked
            count += marked.count(f"〔v{number}〕")
            if count >= least:
                break
        self._files |= changed
        mended = {file: self._files[file] for file in self._broken}
        self._broken = set()
        for file, text in (mended | changed).items():
            self._write(file, text)
        return [name for text in changed.values() for name in self._named(text, f"v{number}")], count

    def broken(self, number: int) -> tuple[str, list[str]]:
        """Make a mistake in one file and change another; its kind, and names of entries that are marked."""
        kind = self._chance.choice(list(_MISTAKES))
        old, new = _MISTAKES[kind]
        candidates = [file for file in self._others() if old in self._files[file]]
        file, *others = candidates
        mark = f"b{number}"
        texts = {one: editing.marked(self._files[one], mark, 5) for one in (file, others[0])}
        names = [name for text in texts.values() for name in self._named(text, mark)]
        for one in self._broken - set(texts):
            self._write(one, self._files[one])
        self._broken = set(texts)
        if kind == "file deleted":
            self._write(others[0], texts[others[0]])
            file.unlink()
        elif kind == "no text":
            self._write(others[0], texts[others[0]])
            file.write_bytes(b"\xff\xfe" + texts[file].encode())
        else:
            texts[file] = texts[file].replace(old, new.format(number=number), 1)
            for one, text in texts.items():
                self._write(one, text)
        return kind, names

    def _others(self) -> list[Path]:
        """Files in any order, those last that are broken now: the same mistake twice would be no news."""
        files = [file for file in self._files if file not in self._broken]
        self._chance.shuffle(files)
        return files

    def _named(self, text: str, mark: str) -> Iterator[str]:
        for block in re.split(r"^  - ", text, flags=re.MULTILINE):
            if f"〔{mark}〕" in block and (found := re.match(r"id: ([a-z0-9-]+)", block)) and found[1] in self._names:
                yield self._names[found[1]]

    def _write(self, file: Path, text: str) -> None:
        match self._chance.randrange(3):
            case 0:
                file.write_text(text, "utf-8")
            case 1:
                partial = file.with_suffix(".yaml~")
                partial.write_text(text, "utf-8")
                partial.replace(file)
            case _:
                with file.open("w", encoding="utf-8") as opened:
                    opened.write(text[: len(text) // 2])
                    opened.flush()
                    time.sleep(0.02)
                    opened.write(text[len(text) // 2 :])


_MISTAKES = {
    "broken YAML": ("    summary: ", "    summary: [{number} "),
    "unknown key": ("    summary: ", "    sumary{number}: "),
    "unknown status": ("    status: ", "    status: b{number} # "),
    "dangling reference": ("    related: [", "    related: [no-such-{number}, "),
    "unknown source": ("    sources: [", "    sources: [no-such-{number}, "),
    "id that cannot be": ("  - id: ", "  - id: B{number}-"),
    "file deleted": ("    summary: ", ""),
    "no text": ("    summary: ", ""),
}
"""What is exchanged for a mistake."""


class _Run:
    def __init__(self, plan: Plan, editor: Editor, api: BotApi, bot: Bot) -> None:
        self._plan = plan
        self._editor = editor
        self._api = api
        self._bot = bot
        self._chance = random.Random(plan.seed + 1)
        self._outcome = Outcome()
        self._asked: dict[int, tuple[float, list[float] | None]] = {}
        self._near: Sequence[str] = ()
        self._turns: list[float] | None = None

    async def whole(self) -> Outcome:
        outcome, api = self._outcome, self._api
        asking = asyncio.create_task(self._ask())
        try:
            await self._calmly()
            self._remember()
            self._turns = outcome.busy_turns
            for number in range(1, self._plan.edits + 1):
                await self._edit(number, last=number == self._plan.edits)
                await asyncio.sleep(self._chance.uniform(0, self._plan.pause))
            await self._calmly()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        await api.until(lambda: {chat for chat, _ in api.messages} >= self._asked.keys(), seconds=60)
        self._remember()
        await self._judge()
        return outcome

    async def _calmly(self) -> None:
        """Let what is under way come to its end, then count turns for a while."""
        self._turns = None
        chat = FIRST_CHAT + len(self._asked)
        await self._api.until(lambda: bool(self._api.replies(chat)), seconds=60)
        self._turns = self._outcome.calm_turns
        await asyncio.sleep(self._plan.calm)

    async def _ask(self) -> None:
        """Every question from another chat, every second one about what was edited last."""
        began = time.monotonic()
        while True:
            number = len(self._asked)
            await asyncio.sleep(max(0.0, began + number / self._plan.rate - time.monotonic()))
            names = self._near if number % 2 and self._near else self._editor.names
            self._asked[FIRST_CHAT + number] = (time.monotonic(), self._turns)
            self._api.says(self._chance.choice(names), FIRST_CHAT + number)

    async def _edit(self, number: int, *, last: bool) -> None:
        large = last or number % 10 == 0
        if not large and self._chance.random() < 0.5:
            told = len(self._api.replies(ADMIN))
            kind, self._near = await asyncio.to_thread(self._editor.broken, number)
            self._outcome.edits[kind] += 1
            if not await self._comes(lambda: any(_REFUSED in one.text for one in self._api.replies(ADMIN)[told:])):
                self._outcome.untold += 1
            return
        self._near, count = await asyncio.to_thread(self._editor.valid, number, LARGE if large else self._chance.randint(1, 8))
        self._outcome.edits["valid"] += 1
        began = time.monotonic()
        seen = len(self._api.calls)
        mark = f"〔v{number}〕"

        def answered() -> bool:
            nonlocal seen
            new, seen = self._api.calls[seen:], len(self._api.calls)
            return any(mark in str(call.values.get("text", "")) for call in new)

        if await self._comes(answered):
            (self._outcome.large if count >= LARGE else self._outcome.small).append(time.monotonic() - began)
        else:
            self._outcome.unserved += 1

    async def _comes(self, holds: Callable[[], bool]) -> bool:
        try:
            await self._api.until(holds, seconds=_PATIENCE)
        except TimeoutError:
            return False
        return True

    def _remember(self) -> None:
        assert self._bot.process is not None
        self._outcome.memory.append(psutil.Process(self._bot.process.pid).memory_info().rss / 1e6)

    async def _judge(self) -> None:
        outcome = self._outcome
        outcome.questions = len(self._asked)
        answers: dict[int, float] = {}
        texts: dict[int, str] = {}
        for call in self._api.of("sendMessage"):
            if call.code == 200 and call.chat_id in self._asked:
                answers.setdefault(call.chat_id, call.at)
                texts[call.chat_id] = texts.get(call.chat_id, "") + str(call.values["text"])
        for chat, (asked, turns) in self._asked.items():
            if chat not in answers or phrases.FAILED in texts[chat]:
                outcome.failed += 1
                continue
            marks = _MARK.findall(texts[chat])
            outcome.never_valid += any(mark.startswith("b") for mark in marks)
            outcome.unmarked += not marks
            if turns is not None:
                turns.append(answers[chat] - asked)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self._bot.port}") as client:
            metrics = (await client.get("/metrics")).text
            version = (await client.get("/readyz")).json()["knowledge_base"]
        failures = re.search(r"^michishirube_failures_total (\S+)", metrics, re.MULTILINE)
        outcome.failed += int(float(failures[1])) if failures else 0
        outcome.agrees = version == load_content(self._editor.folder).version


if __name__ == "__main__":
    main()
