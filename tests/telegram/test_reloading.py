"""Edits of the knowledge base reach users while the bot runs; of mistakes the administrators are told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.service import Compose
from bot.channels.web.app import chat_routes, make_app
from bot.channels.web.sessions import Sessions
from bot.knowledge.check import check_folder
from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.nlp.encoder import Encoder
from bot.reloading import Reloader
from bot.roles import Roles
from bot.store.gates import Rate
from bot.store.store import Store
from bot.talk import phrases
from bot.worker import Worker
from tests import editing
from tests.bot_api.server import BotApi
from tests.postgres import Postgres
from tests.telegram.conftest import configured, serving

ADMIN, SECOND_ADMIN, EDITOR, USER = 10, 11, 20, 40
MISTAKE = "    summary: ", "    sumary: "
MENDED = "    sumary: ", "    summary: "
QUESTION = "ちょうちん補助金"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that nobody tells of."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@asynccontextmanager
async def following(library: Library, store: Store) -> AsyncIterator[Reloader]:
    """What follows the folder in one process; it has had its first look."""
    reloader = Reloader(library, store, Metrics(), Roles(store.members, (ADMIN,)), Compose())
    async with AsyncExitStack() as stack:
        for work in (reloader.run(), store.signals.listen()):
            stack.push_async_callback(_end, asyncio.create_task(work))
        await reloader.reload()
        yield reloader


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return editing.small(tmp_path)


@pytest.fixture
def library(folder: Path, encoder: Encoder) -> Library:
    return Library(folder, encoder, None)


@pytest.fixture
async def reloader(library: Library, store: Store) -> AsyncIterator[Reloader]:
    await store.members.appoint(SECOND_ADMIN, "admin", "test")
    await store.members.appoint(EDITOR, "editor", "test")
    async with following(library, store) as running:
        yield running


@pytest.fixture
async def bot(api: BotApi, library: Library, store: Store, reloader: Reloader) -> AsyncIterator[BotApi]:
    """A bot with two administrators, over a small knowledge base."""
    settings = configured(api, admin_ids=(ADMIN,))
    async with serving(api, Worker(library, store, Metrics()), settings, reloader):
        yield api


async def _asked(bot: BotApi, text: str, chat: int = USER) -> str:
    number = len(bot.replies(chat))
    bot.says(text, chat)
    return (await bot.reply(number, chat)).text


def _checked(folder: Path, encoder: Encoder) -> list[str]:
    """What ``python -m bot check`` prints of errors."""
    report = check_folder(folder, encoder, None, date(2026, 11, 1))
    return [str(problem) for problem in report.problems if problem.severity == "error"]


async def test_a_valid_edit_is_answered_without_a_restart(bot: BotApi, library: Library, folder: Path) -> None:
    assert "半分" in await _asked(bot, QUESTION)
    before = library.kb

    editing.replace(folder / "lantern.yaml", "半分", "三分の二")
    await until(lambda: library.kb is not before)

    assert "三分の二" in await _asked(bot, QUESTION)
    assert not bot.replies(ADMIN)


async def test_of_a_mistake_every_admin_reads_what_check_prints_while_the_old_one_answers(
    bot: BotApi, folder: Path, encoder: Encoder
) -> None:
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    editing.replace(folder / "signboard.yaml", "sources: [paper]", "sources: [rumour]")

    told = [await bot.reply(0, admin) for admin in (ADMIN, SECOND_ADMIN)]

    expected = _checked(folder, encoder)
    assert len(expected) >= 2
    assert all(line in one.text for line in expected for one in told)
    assert "半分" in await _asked(bot, QUESTION)
    assert not bot.replies(EDITOR)


async def test_a_mistake_is_told_once_and_its_end_too(bot: BotApi, reloader: Reloader, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    await bot.reply(0, ADMIN)
    editing.replace(folder / "signboard.yaml", "お貸しします", "低利でお貸しします")  # saved beside it: the same mistake
    assert await reloader.reload() in {"refused", "same"}

    editing.replace(folder / "lantern.yaml", *MENDED)
    mended = await bot.reply(1, ADMIN)

    assert mended.text.startswith(phrases.MENDED)
    await bot.confirmed()
    assert len(bot.replies(ADMIN)) == 2


async def test_another_mistake_is_told_anew(bot: BotApi, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    assert "sumary" in (await bot.reply(0, ADMIN)).text

    editing.replace(folder / "lantern.yaml", "    sumary: ", "    sumaly: ")

    assert "sumaly" in (await bot.reply(1, ADMIN)).text


async def test_a_mistake_made_again_after_a_restart_is_told_again(
    library: Library, store: Store, api: BotApi, folder: Path, encoder: Encoder
) -> None:
    async with serving(api, Worker(library, store, Metrics()), configured(api, admin_ids=(ADMIN,))):
        async with following(library, store):
            editing.replace(folder / "lantern.yaml", *MISTAKE)
            first = await api.reply(0, ADMIN)
        editing.replace(folder / "lantern.yaml", *MENDED)  # nobody follows now

        async with following(Library(folder, encoder, None), store):
            assert (await api.reply(1, ADMIN)).text.startswith(phrases.MENDED)
            editing.replace(folder / "lantern.yaml", *MISTAKE)

            assert (await api.reply(2, ADMIN)).text == first.text


async def test_a_start_with_a_valid_knowledge_base_is_no_news(bot: BotApi, reloader: Reloader) -> None:
    assert await reloader.reload() == "same"

    await bot.confirmed()
    assert not bot.replies(ADMIN)


async def test_everybody_may_ask_for_the_version(bot: BotApi, library: Library) -> None:
    told = await _asked(bot, "/version")

    assert library.kb.version in told
    assert "2項目" in told


async def test_only_admins_read_with_the_version_why_a_newer_one_is_not_used(bot: BotApi, library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    await until(lambda: bool(library.edition.problems))

    assert "sumary" not in await _asked(bot, "/version")
    await bot.reply(0, ADMIN)
    assert "sumary" in await _asked(bot, "/version", ADMIN)


async def test_an_admin_reloads(bot: BotApi, library: Library, folder: Path) -> None:
    assert (await _asked(bot, "/reload", SECOND_ADMIN)).startswith(phrases.NOT_CHANGED)
    editing.replace(folder / "lantern.yaml", "半分", "三分の二")

    told = await _asked(bot, "/reload", SECOND_ADMIN)

    assert library.kb.version in told
    assert "三分の二" in await _asked(bot, QUESTION)


async def test_a_reload_that_is_refused_says_why_once(bot: BotApi, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    bot.says("/reload", ADMIN)
    first = [await bot.reply(number, ADMIN) for number in (0, 1)]

    again = await _asked(bot, "/reload", ADMIN)

    assert sum("sumary" in one.text for one in first) == 1
    assert "sumary" in again


@pytest.mark.parametrize("who", [USER, EDITOR])
async def test_others_cannot_reload(bot: BotApi, who: int) -> None:
    assert phrases.UNKNOWN_COMMAND[0] in await _asked(bot, "/reload", who)


async def test_a_folder_that_takes_the_others_place_is_followed(
    bot: BotApi, library: Library, folder: Path, tmp_path: Path
) -> None:
    new = editing.small(_made(tmp_path / "new"))
    editing.replace(new / "lantern.yaml", "半分", "三分の二")
    editing.move(folder, tmp_path / "old")
    editing.move(new, folder)
    await until(lambda: "三分の二" in library.kb.content.entries["lantern"].summary)

    editing.replace(folder / "lantern.yaml", "三分の二", "全額")

    await until(lambda: "全額" in library.kb.content.entries["lantern"].summary)
    assert "全額" in await _asked(bot, QUESTION)


async def test_a_folder_that_is_deleted_and_made_again_is_followed(library: Library, reloader: Reloader, folder: Path) -> None:
    for share in ("三分の二", "全額"):  # file systems give a new folder the number of one that was deleted
        shutil.rmtree(folder)
        editing.replace(editing.small(folder.parent) / "lantern.yaml", "半分", share)
        await until(lambda share=share: share in library.kb.content.entries["lantern"].summary)  # type: ignore[misc]

        editing.replace(folder / "lantern.yaml", share, "四分の三")
        await until(lambda: "四分の三" in library.kb.content.entries["lantern"].summary)


async def test_a_link_that_points_elsewhere_is_followed(store: Store, tmp_path: Path, encoder: Encoder) -> None:
    old, new = (editing.small(_made(tmp_path / name)) for name in ("one", "two"))
    editing.replace(new / "lantern.yaml", "半分", "三分の二")
    link = tmp_path / "current"
    link.symlink_to(old)
    library = Library(link, encoder, None)
    async with following(library, store):
        (tmp_path / "next").symlink_to(new)
        (tmp_path / "next").rename(link)

        await until(lambda: "三分の二" in library.kb.content.entries["lantern"].summary)


async def test_a_folder_that_goes_away_is_told_and_comes_back(bot: BotApi, folder: Path) -> None:
    away = editing.move(folder, folder.with_name("away"))
    told = await bot.reply(0, ADMIN)
    assert str(folder) in told.text
    assert "半分" in await _asked(bot, QUESTION)

    editing.move(away, folder)

    assert (await bot.reply(1, ADMIN)).text.startswith(phrases.MENDED)


async def test_a_deleted_file_is_no_longer_answered_from(bot: BotApi, library: Library, folder: Path) -> None:
    editing.replace(folder / "lantern.yaml", "    related: [signboard]\n", "")
    (folder / "signboard.yaml").unlink()
    await until(lambda: library.kb.entry("signboard") is None)

    assert "お貸しします" not in await _asked(bot, "看板づくり融資")


async def test_two_processes_on_one_database_follow_and_tell_once(
    api: BotApi, postgres: Postgres, folder: Path, encoder: Encoder
) -> None:
    url = postgres.new_database()
    libraries = [Library(folder, encoder, None) for _ in range(2)]
    async with AsyncExitStack() as stack:
        stores = []
        for library in libraries:
            store = await Store.open(url)
            stack.push_async_callback(store.close)
            await stack.enter_async_context(following(library, store))
            stores.append(store)
        settings = configured(api, admin_ids=(ADMIN,))
        await stack.enter_async_context(serving(api, Worker(libraries[0], stores[0], Metrics()), settings))

        editing.replace(folder / "lantern.yaml", "半分", "三分の二")
        await until(lambda: all("三分の二" in one.kb.content.entries["lantern"].summary for one in libraries))
        editing.replace(folder / "lantern.yaml", *MISTAKE)
        await until(lambda: all(one.edition.problems for one in libraries))
        editing.replace(folder / "lantern.yaml", *MENDED)
        await until(lambda: not any(one.edition.problems for one in libraries))

        mended = await api.reply(1, ADMIN)

        assert mended.text.startswith(phrases.MENDED)
        await api.confirmed()
        assert len(api.replies(ADMIN)) == 2


async def test_what_one_process_found_the_other_looks_at_too(postgres: Postgres, tmp_path: Path, encoder: Encoder) -> None:
    """Where nobody tells of changes, as on a network drive, word from another process comes sooner than the next look."""
    url = postgres.new_database()
    here, there = await Store.open(url), await Store.open(url)
    folder = editing.small(tmp_path)
    library = Library(folder, encoder, None)
    heard = there.signals.subscribe("knowledge")
    listening = asyncio.create_task(there.signals.listen())
    async with asyncio.timeout(30):
        await heard.wait()  # as it does whenever it begins to listen
    heard.clear()
    editing.replace(folder / "lantern.yaml", "半分", "三分の二")

    await Reloader(library, here, Metrics(), Roles(here.members, ())).reload()

    async with asyncio.timeout(30):
        await heard.wait()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await here.close()
    await there.close()


async def test_the_web_chat_answers_from_the_new_one_and_tells_the_version(
    library: Library, store: Store, reloader: Reloader, folder: Path
) -> None:
    routes = chat_routes(Worker(library, store, Metrics()), Sessions("of the tests"), Rate.per_minute(30, burst=20), reloader)
    transport = httpx.ASGITransport(make_app(routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as browser:
        before = await browser.post("/turns", json={"text": QUESTION})
        editing.replace(folder / "lantern.yaml", "半分", "三分の二")
        await until(lambda: "三分の二" in library.kb.content.entries["lantern"].summary)

        after = await browser.post("/turns", json={"text": QUESTION})
        version = await browser.post("/turns", json={"text": "/version"})
        reload = await browser.post("/turns", json={"text": "/reload"})

    assert "半分" in before.text
    assert "三分の二" in after.text
    assert library.kb.version in version.text
    assert phrases.UNKNOWN_COMMAND[0] in reload.text


async def test_metrics_count_what_came_of_edits(library: Library, store: Store, folder: Path) -> None:
    metrics = Metrics()
    reloader = Reloader(library, store, metrics, Roles(store.members, ()))
    editing.replace(folder / "lantern.yaml", *MISTAKE)
    await reloader.reload()
    broken = metrics.render().decode()
    editing.replace(folder / "lantern.yaml", "    sumary: 商店街の", "    summary: 町の")
    await reloader.reload()
    mended = metrics.render().decode()

    assert "michishirube_knowledge_problems 2.0" in broken
    assert 'michishirube_knowledge_loads_total{result="refused"} 1.0' in broken
    assert "michishirube_knowledge_problems 0.0" in mended
    assert 'michishirube_knowledge_loads_total{result="loaded"} 1.0' in mended


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
