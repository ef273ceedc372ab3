"""The file of trained weights: reading it, and saying plainly what is wrong with it."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.nlp.sentence_model import Array
from bot.understanding.features import NEAR, WIDE

FILE = Path(__file__).parent / "weights.npz"
FORM = 2
"""Changes whenever the features or the network do, so that weights made for others are not used."""

_MEND = "Run `make train`, or restore the file from the repository."


class WeightsError(Exception):
    """The weights cannot be used; the text tells operators why and what to do."""


@dataclass(frozen=True, slots=True)
class Weights:
    """``arrays`` by name, and the digest of the examples that they were learned from."""

    arrays: dict[str, Array]
    learned_from: str


def labels() -> str:
    """What the numbers in the weights stand for, and for which features they were made."""
    return " ".join(("|".join(ACTS), "|".join(TASKS), "|".join(SLOTS), f"{WIDE} {NEAR} form {FORM}"))


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights of the repository. Raises :class:`WeightsError`."""
    return read(FILE)


def read(file: Path) -> Weights:
    """Read weights. Raises :class:`WeightsError` when they are missing, damaged, or made for other labels or features."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise WeightsError(f"The weights {file} are missing. {_MEND}") from None
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise WeightsError(f"The weights {file} are damaged ({type(error).__name__}). {_MEND}") from None
    made_for = str(arrays.pop("labels", ""))
    learned_from = str(arrays.pop("learned_from", ""))
    if made_for != labels():
        raise WeightsError(f"The weights {file} were made for other labels or features than this version's. {_MEND}")
    return Weights(
        {name: array.astype(np.float32) if array.dtype.kind == "f" else array for name, array in arrays.items()}, learned_from
    )


def write(file: Path, arrays: dict[str, Array], learned_from: str) -> None:
    """Write weights so that :func:`read` takes them."""
    named = {"labels": np.array(labels()), "learned_from": np.array(learned_from)}
    np.savez_compressed(file, **named, **arrays)  # type: ignore[arg-type]
