"""Counts as charts: Vega-Lite, drawn to SVG here."""

from __future__ import annotations

from typing import Any, Literal

import vl_convert

from bot.staff.figures import Counts

_WIDTH = 400
_BAR = 26
_INK, _QUIET, _BRAND, _LINE = "#1c2321", "#55615c", "#0b5d4e", "#dfe6e2"
_FONT = "Hiragino Sans, Noto Sans CJK JP, Noto Sans JP, Yu Gothic, Meiryo, sans-serif"

Shape = Literal["columns", "bars"]
"""Columns stand side by side in an order of their own (days, hours); bars lie one below the other."""


def draw(counts: Counts, shape: Shape) -> bytes:
    """A chart as SVG. Takes a good part of a second the first time, some 80 ms afterwards."""
    return vl_convert.vegalite_to_svg(_columns(counts) if shape == "columns" else _bars(counts)).encode()


def _columns(counts: Counts) -> dict[str, Any]:
    every = max(1, -(-len(counts) // 8))
    shown = [one.label for one in counts[::every]]
    labels = {"labelAngle": 0, "values": shown, "title": None, "ticks": False, "labelOverlap": False}
    return {
        **_common(counts),
        "height": 190,
        "mark": {"type": "bar", "color": _BRAND, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {"field": "label", "type": "ordinal", "sort": None, "axis": labels, "scale": {"paddingInner": 0.25}},
            "y": {"field": "count", "type": "quantitative", "axis": {"title": None, "tickCount": 4, "tickMinStep": 1}},
        },
    }


def _bars(counts: Counts) -> dict[str, Any]:
    place = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": 190, "ticks": False, "domain": False},
    }
    most = max((one.count for one in counts), default=0) or 1
    length = {"field": "count", "type": "quantitative", "axis": None, "scale": {"domain": [0, most * 1.15], "nice": False}}
    return {
        **_common(counts),
        "height": {"step": _BAR + 6},
        "encoding": {"y": place, "x": length},
        "layer": [
            {"mark": {"type": "bar", "color": _BRAND, "cornerRadiusEnd": 3, "height": _BAR - 6}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": _INK, "fontSize": 13},
                "encoding": {"text": {"field": "count", "format": ",d"}},
            },
        ],
    }


def _common(counts: Counts) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": [{"label": one.label, "count": one.count} for one in counts]},
        "width": _WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": "transparent",
        "config": {
            "font": _FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 13,
                "labelPadding": 6,
                "labelColor": _QUIET,
                "domainColor": _LINE,
                "gridColor": _LINE,
                "tickColor": _LINE,
            },
        },
    }
