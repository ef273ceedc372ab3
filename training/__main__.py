"""``python -m training``: learn the weights from the training writers, weigh the models and measure on the development writers, write them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bot.knowledge.asked import read_asked
from bot.knowledge.base import open_knowledge_base
from bot.knowledge.examples import FOLDER, digest, read_examples
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.understanding import weights
from training import deep, options, stack, wide
from training import parts as asking
from training.arrays import rows
from training.figures import figures

_SEED = 7


def main() -> int:
    """Train; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--knowledge-base", type=Path, default=Path("knowledge_base"))
    parser.add_argument("--out", type=Path, default=weights.FILE)
    given = parser.parse_args()
    started = time.monotonic()
    folder = given.knowledge_base / FOLDER / "utterances"
    options_folder = given.knowledge_base / FOLDER / "options"
    kb = open_knowledge_base(given.knowledge_base, UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    parts = {}
    for part in ("training", "development"):
        found, problems = read_examples(folder / part)
        if problems:
            sys.exit("\n".join(map(str, problems)))
        parts[part] = rows(kb, found)
        _tell(f"{part}: {len({row.writer for row in parts[part]})} writers, {len(found)} examples")
    labelled = options.read(options_folder, kb.content.slots)
    chosen, right = options.train(labelled, kb.encoder, _SEED)
    _tell("options: " + ", ".join(f"{slot} {share:.2f}" for slot, share in right.items()))
    asked, problems = read_asked(given.knowledge_base)
    if problems:
        sys.exit("\n".join(map(str, problems)))
    wanted, (first, second) = asking.train(asking.examples(kb, [(one, at.file.stem) for one, at in asked]), kb.encoder)
    _tell(f"part asked for: first {first:.3f}, among two {second:.3f}")
    chosen |= wanted
    learned = deep.train(parts["training"], _SEED, _tell)
    linear = wide.train(parts["training"], _SEED)
    stacked = stack.fit(
        deep.logits(learned, parts["development"]), wide.logits(linear, parts["development"]), parts["development"]
    )
    made = packed({**learned, **linear, **stacked}) | chosen
    weights.write(given.out, made, digest(folder))
    _tell(f"development writers: {figures(weights.read(given.out).arrays, parts['development'])}")
    _tell(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB after {(time.monotonic() - started) / 60:.1f} minutes")
    return 0


def packed(arrays: dict[str, Any]) -> dict[str, Any]:
    """Weights as small as they can be without saying anything else: the large tables in 8 bits, the rest in 16."""
    made: dict[str, Any] = {}
    for name, array in arrays.items():
        if name in ("near", "wide"):
            scale = np.abs(array).max(axis=0) / 127
            scale[scale == 0] = 1
            made[name] = np.round(array / scale).astype(np.int8)
            made[f"{name}_scale"] = scale.astype(np.float32)
        else:
            made[name] = array.astype(np.float16)
    return made


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
