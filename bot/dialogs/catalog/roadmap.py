"""The overseas roadmap: which of the four stages, what next, with which help.

The stages are those of the SME Agency's paper of 2016-12 (海外展開実現までのロードマップ, STEP 1 to 4). When which
stage applies is in ``knowledge_base/rules/roadmap.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs.catalog import common, results
from bot.dialogs.declaration import Answers, Case, Dialog, Option, Result, Slot
from bot.dialogs.rules import holds
from bot.knowledge.entries import Entry
from bot.knowledge.rules import StageRule
from bot.talk.replies import Block, Picture

STAGES = {1: "知る・調べる", 2: "計画する・準備する", 3: "海外に進出する", 4: "事業の安定・拡大"}
_MOST_PROGRAMS = 5
_THING = r"(?:拠点|工場|会社|支店|法人|店舗|店|子会社|事務所|オフィス|販社)"

_BASES = Slot(
    id="bases",
    label="海外の拠点",
    kind="choice",
    question="海外に拠点や販売会社、工場などはすでにありますか。",
    why="すでに海外で事業をしている方と、これからの方では、使える支援が違うためです。",
    hint="「ある」「まだない」のように送ってください。",
    options=(
        Option(
            "no",
            "まだない",
            rf"{_THING}(?:は|も|が)?(?:まだ)?(?:ない|ありません|なし|持って(?:い)?(?:ない|ません))|(?:海外|輸出)(?:進出|展開|取引)?(?:は|が)?(?:初めて|はじめて|未経験)",
            r"ない|いいえ|なし|ありません|これから|no",
        ),
        Option(
            "yes",
            "ある",
            rf"(?:海外|現地|すでに|既に|もう).{{0,14}}{_THING}(?:が|は|も)(?:あ(?:る|り(?!ません)|って)|でき|稼働)|{_THING}を(?:持って|出して(?:い|お)|構えて|設けて|運営)|進出済|進出して(?:い|お)?(?:る|ます|り)|海外拠点(?:あり|が?ある)|(?:海外|現地|100%)子会社|子会社の(?:工場|店)|現地法人(?:が|も|を)?(?:あ|持|設立し(?:た|て|まし))|海外子会社が",
            r"^(?:はい|ある|あります|yes)",
        ),
    ),
    matters="すでに拠点がある方は、段階4の支援になります",
)
_DECIDED = Slot(
    id="decided",
    label="決まっていること",
    kind="choice",
    question="出る国や、売る商品は決まっていますか。",
    why="決まっていることによって、情報を集める段階か、計画を作る段階かが分かれるためです。",
    hint="「まだ何も」「国だけ」「商品だけ」「両方」のように送ってください。",
    options=(
        Option(
            "none",
            "まだ決まっていない",
            r"(?:国|商品|何|なに|どこ)[^。]{0,10}(?:まだ|決まって(?:い)?(?:ない|ません)|決めて(?:い)?(?:ない|ません)|未定)|何も決ま|白紙|情報収集(?:の|を|中|だけ|から|段階)",
            r"まだ|未定|決まって(?:い)?(?:ない|ません)|決めて(?:い)?(?:ない|ません)|何も|なし|いいえ|ない",
        ),
        Option(
            "both",
            "国も商品も決まっている",
            r"国(?:も|と|や)商品(?:も|は|が|とも)?.{0,6}決ま|両方(?:とも)?決ま|国は.{1,12}商品は.{1,12}決ま",
            r"両方|どちらも|はい|全部",
        ),
        Option("country", "国だけ決まっている", r"(?:国|進出先|行き先)(?:だけ|は|が).{0,6}決ま(?:って|り)(?!い?ません)", r"国"),
        Option(
            "product",
            "商品だけ決まっている",
            r"(?:商品|製品|サービス)(?:だけ|は|が).{0,6}決ま(?:って|り)(?!い?ません)",
            r"商品|製品|サービス",
        ),
    ),
    applies=lambda answers: answers.get("bases") != "yes" and "country" not in answers,
    matters="国や商品が決まっていれば、段階2に進めます",
    clears=(("none", "country"),),
)
_PLAN = Slot(
    id="plan",
    label="海外の事業計画",
    kind="choice",
    question="海外展開の事業計画は、どこまでできていますか。",
    why="計画ができているかどうかで、準備の支援か、進出の支援かが分かれるためです。",
    hint="「まだない」「作っているところ」「できている」のように送ってください。",
    options=(
        Option(
            "none",
            "まだない",
            r"計画(?:書)?(?:は|も|が|を)?(?:まだ|ない|なし|ありません|作って(?:い)?(?:ない|ません)|でき(?:て(?:い)?)?(?:ない|ません)|立てて(?:い)?(?:ない|ません)|未作成|白紙)|計画なし",
            r"まだ|ない|なし|いいえ|作って(?:い)?(?:ない|ません)|^これから(?:です)?$",
        ),
        Option(
            "making",
            "作っているところ",
            r"計画(?:書)?(?:を|は)?(?:作成中|策定中|作って(?:い)?る(?:ところ|途中|最中)|これから|練って)|これから.{0,8}計画|計画を(?:これから)?(?:作り(?:ます|たい|はじめ)|立て(?:ます|たい)|作るところ)",
            r"途中|作成中|作って(?:い)?る|半分|だいたい|これから作|これから立て",
        ),
        Option(
            "ready",
            "できている",
            r"計画(?:書)?(?:は|が|も|を)?(?:もう|すでに|既に|一通り|ほぼ)?(?:でき(?:て|あが|ました|た)|出来|完成|作成済|作りました|作った|まとま|固ま|策定済|立て(?:た|まし|終)|あり(?:ます)|ある)|計画済",
            r"でき(?:て|た|ました)|完成|はい|ある|あります",
        ),
    ),
    applies=lambda answers: answers.get("bases") != "yes" and answers.get("decided") != "none",
    matters="計画ができていれば段階3、これからなら段階2になります",
)
_NEEDS = Slot(
    id="needs",
    label="必要なこと",
    kind="choices",
    question="いま、どんなことで助けが要りますか。いくつでもかまいません。",
    why="困りごとに合う支援を選ぶためです。",
    hint="「販路を探したい」「資金が足りない」のように、そのままの言葉で送ってください。",
    options=(
        Option("info", "情報を集めたい", r"情報(?:収集|を集|がほし|が欲し)|何から(?:始|手)|勉強し|調べたい|話を聞きたい"),
        Option(
            "planning",
            "計画を作りたい",
            r"計画(?:を|の)?(?:作り(?:たい|ます)|づくり|策定(?:を|の|に|し)|立て(?:たい|ます)|作成を)",
        ),
        Option(
            "feasibility",
            "実現できるか調べたい",
            r"f/?s(?:調査|支援)?|実現可能性|市場調査|現地調査|需要.{0,4}調|フィージビリティ|ニーズ調査",
        ),
        Option(
            "product",
            "商品を海外向けに直したい",
            r"商品開発|製品(?:改良|開発)|(?:海外|輸出)向け(?:の|に).{0,6}(?:商品|製品|改良|開発)|ブランド(?:を|づくり|化)|規格認証|パッケージ",
        ),
        Option("ip", "特許や商標を守りたい", r"知財|知的財産|特許|商標|模倣|真似|偽物"),
        Option(
            "training",
            "人に貿易を学ばせたい",
            r"貿易実務|(?:出る|行く)前.{0,6}研修|貿易.{0,6}(?:学|勉強|研修)|グローバル人材|英語(?:が|の)できる人",
        ),
        Option(
            "partners",
            "取引先や提携先を探したい",
            r"(?:取引先|提携先|パートナー|代理店|販売先|販路|委託先).{0,6}(?:探|開拓|見つけ|ほし|欲し|紹介|広げ|ない|いない)|販路(?:開拓|拡大)|マッチング",
        ),
        Option("fairs", "展示会に出たい", r"展示会|見本市|商談会|出展"),
        Option("buyers", "バイヤーと会いたい", r"バイヤー|買い手|商談(?:し|を|の)|売り先"),
        Option(
            "base",
            "拠点や店を出したい",
            rf"{_THING}(?:を|の)?(?:出し|作り|つくり|開き|設け|設立|構え|建て)(?:たい|ます|る予定|をし)|現地(?:進出|に出)|支店を出|拠点(?:を|の)?(?:設立|開設|設置)",
        ),
        Option("funds", "資金がほしい", r"資金(?:調達|が|を|の|面|繰り)|融資|借り(?:たい|入れ)|お金が(?:足り|いる|要る|必要)"),
        Option("stabilize", "海外の事業を安定させたい", r"安定(?:させ|し|化)|立て直|赤字|うまくいって(?:い)?ない|軌道に"),
        Option(
            "grow",
            "海外の事業を広げたい",
            r"(?:事業|拠点|売上|店舗)(?:を|の).{0,3}(?:拡大|広げ|増や|伸ば)|2(?:つ目|店舗目|拠点目)|他の国にも|別の国",
            shown=False,
        ),
        Option(
            "restructure",
            "海外の事業を見直したい",
            r"再編|見直|縮小|移転(?:し|を|の)|(?:工場|拠点|生産).{0,8}移(?:し|す)|統合",
            shown=False,
        ),
        Option("withdraw", "撤退を考えている", r"撤退|たたみ|畳み|引き(?:上げ|揚げ)たい|閉め(?:たい|る)", shown=False),
        Option(
            "local-staff",
            "現地の人を育てたい",
            r"現地(?:の)?(?:人材|社員|スタッフ|従業員|人|幹部).{0,8}(?:育|研修|教育|訓練)|現地.{0,4}人材育成|人材を育て|(?:管理者|駐在員|幹部)の?(?:研修|育成)",
        ),
        Option(
            "risk",
            "リスクに備えたい",
            r"リスク|未回収|回収(?:でき|が|不能)|代金.{0,8}(?:怖|心配|不安|払われ|入ら|保険)|カントリー|不払い|貿易保険|輸出保険|為替",
        ),
    ),
    matters="困りごとに合う支援を先にお伝えできます",
)


def _conclude(case: Case) -> Result:
    answers, kb = case.answers, case.kb
    rule = stage_rule(case.kb.content.rules.stage_rules, answers)
    advice = next(one for one in kb.content.rules.stage_advice if one.stage == rule.stage)
    programs = _programs(case, rule.stage, advice.programs)
    title = Block("title", (f"いまの段階は、段階{rule.stage}「{STAGES[rule.stage]}」です。",))
    why = Block("text", (f"{rule.because}。そのため、この段階と判断しました。", *_others(case, rule)), "理由")
    nxt = Block("text", (advice.next_step,), "次の一歩")
    helps = Block(
        "facts", tuple(f"・{entry.name}{results.status_note(entry, kb)}：{entry.summary}" for entry in programs), "使える支援"
    )
    blocks = [title, why, nxt, helps]
    route = ("loan-flow-kuromaru", "overseas-support-flow-maru") if rule.stage <= 3 else ()
    if route:
        blocks.append(Block("text", tuple(_route(case)), "東京都の支援の申込み"))
    blocks.append(Block("note", (advice.change,), "変わるとき"))
    blocks.append(results.desk(kb, answers, advice.contacts))
    blocks.append(
        results.sources(kb, ("roadmap-overview", f"roadmap-step{rule.stage}", *(entry.id for entry in programs), *route))
    )
    alt = f"海外展開の4つの段階の図。いまは段階{rule.stage}「{STAGES[rule.stage]}」です。"
    buttons = results.entry_buttons(kb, (*(entry.id for entry in programs[:3]), f"roadmap-step{rule.stage}"))
    return Result(tuple(blocks), buttons, Picture(rule.stage, alt))


def stage_rule(rules: Sequence[StageRule], answers: Answers) -> StageRule:
    """The first rule whose conditions all hold; the last one has none."""
    return next(rule for rule in rules if all(holds(answers, slot, values) for slot, values in rule.when.items()))


def _others(case: Case, rule: StageRule) -> list[str]:
    """What was said that other stages would go by, where it did not decide."""
    labels = {slot.id: slot for slot in DIALOG.slots}
    facts = []
    for slot_id in ("country", "decided", "plan", "bases", "needs"):
        value = case.answers.get(slot_id)
        slot = labels[slot_id]
        if value is None:
            continue
        ids = value if isinstance(value, tuple) else (value,)
        said = "、".join(option.label for option in slot.options if option.id in ids) or str(value)
        facts.append(f"{slot.label}：{said}")
    return ["もとにした内容　" + "／".join(facts)] if facts else []


def _programs(case: Case, stage: int, general: Sequence[str]) -> list[Entry]:
    """Three to five programs: for the needs in turn first, then the stage's own; open ones before the others."""
    needs = case.answers.get("needs")
    by_need = case.kb.content.rules.need_programs or {}
    lists = [by_need.get(need, ()) for need in (needs if isinstance(needs, tuple) else ())]
    suits = [[one for one in ids if _suits(case.kb.entry(one), stage)] or list(ids) for ids in lists]
    turn_by_turn = [ids[rank] for rank in range(max(map(len, suits), default=0)) for ids in suits if rank < len(ids)]
    if case.answers.get("country") != "タイ":
        turn_by_turn = [one for one in turn_by_turn if one != "kosha-thai-matching"]
    chosen = list(dict.fromkeys([*turn_by_turn, *general]))[:_MOST_PROGRAMS]
    return results.by_status(case.kb.entries(chosen))


