"""Whether a guarantee is an exception to responsibility sharing.

Source: guide of the Tokyo guarantee corporation, 2024-03 (責任共有制度の対象外となる保証).
"""

from __future__ import annotations

from bot.dialogs.catalog import results
from bot.dialogs.catalog.fee import rates
from bot.dialogs.declaration import Case, Dialog, Option, Result, Slot
from bot.talk.replies import Block

_OUTSIDE = {
    "sn-1-4-6": "経営安定関連保険（セーフティネット）1号～4号及び6号に係る保証",
    "starting": "創業関連保険に係る保証",
    "disaster": "災害関係保険に係る保証",
    "crisis": "危機関連保証",
    "small": "小口零細企業保証制度",
    "special-small": "特別小口保険に係る保証",
    "release": "求償権消滅保証",
    "failed-bank": "破綻金融機関等関連特別保証（中堅企業特別保証）",
    "quake": "東日本大震災復興緊急保険に係る保証",
}
_GUARANTEE = Slot(
    id="guarantee",
    label="保証の種類",
    kind="choice",
    question="どの保証ですか。",
    why="責任共有の対象から外れる保証が、決まっているためです。",
    hint="「セーフティネット5号」「創業」「小口零細」のように送ってください。",
    options=(
        Option("sn-5-7-8", "セーフティネット5号・7号・8号", r"(?:5|7|8|五|七|八)号"),
        Option("sn-1-4-6", "セーフティネット1～4号・6号", r"(?:1|2|3|4|6|一|二|三|四|六)号"),
        Option("starting", "創業関連", r"創業"),
        Option("small", "小口零細企業保証", r"小口零細"),
        Option("special-small", "特別小口", r"特別小口"),
        Option("disaster", "災害関係", r"災害"),
        Option("crisis", "危機関連保証", r"危機"),
        Option("release", "求償権消滅保証", r"求償権", shown=False),
        Option("failed-bank", "破綻金融機関等関連特別保証", r"破綻", shown=False),
        Option("quake", "東日本大震災復興緊急", r"震災", shown=False),
        Option(
            "other", "そのほか（一般の保証など）", r"一般(?:の)?保証|普通保証|abl|私募債|当座貸越", r"その(?:他|ほか)|ほか|他"
        ),
    ),
)


def _conclude(case: Case) -> Result:
    outside = str(case.answers["guarantee"]) in _OUTSIDE
    percent = rates(case.kb, shared=not outside).values()
    span = f"年{min(percent)}～{max(percent)}%"
    chosen = str(case.answers["guarantee"])
    if outside:
        head = f"責任共有制度の対象外です（{_OUTSIDE[chosen]}）。"
        rate = f"基本の料率は、責任共有外保証料率（{span}）です。制度によっては一律の料率です。"
    else:
        head = "原則として、責任共有制度の対象です。"
        rate = f"基本の料率は、責任共有保証料率（{span}）です。対象外の保証は資料に「など」とあり、ほかにもあります。"
    blocks = (
        Block("title", (head,)),
        Block("text", (rate,)),
        results.desk(case.kb, case.answers),
        results.sources(case.kb, ("sekinin-kyoyu-gai", "hoshoryo-rate-9")),
    )
    return Result(blocks, results.entry_buttons(case.kb, ("sekinin-kyoyu", "sekinin-kyoyu-gai", "hoshoryo-rate-9")))


DIALOG = Dialog(
    id="sharing",
    title="責任共有の対象かの確認",
    command="sharing",
    opens=(r"責任共有.{0,14}(?:判定|診断|確認したい|チェック|対象か(?:どうか)?(?:知りたい|調べ|教えて|確認))",),
    slots=(_GUARANTEE,),
    conclude=_conclude,
    result_words=r"対象(?:ですか|になりますか|外ですか)",
    intro="責任共有制度の対象かどうかを確かめます。",
    near=("sekinin-kyoyu", "sekinin-kyoyu-gai"),
)
