"""Whatever is sent, the bot handles it: no exception, no answer of 500 and up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.knowledge.base import KnowledgeBase
from tests.fuzz.inputs import requests, updates
from tests.fuzz.running import Target, target

Running = tuple[asyncio.Runner, Target]

few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def running(kb: KnowledgeBase, database_url: str) -> Iterator[Running]:
    with target(kb, database_url) as pair:
        yield pair


@few
@given(update=updates())
def test_any_update_is_handled(running: Running, update: object) -> None:
    runner, bot = running

    runner.run(bot.update(update))


@few
@given(request=requests())
def test_any_request_is_answered(running: Running, request: dict[str, Any]) -> None:
    runner, bot = running

    assert runner.run(bot.request(request)) < 500
