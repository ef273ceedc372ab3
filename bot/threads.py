"""Work that computes for a while, beside the event loop, which must answer everybody else meanwhile."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_SIDE_BY_SIDE = 2
"""Turns that are computed at once. One interpreter computes no faster with more; two let a short one pass a long one."""

_SWITCH_SECONDS = 0.0005
"""How long the event loop waits for the interpreter while a thread computes, each of the many times that it needs it again."""

_threads = ThreadPoolExecutor(_SIDE_BY_SIDE, "step")
"""Of the whole process: what the tokenizer keeps for each thread is kept no more than twice."""


async def beside(work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
    """What ``work`` returns or raises. First come, first served; log lines name the request that they belong to."""
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: context.run(work, *args, **kwargs))


def share_fairly() -> None:
    """Let the event loop of this process have the interpreter soon whenever threads compute. For a process that serves."""
    sys.setswitchinterval(_SWITCH_SECONDS)
