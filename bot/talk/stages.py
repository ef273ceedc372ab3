"""The four stages of going overseas (SME Agency, 2016-12, 海外展開実現までのロードマップ)."""

from __future__ import annotations

STAGES = {1: "知る・調べる", 2: "計画する・準備する", 3: "海外に進出する", 4: "事業の安定・拡大"}