def _suits(entry: Entry | None, stage: int) -> bool:
    return entry is not None and (not entry.stages or stage in entry.stages)


def _route(case: Case) -> list[str]:
    """How to apply, in the leaflet's own numbering (❶ to ❹ for the loan, ① to ④ for the support)."""
    loan = case.kb.entry("loan-flow-kuromaru")
    support = case.kb.entry("overseas-support-flow-maru")
    lines = []
    for name, entry, marks in (("融資", loan, "❶❷❸❹"), ("支援サービス", support, "①②③④")):
        steps = entry.section("steps") if entry is not None else None
        if steps is not None:
            titles = [line.text.split(" ", 1)[1].split("（")[0].split(" ")[0].lstrip(marks) for line in steps.lines]
            lines.append(f"{name}：" + " → ".join(f"{mark}{title}" for mark, title in zip(marks, titles, strict=False)))
    lines.append(
        "どちらも、制度融資の取扱指定金融機関（銀行や信用金庫）を通して申し込みます。中小機構の支援だけは、直接申し込みます。"
    )
    return lines


DIALOG = Dialog(
    id="roadmap",
    title="海外展開の診断",
    command="roadmap",
    opens=(
        r"(?:海外|輸出|ロードマップ).{0,10}段階.{0,8}(?:見て|知り|診断|判定|教え|調べ)",
        r"海外(?:展開|進出)?.{0,10}(?:診断|ロードマップ(?:で|の)?(?:どの|診断|今|現在)|相談(?:を|に|が)?(?:し|お願い|乗|の|です|あり))(?!.*融資)",
        r"(?:海外|輸出|進出|ロードマップ)(?!.*融資).{0,24}(?:どの段階|どの支援が(?:合|い|使)|何から始め(?:れば|たら)いいか(?:診断|一緒)|どれが合)",
        r"どの支援(?:が(?:合|向|い)|を使)",
        r"^(?!.*(?:融資|保証|私募債|社債|責任共有|中小企業|小規模|経営診断)).*診断(?:して|を(?:お願い|受け)|お願い)",
        r"どの段階か(?:知りたい|診断|見て|判定)",
        r"ロードマップ(?:を)?(?:診断|始め)",
        r"海外に(?:出たい|進出したい|展開したい|売りたい)(?:の)?(?:です|んですが|けど|と思)(?!.*(?:いくら|補助|助成|融資|資金|電話|窓口|\?))",
    ),
    slots=(
        _BASES,
        common.told_only(common.COUNTRY),
        _DECIDED,
        _PLAN,
        _NEEDS,
        common.told_only(common.INDUSTRY),
        common.told_only(common.EMPLOYEES),
        common.told_only(common.CAPITAL),
        common.told_only(common.ENTITY),
        common.MUNICIPALITY,
    ),
    conclude=_conclude,
    result_words=r"(?:今|いま)(?:の)?(?:段階|どこ|どのへん|どの辺)|診断(?:の)?結果|どこの段階|どの支援|今の段階|次にや|どの(?:段階|ステップ|step)|何をすれば|次に何",
    intro="海外展開の4つの段階のどこにいるかを、いくつかの質問で一緒に確かめます。途中で「結果」と送ると、その時点の結果をお伝えします。",
    near=("faq-kaigai-soudan", "roadmap-overview", "roadmap-step1", "roadmap-step2", "roadmap-step3", "roadmap-step4"),
)
