"""Draws the road of the four stages with "you are here"."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.talk.stages import STAGES

WIDTH, HEIGHT = 1080, 520
_INK, _ROAD, _HERE, _PAPER, _SOFT = "#1d2b2a", "#c9d3d1", "#c2410c", "#ffffff", "#0f5c4d"
_HERE_TEXT = "いまここ"


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = files("cvttf_NotoSansCJK_Bold") / "NotoSansCJKtc-Bold.otf"
    return ImageFont.truetype(BytesIO(font.read_bytes()), size)


@lru_cache(maxsize=4)
def draw(stage: int) -> bytes:
    """A PNG of the road, with a flag at ``stage`` (1 to 4)."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    points = [(135 + 270 * number, 370 - 70 * number) for number in range(len(STAGES))]
    pen.line([(0, points[0][1] + 35), *points, (WIDTH, points[-1][1] - 35)], fill=_ROAD, width=34, joint="curve")
    for (number, name), (x, y) in zip(STAGES.items(), points, strict=True):
        here = number == stage
        radius = 44 if here else 32
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_HERE if here else _SOFT)
        _text(pen, (x, y), str(number), 44 if here else 32, _PAPER)
        _text(pen, (x, y + radius + 36), name, 27, _HERE if here else _INK)
        if here:
            pen.line((x, y - radius, x, y - radius - 62), fill=_HERE, width=6)
            pen.rounded_rectangle((x - 78, y - radius - 118, x + 78, y - radius - 58), 12, fill=_HERE)
            _text(pen, (x, y - radius - 88), _HERE_TEXT, 30, _PAPER)
    _text(pen, (WIDTH // 2, 34), "海外展開の4つの段階", 30, _INK)
    _text(pen, (WIDTH // 2, HEIGHT - 24), "もとにした資料：中小企業の海外展開支援策について（2016年12月）", 20, _INK)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _text(pen: ImageDraw.ImageDraw, middle: tuple[int, int], text: str, size: int, fill: str) -> None:
    pen.text(middle, text, font=_font(size), fill=fill, anchor="mm", language="ja")
