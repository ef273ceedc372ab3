"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.nlp.encoder import UniversalSentenceEncoder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The repository's own knowledge base."""
    return open_knowledge_base(ROOT / "knowledge_base", UniversalSentenceEncoder(), ROOT / "data/cache/vectors.npz")
