"""What utterances are labelled with: acts, the tasks that they open, and the slots that they tell. The weights know these by place."""

from __future__ import annotations

from typing import Literal

Act = Literal[
    "begin",
    "inform",
    "correct",
    "ask",
    "result",
    "unknown",
    "refuse",
    "affirm",
    "deny",
    "cancel",
    "restart",
    "back",
    "review",
    "why",
    "clarify",
    "handover",
    "greet",
    "thank",
    "chat",
    "outside",
]
ACTS: tuple[Act, ...] = Act.__args__  # type: ignore[attr-defined]

TASKS = ("roadmap", "loan", "fee", "size", "bond", "kyosai", "sharing", "plan", "documents", "branch")

FAMILIAR = (
    "amount",
    "months",
    "fee_class",
    "repayment",
    "sharing",
    "capital",
    "employees",
    "industry",
    "municipality",
    "entity",
    "business_age",
    "purpose",
    "trouble",
    "collateral",
    "own_funds",
    "barriers",
    "country",
    "bases",
    "plan_ready",
    "needs",
    "topic",
)
"""Slots of which thousands of examples tell."""

RARE = ("premium", "paid_months", "loss", "net_assets", "equity", "multiple", "return", "coverage", "guarantee", "day", "which")
"""Slots of which hundreds tell: the words that staff gave them count too."""

SLOTS = (*FAMILIAR, *RARE)
