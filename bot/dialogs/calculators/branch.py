"""Which desk: the guarantee corporation's branch by ward, and other desks by subject.

Rule: guide of the Tokyo guarantee corporation, 2024-03: corporations by the registered head office, sole proprietors by
the registered residence.
"""

from __future__ import annotations

from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.talk.replies import Block

_DESKS = {
    "overseas": ("contact-jetro-tokyo", "contact-smrj-overseas", "contact-kosha-overseas", "tgc-overseas-desk"),
    "tokyo-loan": ("contact-tokyo-kinyuka", "ward-office"),
    "jfc": ("contact-jfc-dial",),
    "succession": ("jigyo-shokei-desk",),
    "starting": ("sogyo-assist-plaza",),
    "turnaround": ("branch-keiei-shien",),
    "mutual-aid": ("contact-smrj-kyosai",),
}
_RULES = {
    "sole": "個人事業主の方は、住民登録の場所で担当支店が決まります。",
    "corporation": "法人の方は、登記上の本店の場所で担当支店が決まります。",
}
_RULE = "※法人は登記上の本店所在地、個人事業主は住民登録地で担当支店が決まります。"


def conclude(case: Case) -> Result:
    """The branch with its telephone, fax and address, and the desks for the subject."""
    kb, answers = case.kb, case.answers
    municipality = kb.municipality(str(answers.get("municipality", "")))
    branch = kb.branch(municipality) if municipality is not None else None
    others = _DESKS.get(str(answers.get("subject", "")), ())
    rule = Block("note", (_RULES.get(str(answers.get("entity", "")), _RULE),))
    desks = (results.desk(kb, answers, others, branch=False),) if others else ()
    cited = results.sources(kb, ("tanto-branch", *others))
    buttons = results.entry_buttons(kb, ("soudan-mochimono", *others[:3]))
    if municipality is None or branch is None or branch.desk is None:
        head = "担当の窓口は、次のとおりです。" if others else "担当支店は、区市町村で決まります。"
        return Result(head, (*desks, rule, cited), buttons=buttons, useful=bool(others), outcome="unknown")
    phones = "、".join(str(line) for line in branch.desk.phones)
    facts = (f"▪ TEL {phones}", f"▪ FAX {branch.desk.fax}", f"▪ 〒{branch.desk.postcode} {branch.desk.address}")
    head = f"{municipality.name}の担当は、東京信用保証協会 {branch.name}です。"
    return Result(head, (Block("facts", facts), rule, *desks, cited), buttons=buttons, outcome=branch.id, focus=branch.id)
