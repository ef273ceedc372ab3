"""Sentences that all dialogs share. What a dialog asks stands in the knowledge base."""

from __future__ import annotations

HEARD = "承知しました（{facts}）。"
KEPT = "うかがいました（{facts}）。"
CHANGED = "{label}を「{before}」から「{after}」に直しました。"
DROPPED = "「{label}」（{before}）を取り消しました。"
WHICH_CHANGE = "どの項目を直しますか。正しい内容をそのまま送ってください。"
NEW_VALUE = "「{label}」を直します。{hint}"
REUSED = "前にうかがった内容を使います：{facts}。"
SO_FAR = "いまの時点では：{head}"
OPEN_POINTS = "まだうかがっていないこと"
NEXT = ("{question}", "続いて、{question}", "あと1つ教えてください。{question}")
AGAIN = (
    "もう一度うかがいます。{question}",
    "言い方を変えますね。{hint}",
    "「{label}」のことです。{hint}わからないときは「わからない」で進めます。",
)
ANSWERED = ("続きに戻ります。{question}", "では、話を戻しますね。{question}", "先ほどの続きです。{question}")
NOT_UNDERSTOOD = (
    "うまく読み取れませんでした。{hint}",
    "申し訳ありません、まだ読み取れません。下のボタンから選んでいただくか、「わからない」と送ってください。",
    "うまくうかがえず申し訳ありません。この質問は飛ばして進みます。あとから教えていただけます。",
)
LEFT_OPEN = (
    "「{label}」はわからないまま進めます。",
    "では、「{label}」は飛ばします。",
    "わかりました。「{label}」なしで見ていきます。",
)
REFUSED = ("かしこまりました。「{label}」はうかがいません。", "承知しました。お答えいただかなくて大丈夫です。")
LEFT_OPEN_MATTERS = "（わかると：{matters}）"
WHY = "{why}"
CLARIFY_SOURCE = "（出典：{source}）"
NOTHING_ASKED = "いまは何もうかがっていません。知りたいことを、そのまま送ってください。"
CANCELLED = "「{title}」を終わりました。うかがった内容は残してありますので、いつでも続きから始められます。"
NOTHING_TO_CANCEL = "いま進めている手続きはありません。ほかに知りたいことがあれば、そのまま送ってください。"
RESTARTED = "「{title}」を最初からうかがいます。"
NOTHING_TO_RESTART = "最初からどうぞ。知りたいことや、お困りのことをそのまま送ってください。"
BACK = "1つ前に戻りました。"
NOTHING_BACK = "これが最初の質問です。"
REVIEW = "ここまでにうかがった内容です。違うところは、正しい内容をそのまま送ってください。"
REVIEW_EMPTY = "まだ何もうかがっていません。「台東区の製造業、従業員15人です」のように送っていただくと、覚えておきます。"
USED_FOR = "（{titles}に使います）"
RESUME = "前回の続きです。「{title}」の途中で、うかがった内容は残っています（{facts}）。最初からにするときは「最初から」と送ってください。"
REMEMBERED = "前回うかがった内容を覚えています（{facts}）。"
OFFER = "続けて「{title}」もできます。始めますか。"
OFFERS = "次のことをお調べできます。"
RESULT_NEEDS = "まだ結果をお出しできません。まず、{question}"
NEED_NOT_TELL = "承知しました。お答えいただかなくて大丈夫です。知りたいことがあれば、いつでも送ってください。"
NOT_HEARD = "申し訳ありません、うまく読み取れませんでした。知りたいことを、短い文でもう一度送っていただけますか（例：「運転資金を借りたい」）。"
NO_TASK = "何をお調べしましょうか。"
IMPOSSIBLE = "「{said}」という日付はありません。もう一度、年月日を送ってください（例：令和9年2月10日）。"
WHICH_PLACE = "「{said}」は{places}にあります。どちらでしょうか。"
OUTSIDE_PLACE = (
    "{place}は東京都の外なので、担当の支店や都の制度はご案内できません。お近くの信用保証協会や、都道府県の窓口へお尋ねください。"
)
UNREAD = "「{label}」の「{said}」を、うまく読み取れませんでした。{hint}"
BUTTON_UNKNOWN = "わからない"
BUTTON_REVIEW = "うかがった内容を見る"
BUTTON_RESULT = "結果を見る"
ALSO = "このあと「{title}」もご案内できます。「お願い」と送るか、ボタンを押してください。"
OPEN_BUTTON = "{title}を始める"
NOT_CHANGED = "「{facts}」でうかがっています。"
