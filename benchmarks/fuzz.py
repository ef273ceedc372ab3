"""Very many generated updates and requests: ``python -m benchmarks.fuzz [--examples N] [--database sqlite|postgresql]``.

Stops at the first that is not handled, and shows the smallest one that Hypothesis finds for it.
"""

from __future__ import annotations

import argparse
import collections
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from bot.knowledge.base import open_knowledge_base
from bot.nlp.encoder import UniversalSentenceEncoder
from tests import postgres
from tests.fuzz.inputs import requests, updates
from tests.fuzz.running import target


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000, help="of each kind")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    kb = open_knowledge_base(Path("knowledge_base"), UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    many = settings(max_examples=options.examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    statuses: collections.Counter[int] = collections.Counter()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        if options.database == "postgresql":
            url = stack.enter_context(postgres.running()).new_database()
        runner, bot = stack.enter_context(target(kb, url))

        @many
        @given(update=updates())
        def all_updates(update: object) -> None:
            statuses[0] += 1
            runner.run(bot.update(update))

        @many
        @given(request=requests())
        def all_requests(request: dict[str, Any]) -> None:
            status = runner.run(bot.request(request))
            statuses[status] += 1
            assert status < 500

        began = time.monotonic()
        all_updates()
        all_requests()
    print(f"{statuses.pop(0):,} updates handled")
    print(
        f"{statuses.total():,} requests answered: "
        + ", ".join(f"{status} {count:,}" for status, count in sorted(statuses.items()))
    )
    print(f"no exception, no status of 500 and up, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
