"""Slots that several dialogs share: the facts about a business."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.declaration import Option, Slot

ENTITY = Slot(
    id="entity",
    label="事業の形",
    kind="choice",
    question="法人ですか、個人事業主ですか。",
    why="法人は登記上の本店、個人事業主は住民登録の場所で担当支店が決まるためです。",
    hint="「法人です」「個人事業です」のように送ってください。",
    options=(
        Option("sole", "個人事業主", r"個人事業|個人で(?!も)|個人です|フリーランス|自営|一人親方"),
        Option("corporation", "法人", r"法人(?!化|格)|株式会社|合同会社|有限会社|の会社です|会社の本店|登記上の本店"),
    ),
    matters="どちらの場所で担当支店が決まるかが変わります",
    shared=True,
)

MUNICIPALITY = Slot(
    id="municipality",
    label="区市町村",
    kind="place",
    question="どちらの区市町村ですか。法人は登記上の本店、個人事業主は住民登録の場所を送ってください。",
    why="担当の窓口と、区市町村の補助が場所で決まるためです。",
    hint="「台東区」「〒111-0041」「吉祥寺」のように送ってください。",
    matters="担当の窓口をお伝えできます",
    shared=True,
)

INDUSTRY = Slot(
    id="industry",
    label="業種",
    kind="industry",
    question="どんなお仕事ですか。",
    why="業種によって、使える制度と規模の基準が違うためです。",
    hint="「飲食店」「町工場」「アプリ開発」のように、ふだんの言葉で送ってください。",
    matters="規模の基準に当てはまるかどうかが決まります",
    shared=True,
)

EMPLOYEES = Slot(
    id="employees",
    label="従業員数",
    kind="people",
    question="従業員は何人ですか。役員と、個人事業の家族従業員は数えません。",
    why="従業員数で、中小企業や小規模企業者に当たるかどうかが決まるためです。",
    hint="「15人」のように数で送ってください。お一人なら「0人」です。",
    near=r"従業員|社員|スタッフ|人員|職員|人数|雇って",
    matters="小規模企業者向けの制度を使えるかどうかが決まります",
    shared=True,
)

PART_TIMERS = Slot(
    id="part_timers",
    label="パート・アルバイト",
    kind="people",
    question="パートやアルバイトの方は何人ですか。",
    why="経営に欠かせない方なら、従業員数に入れるためです。",
    hint="「4人」のように数で送ってください。",
    near=r"パート|バイト",
    optional=True,
)

ESSENTIAL = Slot(
    id="essential",
    label="パート・アルバイトの方の働き方",
    kind="choice",
    question="そのパート・アルバイトの方は、いないと事業が成り立たない方ですか。",
    why="臨時の方は数えず、経営に欠かせない方は数える決まりだからです。",
    hint="「欠かせない」「繁忙期だけ」のように送ってください。",
    options=(
        Option(
            "yes",
            "経営に欠かせない",
            r"(?:欠|か)かせ(?:ない|ません)|不可欠|いない(?:と|ので)?[^。、]{0,10}(?:回ら|回り|困|成り立|動か|開け)|常勤|常時|フルタイム",
            r"はい|そうです|欠|必要",
        ),
        Option("no", "臨時の手伝い", r"臨時|繁忙期|日雇い|単発|短期|たまに|手伝い", r"いいえ|ちがい|違い|成り立"),
    ),
    applies=lambda answers: bool(answers.get("part_timers")),
    matters="経営に欠かせない方なら、従業員数に入れて判断します",
)

CAPITAL = Slot(
    id="capital",
    label="資本金",
    kind="yen",
    question="資本金はいくらですか。個人事業の方は「なし」と送ってください。",
    why="資本金か従業員数のどちらかで、中小企業に当たるかどうかが決まるためです。",
    hint="「1,000万円」「なし」のように送ってください。",
    near=r"資本金|出資金|資本",
    matters="従業員数が基準を超えていても、資本金で当てはまることがあります",
    shared=True,
)

COUNTRY = Slot(
    id="country",
    label="国・地域",
    kind="country",
    question="どの国や地域をお考えですか。",
    why="国が決まっているかどうかで、次にすることが変わるためです。",
    hint="「タイ」「アメリカ」のように送ってください。",
    matters="その国に合う支援をお伝えできます",
    shared=True,
)


def told_only(slot: Slot) -> Slot:
    """The slot as one that is read when told but never asked."""
    return replace(slot, optional=True)
