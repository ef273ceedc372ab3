"""Which loans and guarantees fit, and why. The criteria are in ``knowledge_base/rules/loans.yaml``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.advisor.replies import Block
from bot.dialogs.catalog import common, results, sizes
from bot.dialogs.catalog.fee import AMOUNT
from bot.dialogs.declaration import Answers, Case, Dialog, Option, Result, Slot
from bot.dialogs.rules import Verdict, judge
from bot.knowledge.entries import Entry
from bot.knowledge.rules import Criterion, LoanMatch

_MOST_FITTING = 5
_MOST_UNFIT = 4
_YOUNG_MONTHS = 60
_WEIGHTS = {"trouble": 3, "purpose": 2, "collateral": 2}
"""How much a met criterion says about what the user is looking for; others count 1."""

_PURPOSE = Slot(
    id="purpose",
    label="資金の使いみち",
    kind="choices",
    question="何に使うお金ですか。",
    why="使いみちによって、使える制度が違うためです。",
    hint="「仕入れ」「機械を買う」「店の改装」のように送ってください。",
    options=(
        Option(
            "working",
            "運転資金（仕入れ・人件費など）",
            r"運転資金|仕入|人件費|家賃|給料|給与|つなぎ|資金繰り|支払いに|当面の|材料費|外注費|広告費",
        ),
        Option(
            "equipment",
            "設備資金（機械・改装など）",
            r"設備|機械|内装|改装|工場.{0,4}(?:建|新設|移転)|車(?:両)?を買|トラックを買|導入|厨房|什器|移転",
        ),
        Option("overseas", "海外展開", r"海外|輸出|国外"),
        Option("conversion", "事業や業態の転換", r"(?:事業|業態)転換|多角化|商売替え|新(?:しい)?分野|新規事業"),
        Option("environment", "公害防止・環境の設備", r"公害|低公害|大気汚染|水質|アスベスト|産業廃棄物", shown=False),
        Option("bond", "私募債の発行", r"私募債|社債", shown=False),
        Option(
            "revolving", "必要なときに借りて返す", r"当座貸越|カードローン|必要なときに(?:だけ)?借り|いつでも借り", shown=False
        ),
        Option("capital", "財務を強くする", r"資本性|自己資本を(?:増|厚)|債務超過", shown=False),
    ),
    matters="使いみちがわかると、設備資金や海外展開などの専用の制度もお選びできます",
)


def _in_business(answers: Answers) -> bool:
    """Whether the trouble told is one that only a running business has."""
    trouble = answers.get("trouble")
    return isinstance(trouble, tuple) and bool({"sales-down", "prices", "bankruptcy"} & set(trouble))


_AGE = Slot(
    id="age",
    label="事業の年数",
    kind="choice",
    question="事業を始めてどれくらいですか。",
    why="これから創業する方と、すでに事業をしている方では、使える制度が違うためです。",
    hint="「これから創業」「3年目」のように送ってください。",
    options=(
        Option(
            "before",
            "これから創業",
            r"これから(?:創業|開業|起業|独立|始め|店を|会社を)|(?:創業|開業|起業|独立)(?:し|を)?(?:たい|予定|する(?:予定|つもり)|します|準備|前|を考え|の準備)|(?:店|会社|事業|商売|喫茶店|カフェ|屋|室|店舗)を(?:始め|出し|開き|開く|開業|立ち上げ)(?:たい|ます|る予定|ようと)|脱サラ|創業資金|開業資金",
            r"これから|まだ|創業前|開業前",
        ),
        Option(
            "young",
            "創業して5年未満",
            r"創業(?:した)?(?:ばかり|直後|間もな)|開業(?:した)?(?:ばかり|直後|間もな)|始めたばかり|去年(?:創業|開業|始め)|今年(?:創業|開業|始め)",
        ),
        Option("established", "5年以上", r"長年|老舗|代々|創業以来"),
    ),
    applies=lambda answers: "business_months" not in answers and ("age" in answers or not _in_business(answers)),
    matters="創業向けの制度が使えるかどうかが決まります",
    shared=True,
)
_MONTHS = Slot(
    id="business_months",
    label="事業の年数",
    kind="months",
    question="事業を始めて何年ですか。",
    why=_AGE.why,
    hint="「3年」「半年」のように送ってください。",
    near=r"創業|開業|設立|起業|営業し|営んで|始めて|やって(?:い)?|続けて|経営し|業歴|商売",
    optional=True,
    shared=True,
)
_TROUBLE = Slot(
    id="trouble",
    label="お困りごと",
    kind="choices",
    question="いま、経営でお困りのことはありますか。なければ「特にない」と送ってください。",
    why="売上の減少や値上がり、取引先の倒産などには、専用の制度があるためです。",
    hint="「売上が減った」「電気代が上がった」「取引先が倒産した」のように送ってください。",
    options=(
        Option(
            "bankruptcy",
            "取引先が倒産した",
            r"(?:取引先|得意先|元請|お客|客先|販売先|仕入先|関連企業|親会社).{0,12}(?:倒産|つぶれ|潰れ|破産|飛ん|夜逃げ|民事再生)|売掛(?:金)?.{0,8}(?:回収でき|焦げ|入らな|入って(?:こ|き)|もらえ)|連鎖倒産|貸し?倒れ|焦げ付",
        ),
        Option(
            "prices",
            "原材料や光熱費が上がった",
            r"原材料|材料費|電気代|光熱費|燃料|ガソリン|エネルギー|物価|円安|(?:仕入れ?|コスト)(?:値|価格|代|原価)?.{0,6}(?:上が|高|増)|値上が|高騰|ウクライナ",
        ),
        Option(
            "sales-down",
            "売上や利益が減った",
            r"売(?:り)?上げ?.{0,10}(?:減|落ち|下が|半分|少な|低迷|激減|ない)|利益.{0,6}(?:減|落ち|出な|少な)|客(?:足)?.{0,6}(?:減|来な|遠の)|赤字",
        ),
        Option("disaster", "災害にあった", r"災害|地震|台風|水害|火事|火災|浸水|豪雨|被災"),
        Option("bank-failure", "取引銀行が破綻した", r"(?:銀行|信金|金融機関).{0,8}(?:破綻|つぶれ|潰れ)", shown=False),
        Option(
            "bank",
            "銀行に断られた・減額された",
            r"(?:銀行|信金|金融機関).{0,14}(?:貸し渋|追加担保|返済を求|減らされ|断られ|貸してくれ|引き揚げ)|貸し剥|貸しはが",
        ),
        Option(
            "closed-before",
            "廃業した経験がある",
            r"廃業.{0,10}(?:した|経験|して)|(?:一度|以前|前に).{0,10}(?:つぶし|潰し|廃業|失敗)|再起業|再チャレンジ|再挑戦|もう一度(?:起業|創業|商売)",
            shown=False,
        ),
        Option(
            "none",
            "特にない",
            r"困って(?:い)?(?:ない|ません)|順調|お困りごとは(?:ない|ありません)",
            r"特に|ない|なし|ありません|いいえ|大丈夫",
        ),
    ),
    matters="お困りごとに合う、別枠の保証や緊急の融資が見つかることがあります",
)
_COLLATERAL = Slot(
    id="collateral",
    label="担保・保証人",
    kind="choices",
    question="担保や保証人について、ご希望はありますか。",
    why="在庫や売掛債権を担保にできる保証や、経営者の保証が要らない融資があるためです。",
    hint="「担保なし」「経営者保証なしで借りたい」のように送ってください。",
    options=(
        Option("receivables", "売掛債権や在庫を担保に", r"(?:売掛|在庫|債権).{0,6}担保|abl"),
        Option(
            "no-guarantor",
            "経営者の保証を付けたくない",
            r"(?:経営者|個人|社長)?(?:の)?保証(?:人)?(?:を|は|が)?(?:付けたくな|つけたくな|なしで|不要|なし|いらな|無し)|無保証",
        ),
        Option("property", "不動産の担保がある", r"不動産.{0,4}担保|土地.{0,4}担保|担保(?:が)?あ"),
        Option("none", "希望はない", r"担保(?:は|も)?(?:ない|なし|ありません)|無担保", r"特に|ない|なし|ありません|いいえ"),
    ),
    optional=True,
)
_AMOUNT = replace(
    AMOUNT,
    label="借りたい額",
    question="いくらくらい必要ですか。",
    why="制度ごとに限度額があるためです。",
    matters="限度額に収まるかどうかを確かめられます",
)
_OWN = Slot(
    id="own_funds",
    label="自己資金",
    kind="yen",
    question="自己資金はいくらありますか。",
    why="創業の審査では、自己資金も見られるためです。",
    hint="「200万円」のように送ってください。",
    near=r"自己資金|頭金|貯金|手元|自前",
    optional=True,
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A program with its criteria judged."""

    match: LoanMatch
    entry: Entry
    judged: tuple[tuple[Criterion, Verdict], ...]

    @property
    def met(self) -> int:
        """What speaks for it: the criteria met that choose between programs, a trouble counting most."""
        return sum(_WEIGHTS.get(one.slot, 1) for one, verdict in self.judged if verdict == "met" and _tells(one))

    @property
    def fits(self) -> bool:
        """Nothing speaks against it, and something other than the amount and the age speaks for it."""
        return self.met > 0 and all(verdict != "not met" for _, verdict in self.judged)


