"""What all tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.nlp.encoder import Encoder, UniversalSentenceEncoder
from bot.store.store import Store
from tests.postgres import Postgres, running

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder of all knowledge bases."""
    return UniversalSentenceEncoder()


@pytest.fixture(scope="session")
def kb(encoder: Encoder) -> KnowledgeBase:
    """The repository's own knowledge base."""
    return open_knowledge_base(ROOT / "knowledge_base", encoder, ROOT / "data/cache/vectors.npz")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of both kinds in turn."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/made/bot.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store over an empty SQLite file."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    yield opened
    await opened.close()
