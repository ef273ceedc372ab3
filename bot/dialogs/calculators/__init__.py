"""The calculators that dialogs in the knowledge base name: each makes a result of what is known so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialogs.calculators import bond, branch, documents, fee, kyosai, loan, plan, refund, roadmap, sharing, size, texts
from bot.dialogs.case import Case, Result

CALCULATORS: Mapping[str, Callable[[Case], Result]] = {
    "roadmap": roadmap.conclude,
    "loan": loan.conclude,
    "fee": fee.conclude,
    "size": size.conclude,
    "bond": bond.conclude,
    "kyosai": kyosai.conclude,
    "refund": refund.conclude,
    "sharing": sharing.conclude,
    "plan": plan.conclude,
    "documents": documents.conclude,
    "branch": branch.conclude,
    "texts": texts.conclude,
}
