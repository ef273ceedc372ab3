"""Which options of a slot words mean: a linear model a slot, over words, sequences of signs and of sounds, and their meaning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.knowledge.dialogs import Slot
from bot.nlp.encoder import Encoder, encode_in_turns
from bot.nlp.normalize import fold
from bot.understanding.options import COLUMNS, columns_of

_LEAST = 5
"""Labelled examples without which an option is left to the words that staff gave it."""

Labelled = list[tuple[str, tuple[str, ...]]]


def read(folder: Path, slots: Mapping[str, Slot]) -> dict[str, Labelled]:
    """Labelled words by slot: those of the folder, and the words and examples that staff gave the options that are labelled there."""
    found: dict[str, Labelled] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                found.setdefault(file.stem, []).append((fold(row["said"]), tuple(row["options"])))
    for slot_id, rows in found.items():
        slot = slots.get(slot_id)
        counts = Counter(option for _, options in rows for option in options)
        rows[:] = [(said, tuple(one for one in options if counts[one] >= _LEAST)) for said, options in rows]
        for option in slot.options if slot is not None else ():
            if counts[option.id] < _LEAST:
                continue
            rows += [(said, (option.id,)) for said in (*option.words, *option.examples, fold(option.label)) if len(said) > 1]
    return found


def train(labelled: Mapping[str, Labelled], encoder: Encoder, seed: int) -> tuple[dict[str, Any], dict[str, float]]:
    """Weights for every slot, and how often cross-validation finds the very options labelled."""
    made: dict[str, Any] = {}
    right: dict[str, float] = {}
    for slot_id, rows in labelled.items():
        names = sorted({option for _, options in rows for option in options})
        given = _matrix([said for said, _ in rows], encoder)
        truth = np.array([[name in options for name in names] for _, options in rows])
        coefficients = np.zeros((given.shape[1], len(names)), dtype=np.float32)
        bias = np.zeros(len(names), dtype=np.float32)
        guessed = np.zeros(truth.shape)
        for column in range(len(names)):
            model = LogisticRegression(C=20.0, solver="liblinear", random_state=seed)
            if truth[:, column].sum() >= 5:
                guessed[:, column] = cross_val_predict(model, given, truth[:, column], cv=5, method="predict_proba")[:, 1]
            model.fit(given, truth[:, column])
            coefficients[:, column] = model.coef_[0]
            bias[column] = model.intercept_[0]
        right[slot_id] = float((guessed.argmax(1) == truth.argmax(1))[truth.any(1)].mean())
        near, meaning = coefficients[:COLUMNS], coefficients[COLUMNS:]
        scale = np.abs(near).max(axis=0) / 127
        scale[scale == 0] = 1
        made[f"option_{slot_id}"] = np.round(near / scale).astype(np.int8)
        made[f"option_meaning_{slot_id}"] = meaning.astype(np.float16)
        made[f"option_{slot_id}_scale"] = scale.astype(np.float32)
        made[f"option_bias_{slot_id}"] = bias
        made[f"option_names_{slot_id}"] = np.array(names)
    return made, right


def _matrix(texts: list[str], encoder: Encoder) -> csr_matrix:
    columns = [columns_of(text) for text in texts]
    values = np.concatenate([np.full(len(one), 1 / np.sqrt(len(one))) for one in columns])
    starts = np.concatenate(([0], np.cumsum([len(one) for one in columns])))
    signs = csr_matrix((values, np.concatenate(columns), starts), shape=(len(texts), COLUMNS))
    return hstack([signs, csr_matrix(encode_in_turns(encoder, [text[:100] for text in texts]))]).tocsr()
