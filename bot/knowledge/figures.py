"""Figures in Japanese text: amounts, rates, dates and counts with their units, in one form however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_CIRCLED = re.compile("[①-⑳⓪-⓿❶-❿㈠-㈩]")
_DOTS = re.compile(r"\.{2,}")
_WAVES = re.compile(r"[〜～∼〰−–—―]|(?<=[年月日円%万億倍])[-ー](?=\d)|(?<=(?<![\d-])\d)-(?=\d{1,2}(?:週間|か月|年|日|回|人))")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MONTHS = re.compile(r"[ヶヵケカ箇](?=[月国所年])")
_FRACTION = re.compile(r"(\d+)分の(\d+)")
_ERA = re.compile(r"(昭和|平成|令和)(\d{1,2}|元)年")
_ERA_STARTS = {"昭和": 1925, "平成": 1988, "令和": 2018}
_SCALES = {"千": 1000, "百": 100}
_LARGE = re.compile(r"(?:(\d+(?:\.\d+)?)億)?(?:(\d+(?:\.\d+)?)([千百])?万)?(?:(\d+)([千百])(?=[円人社者件万ド]))?(\d+)?")

_WEB = re.compile(r"https?:/{1,2}([\w./?=&%~:#+-]+)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{3}-\d{6})(?:\(\d+\))?(?![\d-])")
_POSTCODE = re.compile(r"(?<![\d-])\d{3}-\d{4}(?![\d-])")
_DATE = re.compile(r"(?<!\d)\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_SHARE = re.compile(r"(?<![\d/.])\d{1,3}/\d{1,3}(?![\d/])")
_WHOLE = (_WEB, _MAIL, _PHONE, _POSTCODE, _DATE, _SHARE)

_UNITS = (
    *(
        "年度",
        "か月",
        "か国",
        "か所",
        "か年",
        "週間",
        "時間",
        "都道府県",
        "営業日",
        "事業年度",
        "ユニット",
        "ドル",
        "都市",
        "区分",
    ),
    *(
        "種類",
        "段階",
        "項目",
        "支店",
        "言語",
        "丁目",
        "年",
        "月",
        "日",
        "時",
        "分",
        "円",
        "%",
        "倍",
        "人",
        "名",
        "社",
        "者",
        "件",
        "回",
    ),
    *("室", "階", "号", "条", "項", "期", "歳", "口", "行", "種", "店", "区", "市", "町", "村", "枚", "点", "つ", "冊"),
)
_FIGURE = re.compile(rf"(?<![\d.a-z-])(\d+(?:\.\d+)?)({'|'.join(_UNITS)})?")


def one_form(text: str) -> str:
    """Text without white space, with every number in digits alone and years in western reckoning.

    >>> one_form("２億８千万 円、平成２８年12月、10ヶ月、３分の２、1,234円")
    '280000000円、2016年12月、10か月、2/3、1234円'
    """
    text = _SPACES.sub("", unicodedata.normalize("NFKC", _CIRCLED.sub("、", text))).lower()
    text = _DOTS.sub("、", _THOUSANDS.sub("", _MONTHS.sub("か", text)))
    text = _ERA.sub(lambda one: f"{_ERA_STARTS[one[1]] + (1 if one[2] == '元' else int(one[2]))}年", text)
    text = _FRACTION.sub(lambda one: f"{one[2]}/{one[1]}", text)
    return _LARGE.sub(_digits, _WAVES.sub("~", text))


def _digits(match: re.Match[str]) -> str:
    hundreds_of_millions, tens_of_thousands, scale, rest_of_thousands, rest_scale, rest = match.groups()
    if not (hundreds_of_millions or tens_of_thousands or rest_of_thousands):
        return match[0]
    total = Decimal(hundreds_of_millions or 0) * 10**8
    total += Decimal(tens_of_thousands or 0) * 10**4 * _SCALES.get(scale or "", 1)
    total += int(rest_of_thousands or 0) * _SCALES.get(rest_scale or "", 1) + int(rest or 0)
    return str(int(total))


@lru_cache(maxsize=16384)
def figures(text: str) -> tuple[str, ...]:
    """Every figure of a text in its one form, with its unit; the figures of a range share one.

    Telephone numbers, postcodes, addresses of mail and on the web, full dates and shares (``2/3``) are figures as a whole.

    >>> figures("2～3か月で、5億6,000万円の1/2（電話は03-5320-4877）")
    ('03-5320-4877', '1/2', '2か月', '3か月', '560000000円')
    """
    return tuple(_read(one_form(text)))


def _read(form: str) -> Iterator[str]:
    for pattern in _WHOLE:
        for match in pattern.finditer(form):
            yield (match[1] if pattern is _WEB else match[0]).rstrip("./")
        form = pattern.sub("、", form)
    unit = ""
    found: list[str] = []
    for match in reversed(list(_FIGURE.finditer(form))):
        ranges = not match[2] and form[match.end() : match.end() + 1] in ("~", "・")
        unit = match[2] or (unit if ranges else "")
        found.append(_plain(match[1]) + unit)
    yield from reversed(found)


def _plain(number: str) -> str:
    return f"{Decimal(number).normalize():f}"


def unit_of(figure: str) -> str:
    """What a figure counts: ``円``, ``%``, ``か月``, ``日付`` …; of telephone numbers and the like nothing.

    >>> unit_of("560000000円"), unit_of("03-5320-4877")
    ('円', '')
    """
    if _DATE.fullmatch(figure):
        return "日付"
    return figure.lstrip("0123456789.") if figure[-1:] not in "0123456789)/" else ""


def is_phone(figure: str) -> bool:
    """Whether a figure is a telephone number."""
    return _PHONE.fullmatch(figure) is not None
