"""Prometheus metrics of one process."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.store.depths import Depths

_WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300)
"""Seconds."""


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
        self.retries = Counter("michishirube_retries", "Calls to the Bot API that are made again", registry=self.registry)
        self.handled = Counter("michishirube_handled", "Turns that were handled and kept", registry=self.registry)
        self.failures = Counter("michishirube_failures", "Turns that failed", registry=self.registry)
        self.throttled = Counter("michishirube_throttled", "Chats told that they write too fast", registry=self.registry)
        self.inbox_seconds = Histogram(
            "michishirube_inbox_seconds", "From an update's arrival until it is handled", buckets=_WAITS, registry=self.registry
        )
        self.outbox_seconds = Histogram(
            "michishirube_outbox_seconds", "From a reply's decision until it is sent", buckets=_WAITS, registry=self.registry
        )
        self.knowledge_loads = Counter(
            "michishirube_knowledge_loads", "Changed knowledge bases by what came of them", ["result"], registry=self.registry
        )
        self.knowledge_problems = Gauge(
            "michishirube_knowledge_problems", "Mistakes that keep a newer knowledge base from serving", registry=self.registry
        )
        self.depth = Gauge("michishirube_queue_depth", "Rows that wait", ["queue"], registry=self.registry)
        self.oldest = Gauge(
            "michishirube_queue_oldest_seconds", "Age of the oldest row that waits", ["queue"], registry=self.registry
        )
        self.set_aside = Gauge("michishirube_set_aside", "Updates that could not be handled", registry=self.registry)
        self.processes = Gauge("michishirube_processes", "Processes that work on this database", registry=self.registry)

    def observe(self, depths: Depths, alive: int, now: datetime) -> None:
        """Set the gauges from what the database says."""
        for queue, count, oldest in (
            ("inbox", depths.inbox, depths.oldest_in),
            ("outbox", depths.outbox, depths.oldest_out),
        ):
            self.depth.labels(queue).set(count)
            self.oldest.labels(queue).set((now - oldest).total_seconds() if oldest else 0)
        self.set_aside.set(depths.set_aside)
        self.processes.set(alive)

    def render(self) -> bytes:
        """The text that ``/metrics`` serves."""
        return generate_latest(self.registry)
