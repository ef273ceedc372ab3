"""How many files and connections this process may have open at once."""

from __future__ import annotations

import resource

_WANTED = 8192
_RESERVED = 160
"""For the database, the calls to Telegram, the log, the knowledge base, and connections that are taken in and about to be closed."""

_FEWEST, _MOST = 16, 1000


def raise_limit() -> int:
    """Allow as many as the system grants, within reason; returns how many those are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return wanted if soft == resource.RLIM_INFINITY else soft


def connections(allowed: int, listeners: int) -> int:
    """How many connections each of the addresses that are listened on may have, when so many descriptors are allowed.

    >>> connections(256, listeners=2), connections(8192, listeners=1)
    (48, 1000)
    """
    return min(_MOST, max(_FEWEST, (allowed - _RESERVED) // listeners))
