"""What a user may say to the dialog itself instead of answering."""

from __future__ import annotations

import re
from typing import Literal

from bot.nlp.normalize import fold

Move = Literal["back", "cancel", "restart", "where", "why", "unknown", "skip", "result", "review", "continue"]

_END = r"[!。、?？\s]*$"
_PATTERNS: tuple[tuple[Move, str], ...] = (
    (
        "back",
        rf"^(?:1つ|一つ|ひとつ)?(?:前(?:の質問)?に)?(?:戻る|もどる|戻って|戻りたい|戻してください|戻して|back){_END}|^(?:1つ|一つ|ひとつ)?前の質問(?:に|へ)",
    ),
    (
        "cancel",
        rf"^(?:もう|やっぱり|やっぱ|この(?:診断|相談|質問)(?:は|を)?)?(?:やめる|やめます|やめたい(?:です)?|中止(?:する|します)?|キャンセル(?:する|します|で)?|終了(?:する|します)?|終わり(?:に(?:する|します))?|もういい(?:です)?|いいです|結構です|cancel|stop|quit){_END}",
    ),
    (
        "restart",
        rf"^(?:最初から|始めから|はじめから|一から|1から|リセット)(?:やり直し(?:たい|ます)?|やりなおし|お願いします|で|に)?(?:です)?{_END}",
    ),
    (
        "where",
        r"^(?:今|いま)(?:は)?(?:どこ|何問目|どのへん|どの辺)|あと(?:いくつ|何問|どれくらい)(?:です|ある|の質問|\?|$)|残り(?:は)?(?:何問|いくつ)",
    ),
    (
        "why",
        r"^(?:なぜ|なんで|何で|どうして|何のため)(?:に)?.{0,10}(?:聞|きく|訊|必要|質問|いる|要る)|^(?:なぜ|なんで|どうして)(?:ですか)?[?。!]*$|(?:必要|関係)(?:ある|あります)(?:か|の|んですか)",
    ),
    (
        "unknown",
        rf"^(?:(?:ちょっと|まだ|よく|正確には|全然|すみません|それは|いまは|今は)[、 ]?)*(?:わから(?:ない|ん|なく)|分から(?:ない|ん)|わかりません|分かりません|不明|知らない|知りません|覚えて(?:い)?(?:ない|ません)|未定|はっきりしない|どちらともいえない)(?:です|のです|んです|ので)?{_END}",
    ),
    (
        "skip",
        rf"^(?:スキップ|飛ばして|とばして|飛ばす|パス|次へ|次の質問|答えたくない(?:です)?|言いたくない(?:です)?|skip)(?:する|します|して|ください|で)*{_END}",
    ),
    (
        "review",
        rf"^(?:回答|答え|入力|内容)(?:した内容)?(?:を|の)?(?:確認|一覧|見直し|見せて|見る|変更|直し)|^(?:確認|見直し|一覧){_END}",
    ),
    (
        "continue",
        rf"^(?:前回の)?(?:続き|つづき)(?:から|を|です)?(?:始め(?:る|ます)|お願いします|で)?{_END}|^(?:続けます|つづけます|続けてください|続ける|再開(?:する|します)?){_END}",
    ),
)
_MOVES = tuple((move, re.compile(pattern)) for move, pattern in _PATTERNS)
_RESULT = re.compile(
    r"結果|診断して|判定(?:を|し|お|$)|(?:今|いま)(?:まで|の時点|の情報|の内容)?(?:で)?わかる(?:範囲|ところ)|どの段階|どれが合|何が合|合う.{0,8}(?:教えて|どれ|ありますか|は)|おすすめ(?:を|は|教|$)|(?:計算|試算|見積)(?:して|を|もり|お願い)|いくらに?なり(?:ます|そう)|(?:合う|使える|向いている|私の|うちの)[^。]{0,12}教えて|(?:^|[。、!?\s])(?:では|じゃあ|それでは)?[、 ]?教えて(?:ください)?[。!]*$|^(?:では|それでは)?[、 ]?(?:よろしく)?お願い(?:します|いたします)[。!]*$|以上です|これで全部|対象になりますか|使えますか$|借りられますか$|どう(?:です|でしょう|なります)(?:か|[?。]|$)|候補|(?:結局|要するに|つまり|それじゃ|そうすると|ということは|(?:うち|当社|弊社|自分|私|わたくし)(?:ども)?(?:は|の場合|だと|って)).*(?:[?？]|か[。]?$|どこ$|の$)"
)
_CORRECTION = re.compile(
    r"やっぱり|やっぱ|やはり|ではなく|じゃなく|でした|間違え|まちがえ|訂正|変更|直して|正しくは|修正|(?:違|ちが)(?:った|いました|うな|えた|えました)|まちが(?:い|え|っ)"
)
_CORRECTING = re.compile(
    r"[.。、,\s]{0,6}(?:(?:あ|いや|えっと|すみません)、?)?(?:やっぱり|やっぱ|じゃなくて|ではなくて?|じゃなく|もとい|訂正(?:で|して)?)[、,]?"
)
_LEAVING = re.compile(
    r"^(?:(?:やっぱり|やっぱ|すみません|ごめん(?:なさい)?|もう|あー?|いや|えっと|ちょっと|待って)[、。 ]*)*(?:この|その)?(?:診断|試算|計算|見積(?:もり)?|相談|確認|判定|話|それ|これ|融資|保証料)(?:は|を)?(?:もう|いったん|一旦)?"
    r"(?:(?:やめ|中止)(?:て|にして|して|ます|します|ました|たい(?:です)?|とき(?:ます)?|とく)|(?:後|あと)で(?:も)?(?:いい|良い|結構)(?:です)?|(?:いい|結構)(?:ので|なので|から|です(?:ので|から)?)|(?:後|あと)(?:回し)?にして|置いて(?:おいて)?)"
    r"[、。,\s]*(?P<rest>.{4,})$"
)
_YES = r"はい|ええ|うん|yes|ok|お願いします|そうです|そう|その通り(?:です)?|よい|いいよ"
_NO = r"いいえ|いや|いえ|no|違います|ちがいます"
_STOP = re.compile(rf"^(?:{_YES}|やめる|やめます|やめて(?:ください)?){_END}")
_KEEP_ON = re.compile(rf"^(?:{_NO}|やめない|やめません|続ける|続けます|続けて(?:ください)?){_END}")
_RESUME = re.compile(rf"^(?:{_YES}|続ける|続けます|続けて(?:ください)?|続きから(?:お願いします)?){_END}")
_AFRESH = re.compile(rf"^(?:{_NO}|最初から(?:お願いします)?){_END}")


