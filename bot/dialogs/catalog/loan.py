"""Which loans and guarantees fit, and why. The criteria are in ``knowledge_base/rules/loans.yaml``."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogs.catalog import common, results, sizes
from bot.dialogs.catalog import loan_slots as slots
from bot.dialogs.declaration import Answers, Case, Dialog, Result
from bot.dialogs.rules import Verdict, judge
from bot.knowledge.entries import Entry
from bot.knowledge.rules import Criterion, LoanMatch
from bot.talk.replies import Block

_MOST_FITTING = 5
_MOST_UNFIT = 4
_EXCLUDED = "tokyo-loan-excluded"
_YOUNG_MONTHS = 60
_WEIGHTS = {"trouble": 3, "purpose": 2, "collateral": 2}
"""How much a met criterion says about what the user is looking for; others count 1."""


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

    @property
    def is_for_trouble_untold(self) -> bool:
        """Made for a trouble that the user has not told of."""
        return any(one.slot == "trouble" and verdict == "unknown" for one, verdict in self.judged)


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
    return sorted(
        found,
        key=lambda fit: (
            not fit.fits,
            fit.is_for_trouble_untold,
            -fit.met,
            sum(verdict == "unknown" for _, verdict in fit.judged),
        ),
    )


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
    if "age" not in derived and slots.in_business(derived):
        derived["age"] = "established"  # for the criteria: what matters to them is only that the business runs
    if "trouble" in derived and "purpose" not in derived and derived.get("age") != "before":
        derived["purpose"] = ("working",)
    return derived


def _conclude(case: Case) -> Result:
    kb = case.kb
    judged = fits(case)
    fitting = [fit for fit in judged if fit.fits][:_MOST_FITTING]
    barred = slots.barred(kb, case.answers.get("barriers", ()))
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
    if barred:
        blocks = [Block("title", (barred,)), Block("text", ("解消したあとに考えられる制度は、次のとおりです。",)), *blocks[1:]]
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
    blocks.append(
        results.sources(
            kb,
            (
                *(ids or ("tokyo-loan",)),
                "loan-total-duration",
                *((top_up.entry,) if top_up else ()),
                *((_EXCLUDED,) if barred else ()),
            ),
        )
    )
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
        r"^(?:お?金|融資|借入れ?)の件(?:で|です)",
        r"(?:融資|借入|ローン|お金|資金|保証).{0,8}(?:を)?(?:探して|さがして|選んで|選びたい|えらび|おすすめ|を相談したい|の相談(?:が|を)?(?:した|お願))",
        r"(?:どんな|どの|何の|自分に|うちに|私に).{0,6}(?:融資|制度|借入|ローン|保証).{0,10}(?:合う|合い|合って|向い|使え(?:ますか|る(?:か|の|\?|$))|いい(?:か|です|の)|借りられ)",
        r"(?:合う|向いている|使える)(?:融資|保証|お金|制度)(?:メニュー|制度)?(?:を|は|って)?(?:教えて|診断|探し|選|ありますか|ある[?か]|ない[?かで])",
        r"(?:融資|借入|資金調達)の(?:診断|相談)(?:を|に)?(?:し|お願|して|乗|の)",
        r"融資.{0,12}どれ(?:が|を)(?:合|使|い|選)",
        r"^(?:すぐ(?:に)?|急ぎで)?(?:お?金|資金)(?:を|が)?(?:すぐ(?:に)?|急ぎで|急いで)?(?:借り|かり)たい",
    ),
    slots=(
        slots.MONTHS,
        slots.AGE,
        slots.PURPOSE,
        slots.TROUBLE,
        slots.WANTED,
        slots.OWN,
        common.INDUSTRY,
        common.EMPLOYEES,
        common.PART_TIMERS,
        common.ESSENTIAL,
        slots.BARRIERS,
        common.told_only(common.CAPITAL),
        slots.COLLATERAL,
        common.told_only(common.ENTITY),
        common.MUNICIPALITY,
    ),
    conclude=_conclude,
    result_words=r"どの(?:制度|融資|保証|メニュー)|(?:^|[。、])(?:で|それで|では|じゃあ)?[、 ]?(?:何|なに|どんな(?:もの|の|制度|融資))が(?:あ|使)|使えますか|合う(?:融資|制度|もの|保証)|どれ(?:が|を)(?:使|合|借|い)|借りられますか|おすすめ|使える(?:融資|制度|保証)",
    intro="合う融資や保証を、いくつかの質問で一緒に選びます。途中で「結果」と送ると、その時点の候補をお伝えします。",
    near=("tokyo-loan", "shinyo-hosho-seido", "jfc-vs-tokyo-table"),
)
