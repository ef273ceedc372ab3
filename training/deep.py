"""The network over the pieces of an utterance, trained with JAX. Its pass is the same as that of :mod:`bot.understanding.network`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.nlp.sentence_model import SentenceModel
from bot.understanding.features import NEAR
from bot.understanding.mentions import KINDS
from bot.understanding.network import SENTENCE, SPAN
from training.arrays import Array, Batch, Logits, Row, batch

WIDTH = 160
_HIDDEN = 256
_BATCH = 48
_EPOCHS = 22
_RATE = 1.5e-3
_DROPPED = 0.3
_NEAR_DROPPED = 0.25
_AVERAGED = 0.998
_TAGS_COUNT = 2.0
"""What the tags of pieces weigh in the loss beside acts, task and slots."""

Weights = dict[str, Any]


def begin(seed: int) -> Weights:
    """Weights to start from."""
    random = np.random.default_rng(seed)

    def drawn(*shape: int, scale: float = 0.0) -> Any:
        return jnp.asarray(random.normal(0, scale or 1 / np.sqrt(shape[0]), shape), jnp.float32)

    whole = 2 * WIDTH + SentenceModel.width + len(SLOTS) + 1 + len(TASKS) + 1 + len(SLOTS)
    outputs = len(ACTS) + len(TASKS) + 1 + len(SLOTS)
    return {
        "pieces": drawn(SentenceModel.breadth, WIDTH),
        "pieces_bias": jnp.zeros(WIDTH),
        "kinds": drawn(2 * len(KINDS), WIDTH, scale=0.3),
        "near": drawn(NEAR, WIDTH, scale=0.05),
        "asked": drawn(len(SLOTS) + 1, WIDTH, scale=0.3),
        "task": drawn(len(TASKS) + 1, WIDTH, scale=0.3),
        "first": drawn(SPAN * WIDTH, WIDTH),
        "first_bias": jnp.zeros(WIDTH),
        "second": drawn(SPAN * WIDTH, WIDTH),
        "second_bias": jnp.zeros(WIDTH),
        "tags": drawn(WIDTH, 1 + 2 * len(SLOTS)),
        "tags_bias": jnp.zeros(1 + 2 * len(SLOTS)),
        "acts": drawn(WIDTH, len(ACTS), scale=0.02),
        "hidden": drawn(whole, _HIDDEN),
        "hidden_bias": jnp.zeros(_HIDDEN),
        "out": drawn(_HIDDEN, outputs),
        "out_bias": jnp.zeros(outputs),
        "said": jnp.full(len(SLOTS), 2.0),
    }


def _passed(weights: Weights, given: dict[str, Any], key: Any = None) -> tuple[Any, Any, Any, Any]:
    """Logits of tags, acts, task and slots; with a ``key`` parts are dropped at random, as in training."""

    def kept(rows: Any, place: int, dropped: float = _DROPPED, shape: Any = None) -> Any:
        if key is None:
            return rows
        chance = jax.random.bernoulli(jax.random.fold_in(key, place), 1 - dropped, rows.shape if shape is None else shape)
        return rows * chance / (1 - dropped)

    there = given["there"][..., None]
    near = jnp.where((given["near"] > 0)[..., None], weights["near"][given["near"]], 0).sum(2)
    near = kept(near, 9, _NEAR_DROPPED, (*near.shape[:2], 1))
    setting = weights["asked"][given["asked"]] + weights["task"][given["task"]]
    rows = kept(given["pieces"], 0) @ weights["pieces"] + given["kinds"] @ weights["kinds"] + near
    rows = kept(_normed(jax.nn.relu(rows + setting[:, None] + weights["pieces_bias"])) * there, 1)
    for place, layer in ((2, "first"), (3, "second")):
        seen = jax.nn.relu(_windows(rows) @ weights[layer] + weights[f"{layer}_bias"])
        rows = _normed(rows + seen) * there
        rows = kept(rows, place) if layer == "first" else rows
    tags = kept(rows, 4) @ weights["tags"] + weights["tags_bias"]
    likely = jax.nn.softmax(tags) * there
    said = (likely[..., 1::2] + likely[..., 2::2]).max(1)
    highest = jnp.where(there > 0, rows, -9).max(1)
    mean = rows.sum(1) / jnp.maximum(given["there"].sum(1, keepdims=True), 1)
    whole = jnp.concatenate(
        (
            highest,
            mean,
            SENTENCE * kept(given["sentence"], 5),
            jax.nn.one_hot(given["asked"], len(SLOTS) + 1),
            jax.nn.one_hot(given["task"], len(TASKS) + 1),
            said,
        ),
        -1,
    )
    hidden = jax.nn.relu(kept(whole, 6) @ weights["hidden"] + weights["hidden_bias"])
    out = kept(hidden, 7) @ weights["out"] + weights["out_bias"]
    acts, opened, slots = jnp.split(out, [len(ACTS), len(ACTS) + len(TASKS) + 1], axis=-1)
    acts = acts + jnp.where(there > 0, kept(rows, 8) @ weights["acts"], -9).max(1)
    return tags, acts, opened, slots + weights["said"] * (said - 0.5)


def _windows(rows: Any) -> Any:
    padded = jnp.pad(rows, ((0, 0), (SPAN // 2, SPAN // 2), (0, 0)))
    return jnp.concatenate([padded[:, place : place + rows.shape[1]] for place in range(SPAN)], -1)


def _normed(rows: Any) -> Any:
    centred = rows - rows.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)


def _loss(weights: Weights, given: dict[str, Any], key: Any) -> Any:
    tags, acts, opened, slots = _passed(weights, given, key)

    def wrong(logits: Any, truth: Any) -> Any:
        return (jnp.logaddexp(0, logits) - logits * truth).sum(1).mean()

    by_piece = optax.softmax_cross_entropy_with_integer_labels(tags, given["tags"]) * given["there"]
    by_task = optax.softmax_cross_entropy_with_integer_labels(opened, given["begin"])
    pieces = by_piece.sum() / given["there"].sum()
    return _TAGS_COUNT * pieces + wrong(acts, given["acts"]) + by_task.mean() + wrong(slots, given["slots"])


def train(rows: Sequence[Row], seed: int, tell: Callable[[str], None]) -> Weights:
    """Learn from rows; the weights are an average over the last steps."""
    weights = begin(seed)
    averaged = weights
    steps = _EPOCHS * len(rows) // _BATCH
    optimizer = optax.adamw(optax.warmup_cosine_decay_schedule(0, _RATE, 100, max(200, steps), 1e-5), weight_decay=0.01)
    state = optimizer.init(weights)
    key = jax.random.PRNGKey(seed)

    @jax.jit  # type: ignore[untyped-decorator]
    def step(weights: Weights, averaged: Weights, state: Any, given: dict[str, Any], key: Any) -> tuple[Any, Any, Any, Any]:
        loss, slope = jax.value_and_grad(_loss)(weights, given, key)
        change, state = optimizer.update(slope, state, weights)
        weights = optax.apply_updates(weights, change)
        mixed = jax.tree.map(lambda old, new: _AVERAGED * old + (1 - _AVERAGED) * new, averaged, weights)
        return weights, mixed, state, loss

    for epoch in range(_EPOCHS):
        losses = []
        for chosen in _batches(rows, np.random.default_rng((seed, epoch))):
            key, once = jax.random.split(key)
            weights, averaged, state, loss = step(weights, averaged, state, _given(batch(chosen)), once)
            losses.append(float(loss))
        tell(f"epoch {epoch + 1} of {_EPOCHS}: loss {np.mean(losses):.3f}")
    return {name: np.asarray(array) for name, array in averaged.items()}


def _batches(rows: Sequence[Row], random: np.random.Generator) -> Iterator[list[Row]]:
    """Rows in random order, those of like length side by side, so that little is padded."""
    order = random.permutation(len(rows))
    found = []
    for start in range(0, len(order), 16 * _BATCH):
        near = sorted(order[start : start + 16 * _BATCH], key=lambda place: len(rows[place].labels.tags))
        found += [near[first : first + _BATCH] for first in range(0, len(near) - _BATCH + 1, _BATCH)]
    random.shuffle(found)
    for places in found:
        yield [rows[place] for place in places]


def _given(made: Batch) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Batch.__slots__}


def logits(weights: Weights, rows: Sequence[Row]) -> Logits:
    """What weights say of rows, in their order."""
    held = {name: jnp.asarray(array) for name, array in weights.items()}
    passed = jax.jit(lambda given: _passed(held, given)[1:])
    order = sorted(range(len(rows)), key=lambda place: len(rows[place].labels.tags))
    found: dict[int, tuple[Array, ...]] = {}
    for start in range(0, len(order), _BATCH):
        places = order[start : start + _BATCH]
        said = [np.asarray(one) for one in passed(_given(batch([rows[place] for place in places])))]
        found |= {place: tuple(one[row] for one in said) for row, place in enumerate(places)}
    return Logits(*(np.stack([found[place][number] for place in range(len(rows))]) for number in range(3)))
