"""Which desk: the guarantee corporation's branch by ward, and other desks by subject.

Rule: guide of the Tokyo guarantee corporation, 2024-03: corporations by the registered head office, sole proprietors by
the registered residence.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.catalog import common, results
from bot.dialogs.declaration import Case, Dialog, Option, Result, Slot
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
_TOPIC = Slot(
    id="topic",
    label="相談の内容",
    kind="choice",
    question="どんなご相談ですか。",
    why="内容によって、ほかの窓口のほうが早いことがあるためです。",
    hint="「保証」「海外」「創業」のように送ってください。",
    options=(
        Option("guarantee", "信用保証", r"信用保証|保証(?:の|を|に)(?:相談|申)"),
        Option("overseas", "海外展開", r"海外|輸出"),
        Option("tokyo-loan", "都の制度融資", r"制度融資|あっせん|利子補給"),
        Option("starting", "創業", r"創業|開業|起業"),
        Option("succession", "事業承継", r"事業承継|後継"),
        Option("turnaround", "経営改善", r"経営改善|再生|返済が(?:苦|きつ|厳)"),
        Option("jfc", "公庫の融資", r"公庫"),
        Option("mutual-aid", "共済", r"共済"),
    ),
    optional=True,
)
_WARD = replace(
    common.MUNICIPALITY,
    question="担当支店は、法人は登記上の本店所在地、個人事業主は住民登録地の区市町村で決まります。区市町村名か郵便番号を送ってください。",
    matters="",
)


def _conclude(case: Case) -> Result:
    kb, answers = case.kb, case.answers
    municipality = kb.municipality(str(answers["municipality"]))
    branch = kb.branch(municipality) if municipality is not None else None
    blocks = []
    if municipality is not None and branch is not None and branch.desk is not None:
        desk = branch.desk
        blocks.append(Block("title", (f"{municipality.name}の担当は、東京信用保証協会 {branch.name}です。",)))
        phones = "、".join(str(line) for line in desk.phones)
        blocks.append(Block("facts", (f"▪ TEL {phones}", f"▪ FAX {desk.fax}", f"▪ 〒{desk.postcode} {desk.address}")))
    rule = {
        "sole": "個人事業主の方は、住民登録の場所で担当支店が決まります。",
        "corporation": "法人の方は、登記上の本店の場所で担当支店が決まります。",
    }.get(str(answers.get("entity", "")), "法人は登記上の本店、個人事業主は住民登録の場所で担当支店が決まります。")
    blocks.append(Block("note", (rule,)))
    others = _DESKS.get(str(answers.get("topic", "")), ())
    if others:
        blocks.append(results.desk(kb, answers, others, branch=False))
    blocks.append(results.sources(kb, ("tanto-branch", *others)))
    return Result(tuple(blocks), results.entry_buttons(kb, ("soudan-mochimono", *others[:3])))


DIALOG = Dialog(
    id="branch",
    title="窓口の案内",
    command="desk",
    opens=(r"(?:窓口|支店|相談先)(?:を|の)(?:診断|案内して|一緒に探|探して)",),
    slots=(common.told_only(common.ENTITY), _TOPIC, _WARD),
    conclude=_conclude,
    result_words=r"どこ(?:ですか|になりますか|に行けば)|電話",
    intro="担当の窓口をお調べします。",
)
