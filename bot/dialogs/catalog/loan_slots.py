"""What is asked to find fitting loans and guarantees."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.catalog.fee import AMOUNT
from bot.dialogs.declaration import Answers, Option, Slot, Value
from bot.knowledge.base import KnowledgeBase

PURPOSE = Slot(
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


def in_business(answers: Answers) -> bool:
    """Whether the trouble told is one that only a running business has."""
    trouble = answers.get("trouble")
    return isinstance(trouble, tuple) and bool({"sales-down", "prices", "bankruptcy"} & set(trouble))


AGE = Slot(
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
    applies=lambda answers: "business_months" not in answers and ("age" in answers or not in_business(answers)),
    matters="創業向けの制度が使えるかどうかが決まります",
    shared=True,
)
MONTHS = Slot(
    id="business_months",
    label="事業の年数",
    kind="months",
    question="事業を始めて何年ですか。",
    why=AGE.why,
    hint="「3年」「半年」のように送ってください。",
    near=r"創業|開業|設立|起業|営業し|営んで|始めて|やって(?:い)?|続けて|経営し|業歴|商売",
    optional=True,
    shared=True,
)
TROUBLE = Slot(
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
            "銀行に断られた・担保や返済を求められた",
            r"(?:銀行|バンク|信金|金融機関).{0,14}(?:貸し渋|追加(?:の)?担保|担保(?:を|の)(?:入れ|出せ|求め|追加)|返済を(?:求|迫)|減らされ|減額|断られ|貸してくれ|引き揚げ)|(?:借入|残高)(?:残高)?(?:の)?(?:を|も)?(?:減らせ|減らすよう|減少(?:を|の要請))|貸し剥|貸しはが",
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
COLLATERAL = Slot(
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
_BARRED = {
    "tax": "税金の滞納があると、東京都の制度融資は原則として使えません。審査の対象にもなりません。",
    "default": "借入れの延滞や代位弁済など、信用情報に重大な問題があると、東京都の制度融資は原則として使えません。",
}
"""Commercial guide, about 2025 (対象外となるケース)."""


def barred(_: KnowledgeBase, value: Value) -> str:
    return "".join(_BARRED[one] for one in value) if isinstance(value, tuple) else ""


BARRIERS = Slot(
    id="barriers",
    label="妨げになる事情",
    kind="choices",
    question="税金の滞納や、借入れの延滞はありますか。",
    why="滞納や延滞があると、制度融資を使えないためです。",
    hint="「ない」「税金を滞納している」のように送ってください。",
    options=(
        Option(
            "tax",
            "税金の滞納がある",
            r"(?:税|税金|納税)(?:金)?[^。、]{0,16}(?:滞納(?!は?な|も?な|は?あり?ま|も?あり?ま|なし)|未納(?!は?な|も?な|なし)|払って(?:い)?(?:な|ま)|払えて(?:い)?(?:な|ま))",
        ),
        Option(
            "default",
            "借入れの延滞や代位弁済がある",
            r"延滞(?:し|中|が?あ(?:る|り(?!ません)|って))|返済が(?:遅れ|滞)て|代位弁済(?:され|に(?:な|した)|を(?:受|した)|が?あ(?:る|り(?!ません)))|ブラックリスト",
        ),
    ),
    optional=True,
    remark=barred,
)
WANTED = replace(
    AMOUNT,
    label="借りたい額",
    question="いくらくらい必要ですか。",
    why="制度ごとに限度額があるためです。",
    matters="限度額に収まるかどうかを確かめられます",
)
OWN = Slot(
    id="own_funds",
    label="自己資金",
    kind="yen",
    question="自己資金はいくらありますか。",
    why="創業の審査では、自己資金も見られるためです。",
    hint="「200万円」のように送ってください。",
    near=r"自己資金|頭金|貯金|手元|自前",
    optional=True,
)