def move_of(text: str) -> Move | None:
    """The move that a text makes as a whole."""
    folded = fold(text)
    return next((move for move, pattern in _MOVES if pattern.search(folded)), None)


def wants_result(text: str) -> bool:
    """Whether a text asks for the result, beside whatever else it says."""
    return bool(_RESULT.search(fold(text)))


def corrects(text: str) -> bool:
    """Whether a text takes something back."""
    return bool(_CORRECTION.search(fold(text)))


def taken_back(text: str) -> tuple[str, str] | None:
    """What a folded text says first and what it says instead, where it takes something back halfway.

    >>> taken_back("65人…やっぱり45人です")
    ('65人', '45人です')
    """
    marks = [match for match in _CORRECTING.finditer(text) if match.start() > 0]
    if not marks or marks[-1].end() == len(text):
        return None
    return text[: marks[-1].start()], text[marks[-1].end() :]


def leaves(text: str) -> str:
    """What a text asks for instead of the dialog under way (診断はやめて、支店を知りたい); empty when it does not leave it."""
    match = _LEAVING.match(text)
    return match["rest"] if match else ""


def stops(text: str) -> bool | None:
    """The answer to whether to stop; ``None`` when it is none."""
    return _either(text, _STOP, _KEEP_ON)


def resumes(text: str) -> bool | None:
    """The answer to whether to go on from where it was left; ``None`` when it is none."""
    return _either(text, _RESUME, _AFRESH)


def _either(text: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    folded = fold(text)
    return True if yes.search(folded) else False if no.search(folded) else None