def _tells(criterion: Criterion) -> bool:
    """Whether a criterion chooses between programs at all: being a company in business or a limit of millions does not."""
    return criterion.slot not in ("amount", "entity") and not (criterion.slot == "age" and "established" in criterion.values)


def fits(case: Case) -> list[Fit]:
    """Every program with its criteria judged, the most fitting first."""
    answers = _with_derived(case)
    found = [
        Fit(match, entry, tuple((one, judge(answers, one)) for one in match.criteria))
        for match in case.kb.content.rules.loan_matches
        if (entry := case.kb.entry(match.program)) is not None
    ]
    return sorted(found, key=lambda fit: (not fit.fits, -fit.met, sum(verdict == "unknown" for _, verdict in fit.judged)))


def _with_derived(case: Case) -> Answers:
    """The answers with what follows from them: age from years, whether it is a small enterprise."""
    derived = dict(case.answers)
    months = derived.get("business_months")
    if months is not None:
        derived["age"] = "young" if int(str(months)) < _YOUNG_MONTHS else "established"
    size = sizes.size_of(case.kb, derived)
    small = sizes.is_small(size, derived) if size is not None else None
    if small is not None:
        derived["small"] = "yes" if small else "no"
    if "age" not in derived and _in_business(derived):
        derived["age"] = "established"  # for the criteria: what matters to them is only that the business runs
    if "trouble" in derived and "purpose" not in derived and derived.get("age") != "before":
        derived["purpose"] = ("working",)
    return derived


