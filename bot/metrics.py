"""Prometheus metrics of one process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """All metrics, in a registry of their own so that tests can have many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turn_seconds = Histogram(
            "michishirube_turn_seconds",
            "Time the core takes for a turn",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1),
            registry=self.registry,
        )
        self.outcomes = Counter("michishirube_outcomes", "Questions by outcome", ["kind"], registry=self.registry)
        self.updates = Counter("michishirube_updates", "Telegram updates by kind", ["kind"], registry=self.registry)
        self.sends = Counter("michishirube_sends", "Calls to the Bot API by result", ["result"], registry=self.registry)
        self.failures = Counter("michishirube_failures", "Turns that failed", registry=self.registry)

    def render(self) -> bytes:
        """The text that ``/metrics`` serves."""
        return generate_latest(self.registry)
