"""What a text can mean, as editors read it; the labels themselves are in :mod:`bot.knowledge.labels`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.labels import ACTS, SLOTS, TASKS, Act

NAMES: Mapping[Act, tuple[str, str]] = {
    "begin": ("手続きを始めたい", "診断や試算などを頼んでいます。下の「始める手続き」も選びます。"),
    "inform": ("事情を伝えている", "金額、業種、場所などを伝えています。その言葉を下の欄に写します。"),
    "correct": ("前の答えを直している", "「さっきのは違う」「やっぱり500万」のように、言い直しています。"),
    "ask": ("制度や窓口を尋ねている", "条件、料率、電話番号など、資料から答える質問です。"),
    "result": ("結果を出してほしい", "聞き取りの途中で「もう計算して」「この内容で判定して」と言っています。"),
    "unknown": ("分からない", "聞かれたことが分からない、まだ決まっていない、と言っています。"),
    "refuse": ("答えたくない", "「それは言えません」のように、聞かれたことに答えません。"),
    "affirm": ("はい", "聞かれたことに、そうだと答えています。"),
    "deny": ("いいえ", "聞かれたことに、違う、ないと答えています。"),
    "cancel": ("やめたい", "いまの手続きを、ここで終わりにします。"),
    "restart": ("最初からやり直したい", "いまの手続きを、はじめの質問からやり直します。"),
    "back": ("一つ前に戻りたい", "前の質問にもう一度答えます。"),
    "review": ("伝えた内容を見たい", "これまでに答えたことを、まとめて見せてほしいと言っています。"),
    "why": ("聞く理由を尋ねている", "「なぜ資本金が要るの」のように、質問の理由を尋ねています。"),
    "clarify": ("聞かれた言葉を尋ねている", "「区分って何」「パートも数えるの」のように、質問の意味を尋ねています。"),
    "handover": ("人と話したい", "担当者や窓口の人に代わってほしいと言っています。"),
    "greet": ("あいさつ", "「こんにちは」「お世話になります」などです。"),
    "thank": ("お礼", "「ありがとう」「助かりました」などです。"),
    "chat": ("世間話・感想", "答えを求めていない話です。"),
    "outside": ("扱わない話題", "旅行、天気、ほかの県の窓口など、このボットが答えないことです。"),
}
"""Acts, each with its name and a line that explains it."""

_SAYING = {
    "amount": "1,200万円",
    "months": "7年",
    "fee_class": "5区分",
    "repayment": "毎月同じ額",
    "sharing": "責任共有の対象",
    "capital": "300万",
    "employees": "社員4人",
    "industry": "パン屋",
    "municipality": "台東区",
    "entity": "合同会社",
    "business_age": "創業3年",
    "purpose": "機械を買い替え",
    "trouble": "売上が減って",
    "collateral": "保証人なし",
    "own_funds": "貯金が200万",
    "barriers": "税金を滞納",
    "country": "ベトナム",
    "bases": "台湾に支店があり",
    "plan_ready": "計画書はまだ",
    "needs": "通訳を探したい",
    "topic": "創業関連",
    "premium": "毎月5万",
    "paid_months": "掛けて3年",
    "loss": "売掛800万がパー",
    "net_assets": "純資産6億",
    "equity": "自己資本は22%",
    "multiple": "純資産倍率は1.8倍",
    "return": "事業利益率12%",
    "coverage": "インタレストは2倍",
    "guarantee": "セーフティ5号で",
    "day": "来年3月末",
    "which": "もう実行された",
}


def acts() -> list[tuple[Act, str, str]]:
    """The acts, in the order of the labels."""
    return [(act, *NAMES[act]) for act in ACTS]


def tasks(kb: KnowledgeBase) -> dict[str, str]:
    """The tasks, by the titles that the knowledge base gives them."""
    titles = {dialog.id: dialog.title for dialog in kb.content.dialogs}
    return {task: titles.get(task, task) for task in TASKS}


def slots(kb: KnowledgeBase) -> dict[str, str]:
    """The slots that are told, by the names that the knowledge base gives them."""
    known = kb.content.slots
    learned = {one: "・".join(slot.label for slot in known.values() if slot.learned_as == one) for one in SLOTS}
    return {one: known[one].label if one in known else learned[one] or one for one in SLOTS}


def sayings() -> dict[str, str]:
    """How each slot may be told."""
    return dict(_SAYING)
