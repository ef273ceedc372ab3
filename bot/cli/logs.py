"""What the operator reads: one JSON object a line, or plain lines on a terminal."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable

import structlog

_PERIOD = 60.0
"""Seconds."""

_MOST_ALIKE = 30
"""Lines that say the same, but for numbers and names, in a period."""

_MOST_KINDS = 1000


class Sparing(logging.Filter):
    """Lets so many lines that are alike pass in a period; the first of the next one says how many were left out.

    Whoever can make us write a line must not be able to fill the disk with it.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._lock = threading.Lock()
        self._ends = 0.0
        self._counts: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.name, (str(record.msg).splitlines() or [""])[0]
        with self._lock:
            now = self._now()
            left_out = 0
            if now >= self._ends:
                left_out = sum(max(0, count - _MOST_ALIKE) for count in self._counts.values())
                self._counts.clear()
                self._ends = now + _PERIOD
            if kind not in self._counts and len(self._counts) >= _MOST_KINDS:
                kind = "", ""
            self._counts[kind] = self._counts.get(kind, 0) + 1
            passes = self._counts[kind] <= _MOST_ALIKE
        if passes and left_out:
            record.msg = f"{record.msg} (before it {left_out} lines like others were left out)"
        return passes


def set_up() -> None:
    """Log to standard error from INFO on. Names the request where one is handled; never what anybody wrote."""
    first: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor]
    if sys.stderr.isatty():
        last = [structlog.dev.ConsoleRenderer()]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=first, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(Sparing())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