def _conclude(case: Case) -> Result:
    kb = case.kb
    judged = fits(case)
    fitting = [fit for fit in judged if fit.fits][:_MOST_FITTING]
    unfit = [fit for fit in judged if any(verdict == "not met" for _, verdict in fit.judged) and fit.met][:_MOST_UNFIT]
    if not fitting:
        fallback = kb.entries(("tokyo-loan", "shinyo-hosho-seido"))
        lines = tuple(f"・{entry.name}：{entry.summary}" for entry in fallback)
        blocks = [
            Block("title", ("うかがった内容だけでは、専用の制度に絞れませんでした。",)),
            Block("facts", lines, "一般の制度"),
        ]
    else:
        others = f"など{len(fitting)}つ" if len(fitting) > 1 else ""
        blocks = [Block("title", (f"候補は「{fitting[0].entry.name}」{others}です。",))]
        blocks += [_described(fit) for fit in fitting]
    if unfit:
        blocks.append(Block("note", tuple(_reason(fit) for fit in unfit), "合わなかった制度"))
    top_up = next((one for one in kb.content.rules.ward_top_ups if one.ward == case.answers.get("municipality")), None)
    if top_up is not None:
        blocks.append(Block("text", (top_up.says,), f"{top_up.ward}の上乗せ"))
    blocks.append(
        Block("note", ("審査の結果、利用できないことがあります。都の制度融資は約1.5～3か月、公庫は約1か月かかります。",))
    )
    blocks.append(results.desk(kb, case.answers, ("contact-tokyo-kinyuka", "contact-jfc-dial")))
    ids = [fit.entry.id for fit in fitting]
    blocks.append(results.sources(kb, (*(ids or ("tokyo-loan",)), "loan-total-duration", *((top_up.entry,) if top_up else ()))))
    return Result(
        tuple(blocks), results.entry_buttons(kb, (*ids[:4], "jfc-vs-tokyo-table")), focus=ids[0] if ids else "tokyo-loan"
    )


