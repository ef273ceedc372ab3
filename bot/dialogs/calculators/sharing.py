"""Whether a guarantee is an exception to responsibility sharing.

Source: guide of the Tokyo guarantee corporation, 2024-03 (責任共有制度の対象外となる保証). Which kinds are exceptions stands with the
dialog (``concludes``); the rates follow from the table.
"""

from __future__ import annotations

from bot.dialogs.calculators import results, texts
from bot.dialogs.calculators.fee import rates
from bot.dialogs.case import Case, Result
from bot.talk.replies import Block

_BUTTONS = ("sekinin-kyoyu", "sekinin-kyoyu-gai", "hoshoryo-rate-9")
_OUTSIDE = "sekinin-kyoyu-gai"


def conclude(case: Case) -> Result:
    """The rule for the kind of guarantee, with the span of the rates."""
    concluded = texts.conclusion(case)
    kinds: tuple[tuple[bool, str], ...] = ((True, "対象"), (False, "対象外"))
    if concluded is not None:
        kinds = tuple(one for one in kinds if one[0] == (_OUTSIDE not in concluded.entries))
    spans = {label: rates(case.kb, shared=shared).values() for shared, label in kinds}
    lines = tuple(f"・{label}の基本の料率：年{min(span)}～{max(span)}%" for label, span in spans.items())
    blocks = (
        Block("facts", lines),
        Block("note", ("制度によっては一律の料率です。対象外の保証は資料に「など」とあり、ほかにもあります。",)),
        results.desk(case.kb, case.answers),
        results.sources(case.kb, ("sekinin-kyoyu-gai", "hoshoryo-rate-9")),
    )
    head = (
        concluded.text
        if concluded is not None
        else "保証の種類がわかれば、対象か対象外かをお伝えできます。ふつうの保証は対象です。"
    )
    outcome = "unknown" if concluded is None else "outside" if _OUTSIDE in concluded.entries else "shared"
    return Result(head, blocks, buttons=results.entry_buttons(case.kb, _BUTTONS), useful=concluded is not None, outcome=outcome)
