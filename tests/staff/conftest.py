"""The staff's pages, served: real server, real database file, somebody of each role who can log in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.channels.web.connections import Door
from bot.channels.web.serve import listen, serve
from bot.knowledge.files import knowledge_files
from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.reloading import Reloader
from bot.roles import Roles
from bot.staff.app import make_staff_app
from bot.staff.keeping import Keeper
from bot.staff.passwords import hash_of
from bot.staff.shell import COOKIE, Staff
from bot.store.members import Role
from bot.store.store import Store
from bot.worker import Worker
from tests import editing
from tests.staff.seeding import seed

PASSWORD = "three words and some"
HASH = hash_of(PASSWORD)
ADMIN, EDITOR, DESK, NOBODY = 10, 20, 30, 40
USERS: dict[Role, int] = {"admin": ADMIN, "editor": EDITOR, "desk": DESK}
_TOKEN = re.compile(r'name="form_token" value="(\w+)"')


@dataclass
class Browser:
    """A client that keeps cookies and sends forms with the token that the pages gave it."""

    http: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def post(self, path: str, fields: Mapping[str, str | Sequence[str]], **headers: str) -> httpx.Response:
        """Send a form from the page on which somebody like this is."""
        return await self.http.post(path, data={"form_token": await self.form_token(), **fields}, headers=headers)

    async def form_token(self) -> str:
        """What the pages give for forms."""
        page = await self.http.get("/login", follow_redirects=True)
        found = _TOKEN.search(page.text)
        assert found is not None
        return found[1]


class Clock:
    """What the pages take for the time."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Site:
    """The served pages."""

    address: str
    store: Store
    worker: Worker
    library: Library
    clock: Clock
    stack: AsyncExitStack

    @property
    def folder(self) -> Path:
        """The folder of the knowledge base."""
        return self.library.folder

    async def stranger(self) -> Browser:
        """A browser of somebody who is not logged in."""
        return Browser(await self.stack.enter_async_context(httpx.AsyncClient(base_url=self.address, timeout=60)))

    async def member(self, role: Role) -> Browser:
        """A browser of somebody who is logged in."""
        browser = await self.stranger()
        browser.http.cookies.set(COOKIE, await self.session(role))
        return browser

    async def session(self, role: Role) -> str:
        """The cookie of a new session."""
        return await self.store.logins.begin(f"telegram:{USERS[role]}", "", self.worker.now())


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A copy of the repository's knowledge base, loaded."""
    folder = tmp_path_factory.mktemp("staff")
    return Library(editing.copy(folder), UniversalSentenceEncoder(), editing.cache(folder))


@pytest.fixture(scope="session")
def two_entries(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A knowledge base of two entries, for what is tried many times and is alike whatever the entries say."""
    return Library(editing.small(tmp_path_factory.mktemp("few")), UniversalSentenceEncoder(), None)


@pytest.fixture
def library(copied: Library) -> Iterator[Library]:
    """The same for every test: what one changes is taken back."""
    with unchanged(copied):
        yield copied


@contextmanager
def unchanged(library: Library) -> Iterator[None]:
    """Afterwards files and what serves are as before, without loading them again."""
    before = {file: file.read_bytes() for file in knowledge_files(library.folder)}
    serving = dict(vars(library))
    yield
    for file, content in before.items():
        if file.read_bytes() != content:
            file.write_bytes(content)
    vars(library).update(serving)


@asynccontextmanager
async def serving_pages(worker: Worker, library: Library, clock: Clock) -> AsyncIterator[Site]:
    """The pages, with an editor and a member of the desk on the list."""
    store = worker.store
    await store.members.appoint(EDITOR, "editor", "test")
    await store.members.appoint(DESK, "desk", "test")
    roles = Roles(store.members, [ADMIN])
    keeper = Keeper(library, Reloader(library, store, worker.metrics, roles))
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(listen("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = make_staff_app(Staff(worker, keeper, roles, HASH, f"{address}/", worker.now()))
        serving = asyncio.create_task(serve(app, listening, stop, Door(100)))
        yield Site(address, store, worker, library, clock, stack)
        stop.set()
        await serving


@pytest.fixture
async def site(library: Library, store: Store) -> AsyncIterator[Site]:
    """The pages while a test runs."""
    clock = Clock()
    async with serving_pages(Worker(library, store, Metrics(), clock), library, clock) as served:
        yield served


@pytest.fixture
async def used(site: Site) -> Site:
    """The pages after a month of use."""
    await seed(site.store, site.worker.now())
    return site