def _described(fit: Fit) -> Block:
    """A fitting program: what speaks for it, what is still open, its limit and term."""
    marks = {"met": "○", "unknown": "？", "not met": "×"}
    lines = [f"{marks[verdict]} {criterion.says}" for criterion, verdict in fit.judged]
    for part, label in (("limit", "限度額"), ("term", "期間")):
        section = fit.entry.section(part)
        if section is not None:
            lines.append(f"{label}：" + "、".join(str(line) for line in section.lines[:2]))
    note = "" if fit.entry.status == "受付中" else "【要確認】"
    return Block("facts", tuple(lines), f"{fit.entry.name}（{fit.match.family}）{note}")


def _reason(fit: Fit) -> str:
    reasons = "、".join(criterion.says for criterion, verdict in fit.judged if verdict == "not met")
    return f"× {fit.entry.name}：「{reasons}」に当てはまりません"


DIALOG = Dialog(
    id="loan",
    title="融資・保証えらび",
    command="loan",
    opens=(
        r"(?:融資|借入|ローン|お金|資金|保証).{0,8}(?:を)?(?:探して|さがして|選んで|選びたい|えらび|おすすめ|を相談したい|の相談(?:が|を)?(?:した|お願))",
        r"(?:どんな|どの|何の|自分に|うちに|私に).{0,6}(?:融資|制度|借入|ローン|保証).{0,10}(?:合う|合い|合って|向い|使え(?:ますか|る(?:か|の|\?|$))|いい(?:か|です|の)|借りられ)",
        r"(?:合う|向いている|使える)(?:融資|保証|お金|制度)(?:メニュー|制度)?(?:を|は|って)?(?:教えて|診断|探し|選|ありますか|ある[?か]|ない[?かで])",
        r"(?:融資|借入|資金調達)の(?:診断|相談)(?:を|に)?(?:し|お願|して|乗|の)",
        r"融資.{0,12}どれ(?:が|を)(?:合|使|い|選)",
        r"^(?:すぐ(?:に)?|急ぎで)?(?:お?金|資金)(?:を|が)?(?:すぐ(?:に)?|急ぎで|急いで)?(?:借り|かり)たい",
    ),
    slots=(
        _MONTHS,
        _AGE,
        _PURPOSE,
        _TROUBLE,
        _AMOUNT,
        _OWN,
        common.INDUSTRY,
        common.EMPLOYEES,
        common.told_only(common.CAPITAL),
        _COLLATERAL,
        common.told_only(common.ENTITY),
        common.MUNICIPALITY,
    ),
    conclude=_conclude,
    result_words=r"合う(?:融資|制度|もの|保証)|どれ(?:が|を)(?:使|合|借|い)|借りられますか|おすすめ|使える(?:融資|制度|保証)",
    intro="合う融資や保証を、いくつかの質問で一緒に選びます。途中で「結果」と送ると、その時点の候補をお伝えします。",
    near=("tokyo-loan", "shinyo-hosho-seido", "jfc-vs-tokyo-table"),
)
