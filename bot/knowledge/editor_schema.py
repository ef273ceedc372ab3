"""The JSON Schema that editors use to complete and check the YAML files."""

from __future__ import annotations

import json
from typing import Any

from bot.knowledge.schema import KnowledgeFile


def editor_schema() -> str:
    """JSON Schema of one file; facts may also be written ``- text`` or ``- label: text``."""
    schema = KnowledgeFile.model_json_schema()
    definitions: dict[str, Any] = schema["$defs"]
    text = {"type": "string"}
    labelled = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": text}
    definitions["Fact"] = {"anyOf": [text, labelled, definitions["Fact"]]}
    for short in ("Citation", "Item"):
        definitions[short] = {"anyOf": [text, definitions[short]]}
    schema["title"] = "みちしるべ 知識ベース"
    return json.dumps(schema, ensure_ascii=False, indent=1)
