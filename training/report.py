"""``python -m training.report``: how well utterances are understood, written into ``docs/understanding.md``.

usage: python -m training.report PART [PART …] [--curve] [--ablation]

PART is a folder of ``knowledge_base/understanding/utterances``. The figures of a part are those of the shipped weights. ``--curve`` learns
from ever more examples, ``--ablation`` without one kind of feature each, both measured on the development writers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.knowledge.examples import FOLDER, Written, read_examples
from bot.knowledge.labels import ACTS, SLOTS
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.talk.acts import Setting
from bot.understanding import weights
from bot.understanding.deciding import acts_of, slots_of
from bot.understanding.network import Network
from bot.understanding.understand import understand
from bot.understanding.utterance import Utterance
from training import deep, stack, wide
from training.__main__ import packed
from training.arrays import Row, rows
from training.figures import figures

_DOCUMENT = Path("docs/understanding.md")
_MARK = "<!-- {name}: made by python -m training.report -->"
_SEED = 7
_SIZES = (500, 1000, 2000, 4000, 8000)
_BINS = 10
_TIMES = 300


def main() -> int:
    """Measure and write; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    given = parser.parse_args()
    kb = open_knowledge_base(Path("knowledge_base"), UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    folder = Path("knowledge_base") / FOLDER / "utterances"
    texts = []
    for part in given.parts:
        written = _read(folder / part)
        texts.append("\n".join(_of_part(part, written, rows(kb, written))))
    _put("figures", "\n\n".join(texts))
    _put("speed", "\n".join(_speed(kb, _read(folder / "development"))))
    if given.curve or given.ablation:
        learn = rows(kb, _read(folder / "training"))
        tried = rows(kb, _read(folder / "development"))
        if given.curve:
            _put("curve", "\n".join(_curve(learn, tried)))
        if given.ablation:
            _put("ablation", "\n".join(_ablation(learn, tried)))
    return 0


def _read(folder: Path) -> list[Written]:
    found, problems = read_examples(folder)
    if problems:
        sys.exit("\n".join(map(str, problems)))
    return found


def _of_part(part: str, written: Sequence[Written], made: Sequence[Row]) -> Iterator[str]:
    """A part's figures: as a whole, by act and slot, and how far the confidences may be trusted."""
    network = Network(weights.shipped().arrays)
    scores = [network(row.features) for row in made]
    truth = np.stack([row.labels.acts for row in made]) > 0
    found = np.array([acts_of(one) for one in scores])
    slots, told = np.stack([row.labels.slots for row in made]) > 0, np.array([slots_of(one) for one in scores])
    yield f"### {part}: {len({one.writer for one in written})} writers, {len(written)} utterances"
    yield ""
    yield f"{figures(weights.shipped().arrays, made)}"
    yield ""
    yield from _table("act", ACTS, truth, found)
    yield ""
    yield from _table("slot", SLOTS, slots, told)
    yield ""
    sure = np.array([one.acts for one in scores])
    yield from _calibration(sure.ravel(), truth.ravel())


def _table(kind: str, names: Sequence[str], truth: np.ndarray, found: np.ndarray) -> Iterator[str]:
    yield f"| {kind} | said | precision | recall | F1 |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for column, name in enumerate(names):
        both = int((truth[:, column] & found[:, column]).sum())
        said, taken = int(truth[:, column].sum()), int(found[:, column].sum())
        precision, recall = both / max(1, taken), both / max(1, said)
        yield f"| {name} | {said} | {precision:.2f} | {recall:.2f} | {2 * both / max(1, said + taken):.2f} |"


def _calibration(sure: np.ndarray, truth: np.ndarray) -> Iterator[str]:
    """The reliability diagram as a table, and the expected calibration error."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    error = 0.0
    yield "| confidence | acts | true |"
    yield "| --- | ---: | --- |"
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            share = float(truth[inside].mean())
            error += inside.mean() * abs(share - float(sure[inside].mean()))
            bar = "█" * round(share * 20)
            yield f"| {number / _BINS:.1f}-{(number + 1) / _BINS:.1f} | {int(inside.sum())} | {share:.2f} {bar} |"
    yield ""
    yield f"Expected calibration error of the acts: {error:.3f}"


def _speed(kb: KnowledgeBase, written: Sequence[Written]) -> Iterator[str]:
    """What understanding costs beside the sentence's vector, in one run; and the weights."""
    texts = [one.example.text for one in written[:_TIMES]]
    day = date(2026, 11, 25)
    vector = _median(lambda text: kb.encoder.encode([f"{text} "]), texts)
    whole = _median(lambda text: understand(kb, Setting(), Utterance.of(kb, text, day), day), texts)
    started = time.perf_counter()
    weights.read(weights.FILE)
    loaded = time.perf_counter() - started
    yield f"- An utterance taken apart and understood: {whole / vector:.1f} × the time of its sentence vector (medians of {len(texts)} in one run)."
    yield f"- Weights: {weights.FILE.stat().st_size / 1e6:.1f} MB, read in {loaded:.2f} s."


def _median(work: Callable[[str], object], texts: Sequence[str]) -> float:
    taken = []
    for text in texts:
        started = time.perf_counter()
        work(text)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _learned(learn: Sequence[Row], tried: Sequence[Row]) -> str:
    made, linear = deep.train(learn, _SEED, lambda _: None), wide.train(learn, _SEED)
    stacked = stack.fit(deep.logits(made, tried), wide.logits(linear, tried), tried)
    one = figures(_unpacked(packed({**made, **linear, **stacked})), tried)
    return f"{one.acts:.3f} | {one.slots:.3f} | {one.opened:.3f}"


def _unpacked(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: array if array.dtype == np.int8 else array.astype(np.float32) for name, array in arrays.items()}


def _curve(learn: Sequence[Row], tried: Sequence[Row]) -> Iterator[str]:
    """Learned from ever more examples, drawn over all writers."""
    order = np.random.default_rng(_SEED).permutation(len(learn))
    yield "| examples | acts F1 | slots F1 | tasks opened |"
    yield "| ---: | ---: | ---: | ---: |"
    for size in (*(one for one in _SIZES if one < len(learn)), len(learn)):
        yield f"| {size} | {_learned([learn[place] for place in order[:size]], tried)} |"


def _ablation(learn: Sequence[Row], tried: Sequence[Row]) -> Iterator[str]:
    """Learned without one kind of feature each."""
    kinds: dict[str, Callable[[Row], Row]] = {
        "everything": lambda row: row,
        "no words and sequences": lambda row: _with(row, near=np.zeros_like(row.features.near), wide=row.features.wide[:0]),
        "no mentions by readers": lambda row: _with(row, kinds=np.zeros_like(row.features.kinds)),
        "no encoder": lambda row: _with(
            row, pieces=np.zeros_like(row.features.pieces), sentence=np.zeros_like(row.features.sentence)
        ),
        "no setting": lambda row: _with(row, task=0, asked=0),
    }
    yield "| learned with | acts F1 | slots F1 | tasks opened |"
    yield "| --- | ---: | ---: | ---: |"
    for name, change in kinds.items():
        yield f"| {name} | {_learned([change(row) for row in learn], [change(row) for row in tried])} |"


def _with(row: Row, **changes: object) -> Row:
    return replace(row, features=replace(row.features, **changes))  # type: ignore[arg-type]


def _put(name: str, text: str) -> None:
    """Replace a marked part of the document."""
    mark = _MARK.format(name=name)
    before, _, rest = _DOCUMENT.read_text("utf-8").partition(mark)
    _, _, after = rest.partition(mark)
    _DOCUMENT.write_text(f"{before}{mark}\n{text}\n{mark}{after}", "utf-8")
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
