"""Whether one may use the guarantee: size by industry, excluded trades and circumstances, criterion by criterion.

Source: guide of the Tokyo guarantee corporation, 2024-03 (ご利用いただける中小企業の規模, ご利用になれない方).
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.catalog import common, results, sizes
from bot.dialogs.declaration import Answers, Case, Dialog, Option, Result, Slot
from bot.nlp.values.amounts import yen
from bot.talk.replies import Block

_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}

_FORM = Slot(
    id="form",
    label="法人の種類",
    kind="choice",
    question="NPO法人や組合などですか。ふつうの会社や個人事業なら「いいえ」と送ってください。",
    why="NPO法人は従業員数だけで判断し、宗教法人などは利用できないためです。",
    hint="「いいえ」「NPO法人です」のように送ってください。",
    options=(
        Option("npo", "NPO法人", r"npo|特定非営利"),
        Option("union", "組合", r"協同組合|企業組合|組合です"),
        Option("excluded", "宗教法人・一般社団法人・LLPなど", r"宗教法人|一般(?:社団|財団)法人|llp|有限責任事業組合|非営利団体"),
        Option("usual", "いいえ", r"(?:株式|合同|有限)会社", r"いいえ|ちがい|違い|普通|ふつう|会社|個人|ない"),
    ),
    applies=lambda answers: answers.get("entity") == "corporation",
    matters="NPO法人の場合は、従業員数だけで判断します",
    optional=True,
)


def _size_verdict(case: Case) -> str:
    """What industry, employees and capital say, before the circumstances are asked."""
    size = sizes.size_of(case.kb, case.answers)
    if size is None:
        return ""
    return _verdict(sizes.is_sme(size, case.answers), sizes.is_small(size, case.answers), barred=False, size=size)


_TROUBLES = Slot(
    id="circumstances",
    label="当てはまる事情",
    kind="choices",
    question="次のような事情はありますか。なければ「ない」と送ってください。",
    why="当てはまる事情があると、保証を利用できないためです。",
    hint="「ない」「借入れを延滞している」のように送ってください。",
    options=(
        Option(
            "none",
            "どれもない",
            r"(?:延滞|滞納|不渡り|事情)(?:は|も|など)?(?:ない|ありません|なし)|特に(?:ない|なし|ありません)|問題(?:は)?(?:ない|ありません)",
            r"^.{0,14}(?:ない|ありません|ございません|なし|いいえ|大丈夫)(?:です|よ|ね|と思います|かと)*[。!]*$|^(?:いいえ|なし|ない)[、。]",
        ),
        Option("arrears", "借入れの延滞がある", r"延滞(?!は?な|も?な|は?あり?ま)|返済が(?:遅れ|滞)|返せて(?:い)?ない"),
        Option("bounced", "不渡りを出した", r"不渡り(?!は?な|も?な)|取引停止処分"),
        Option("subrogated", "代位弁済の債務が残っている", r"代位弁済|求償"),
        Option("insolvency", "破産や再生などの手続き中", r"破産(?:手続|中|申)|民事再生|会社更生|法的整理|私的整理"),
        Option("antisocial", "反社会的勢力との関係がある", r"反社|暴力団"),
    ),
    matters="延滞や不渡りなどがあると、利用できません",
    before=_size_verdict,
)
_NOTE = (
    "従業員数には、役員と個人事業の家族従業員を入れません。パート・アルバイトは、経営に欠かせない人なら数えます。"
    "要件を満たしても、審査の結果で利用できないことがあります。"
)
_LODGING = "ホテルや民宿が「旅館業」と「宿泊業」のどちらに当たるかは、資料に記載がありません。担当支店で確かめてください。"
_EXCLUDING = {
    "arrears": "借入れに延滞などの債務不履行がないこと",
    "bounced": "取引停止処分を受けていないこと（原則、1回目の不渡りから6か月を経過していること）",
    "subrogated": "代位弁済による求償債務が残っていないこと",
    "insolvency": "法的整理や私的整理の最中でないこと（再生では例外があります）",
    "antisocial": "反社会的勢力と関係がないこと",
}


def _conclude(case: Case) -> Result:
    answers, kb = case.answers, case.kb
    size = sizes.size_of(kb, answers)
    lines = []
    sme = small = None
    if size is not None:
        sme, small = sizes.is_sme(size, answers), sizes.is_small(size, answers)
        capital, employees = answers.get("capital"), sizes.headcount(answers)
        if size.capital is not None:
            met = None if capital is None else int(str(capital)) <= size.capital
            said = f"（{'なし' if capital == 0 else yen(int(str(capital)))}）" if capital is not None else ""
            lines.append(f"{_MARKS[met]}：資本金{said}が{yen(size.capital)}以下")
        met = None if employees is None else employees <= size.employees
        lines.append(f"{_MARKS[met]}：従業員数{_counted(answers)}が{size.employees}人以下")
        if size.capital is not None:
            lines.append("※資本金と従業員数は、どちらか一方を満たせば中小企業です。")
        lines.append(f"{_MARKS[small]}：小規模企業者の人数（{size.industry.label}は{size.small}人以下）")
    form = answers.get("form")
    if form == "excluded":
        lines.append("× 満たさない：利用できる団体（宗教法人、NPO法人以外の非営利団体、LLPなどは利用できません）")
    circumstances = answers.get("circumstances")
    said_ones = circumstances if isinstance(circumstances, tuple) else ()
    lines += [f"× 満たさない：{text}" for one, text in _EXCLUDING.items() if one in said_ones]
    if not said_ones:
        lines.append("？ わからない：延滞、不渡り、代位弁済、法的整理などがないこと")
    elif said_ones == ("none",):
        lines.append("○ 満たす：延滞、不渡り、代位弁済、法的整理などがないこと")
    barred = form == "excluded" or any(one in said_ones for one in _EXCLUDING)
    notes = [_NOTE]
    if answers.get("part_timers") and answers.get("essential") is None:
        notes.append(f"パート・アルバイトの{answers['part_timers']}人は、数えずに判断しました。")
    if answers.get("industry") in ("lodging", "ryokan"):
        notes.append(_LODGING)
    blocks = [
        Block("title", (_verdict(sme, small, barred=barred, size=size),)),
        Block("facts", tuple(lines), "条件ごとの結果"),
        Block("note", tuple(notes)),
        results.desk(kb, answers),
        results.sources(kb, ("sme-size-table", "tgc-excluded")),
    ]
    return Result(tuple(blocks), results.entry_buttons(kb, ("sme-size-table", "juugyoin-kazoekata", "tgc-excluded")))


def _counted(answers: Answers) -> str:
    employees = sizes.headcount(answers)
    if employees is None:
        return ""
    regular = int(str(answers["employees"]))
    if employees == regular:
        return f"（{employees}人）"
    return f"（{regular}人とパート・アルバイト{employees - regular}人で{employees}人）"


def _verdict(sme: bool | None, small: bool | None, *, barred: bool, size: sizes.Size | None) -> str:
    if barred:
        return "うかがった事情では、いまは保証協会を利用できません。"
    if size is None:
        return "業種がわからないため、規模の条件はまだ判断できません。"
    if small:
        return f"小規模企業者に当たります（{size.industry.label}は従業員{size.small}人以下）。保証協会を利用できる規模です。"
    if sme:
        tail = (
            f"小規模企業者（{size.small}人以下）には当たりません。"
            if small is False
            else "小規模企業者かどうかは、従業員数で決まります。"
        )
        return f"保証協会を利用できる中小企業の規模です。{tail}"
    if sme is False:
        return "資本金も従業員数も基準を超えるため、中小企業の規模には当たりません。"
    return "中小企業の規模に当たるかどうかは、まだ判断できません。"


DIALOG = Dialog(
    id="eligible",
    title="利用できるかの確認",
    command="eligible",
    opens=(
        r"小規模(?:企業者|事業者)?(?:か(?:どうか)?|の(?:判定|枠)|に(?:入る|なる|当たる)か).{0,10}(?:$|見て|知りたい|判定|調べ|確認|おねがい|お願い)|規模の判定",
        r"(?:小規模企業者|小規模事業者|中小企業)(?:か(?:どうか)?|に(?:当|あ)た(?:る|り)|に該当)(?:.{0,12})(?:知りたい|判定|確認|診断|調べ|教えて|でしょうか|ますか)",
        r"(?:小規模企業者|小規模事業者|中小企業)の(?:判定|診断|確認)",
        r"(?:小規模企業者|小規模事業者|中小企業者?)(?:の(?:範囲|規模|基準|定義|要件))?(?:に|を)(?:入|当|あた|該当|な(?:る|り)|満た).{0,12}(?:見て|調べ|確認|判定|チェック)",
        r"(?:うち|当社|弊社|私|自分).{0,16}(?:保証協会|保証|制度融資).{0,6}(?:使えるか|利用できるか|対象か)(?:どうか)?(?:診断|判定|確認|調べ|見て)",
        r"(?:規模|対象|条件)(?:か|に(?:当|合|入)).{0,6}(?:確認|判定|知り|調べ)",
        r"^(?!.*(?:私募債|社債|責任共有)).*判定(?:を)?(?:お願い|して(?:ほしい|ください|$))",
        r"(?:利用|対象|該当|使える).{0,8}(?:判定して|診断して|チェックして|確認してほしい)",
    ),
    slots=(
        common.INDUSTRY,
        common.EMPLOYEES,
        common.PART_TIMERS,
        common.ESSENTIAL,
        replace(common.CAPITAL, applies=lambda answers: answers.get("form") != "npo"),
        common.told_only(common.ENTITY),
        _FORM,
        _TROUBLES,
        common.told_only(common.MUNICIPALITY),
    ),
    conclude=_conclude,
    result_words=r"小規模(?:企業者|事業者)?」?(?:って|な(?:の|ん)|の枠|と(?:いえ|言え|名乗))|(?:セーフ|アウト|ok|大丈夫)(?:です|でしょう|なの)?か|小規模(?:企業者|事業者)?(?:でしょう|に(?:入|あた|当|該当|な))|(?:規模|要件|条件|基準)(?:の(?:要件|条件|基準))?(?:は|を|に)?(?:満た|合|クリア|当て?は|入)|(?:入り|満たし|当てはまり)ます|(?:使え|利用でき|当たり|該当し|あたり)ます|小規模企業者(?:ですか|になりますか)",
    intro="保証協会を利用できる規模と条件を、1つずつ確かめます。",
    near=("sme-size-table", "shokibo-kigyosha", "tgc-excluded", "juugyoin-kazoekata"),
)
