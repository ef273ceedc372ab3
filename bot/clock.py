"""A clock that never jumps."""

from __future__ import annotations

import time

_START = time.time() - time.monotonic()


def steady() -> float:
    """Seconds since 1970 as they were when the process started, counted on without jumps.

    Setting the machine's clock while the process runs changes nothing here, so that nothing waits for
    an hour that was turned back, or is sent too early.
    """
    return _START + time.monotonic()
