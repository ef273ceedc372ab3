"""The wish to have everything erased: by command at once, in one's own words after one question."""

from __future__ import annotations

import re

from bot.dialogs import agenda
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import squeeze
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Button, Reply, say
from bot.talk.taken import Step

_YES, _NO = "forget:yes", "forget:no"


def _any(words: str) -> str:
    """A pattern of words, the longest first, so that none is taken for the beginning of another."""
    return "|".join(sorted(words.split(), key=len, reverse=True))


# Only texts that say nothing else: 「全部消して最初から」 wants a task begun anew, and 「信用情報を消したい」 is a question.
_WHAT = _any(
    "わたし 私 僕 ぼく 俺 おれ 自分 うち 当社 弊社 お客様 ユーザー あなた この その ここ みちしるべ ボット bot サーバー "
    "いままで 今まで これまで ここまで 過去 以前 全部 ぜんぶ 全て すべて 全 まるごと 丸ごと 一切 完全 きれい "
    "保存 預けた お預け 預かって お預かり 入力 送信 送った 伝えた 教えた 話した 相談 登録 記録 "
    "して している してる してある していた されて されている された した いる いた った "
    "個人情報 情報 個人データ データ 履歴 会話 やりとり やり取り トーク チャット ログ メッセージ 質問 内容 プロフィール アカウント もの こと "
    "もう やっぱ やっぱり すみません すいません できれば 今すぐ すぐ どうか 至急 の を も は が に で と って から など 等"
)
_ERASING = (
    r"消し(?:て|たい|ちゃって|とい?て|なさい)|消せ(?:る|ます|ない)?|消す|消去|削除|抹消(?=して|したい|を)|破棄(?=して|したい|を)|"
    r"(?:忘|わす)れ(?:て|ろ)|退会|(?:please)?(?:forget|delete|erase)(?:all|everything|me|my|the|data|account|history|chat|please)*"
)
_MANNER = _any(
    "して したい する できる できます しろ を が は に には の で です ます か ね よ な けど たい いい ほしい 欲しい ください 下さい ちょうだい 頂戴 "
    "くれ くれる くれます もらえ もらえる もらえます もらいたい いただけ いただける いただけます いただきたい 頂け 頂きたい ない ません お願い おねがい "
    "致し いたし し 申し 上げ 希望 依頼 方法 やり方 手順 どう すれば したら やって 教えて でしょう んです のです ん おいて せ ませ ろ please"
)
_WISH = re.compile(rf"(?:{_WHAT})*+(?:{_ERASING})(?:{_MANNER})*+")
_WHOLE = re.compile(rf"(?!.*(?:ないで|ません))(?:{_WHAT}|all|everything)*+(?:{_ERASING})?(?:{_MANNER})*+")
_AGREED = re.compile(
    r"はい|うん|ええ|ok|okです|yes|お願いします|おねがいします|お願い|いいです|いいよ|そうして(?:ください)?|消します"
)
_DECLINED = re.compile(
    r"いいえ|いや|no|やめ(?:る|ます|て|とく|ておきます|てください)|キャンセル|消さない(?:で(?:ください)?)?|結構です|待って"
)


def hear(kb: KnowledgeBase, conversation: Conversation, text: str) -> Step | None:
    """The step where a text is nothing but the wish, or the answer to the question about it; ``None`` for any other text."""
    said = squeeze(text).strip("\\#>")
    asked = any(button.action == _YES for button in conversation.buttons)
    if asked and (_AGREED.fullmatch(said) or _WISH.fullmatch(said)):
        return erase()
    if asked and _DECLINED.fullmatch(said):
        return press(conversation, "no")
    return ask(kb, conversation) if _WISH.fullmatch(said) else None


def means_all(argument: str) -> bool:
    """Whether the words behind ``/forget`` say nothing but that, so that nobody is asked about them.

    >>> [means_all(words) for words in ("", "お願いします", "全部", "港区だけ", "しないで")]
    [True, True, True, False, False]
    """
    return _WHOLE.fullmatch(squeeze(argument)) is not None


def ask(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """Ask once; nothing is erased yet, and the question says so."""
    buttons = [Button(phrases.FORGET_ALL, _YES), Button(phrases.FORGET_NOTHING, _NO)]
    if agenda.under_way(kb, conversation) is not None:
        buttons.append(Button(phrases.FORGET_RESTART, "m:restart"))
    return Step(conversation, (say(*phrases.FORGET_CONFIRM, buttons=tuple(buttons)),))


def press(conversation: Conversation, wish: str) -> Step | None:
    """A button below the question."""
    match wish:
        case "yes":
            return erase()
        case "no":
            return Step(conversation, (say(phrases.NOT_FORGOTTEN),))
    return None


def erase() -> Step:
    """Nothing of the chat stays."""
    return Step(Conversation(), (Reply(say(phrases.FORGOTTEN).blocks, erased=True),))
