"""How fast one session and one address may write on the web, in this process."""

from __future__ import annotations

from collections import OrderedDict

from bot.store.gates import Gate, Rate

_MOST_KEYS = 50_000
"""Keys remembered; the one seen longest ago goes first."""


class Limiter:
    """A gate for each key."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._gates: OrderedDict[str, Gate] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """0 when the event may pass, which it then has; otherwise the seconds until the next one may."""
        gate = self._gates.get(key, Gate())
        opens = gate.opens_at(self._rate)
        if opens > now:
            return opens - now
        self._gates[key] = gate.passed(self._rate, now)
        self._gates.move_to_end(key)
        if len(self._gates) > _MOST_KEYS:
            self._gates.popitem(last=False)
        return 0.0
