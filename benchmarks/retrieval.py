"""The product's own search on a public FAQ collection, beside simple peers.

``python -m benchmarks.retrieval DIR [--rankings OUT.jsonl]``: indexes ``DIR/corpus.json`` as FAQs, runs ``DIR/queries.json``,
writes rankings (``{"query", "ranking"}`` a line) and prints quality against ``DIR/qrels.json``, latency and memory.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.search import Document, SearchIndex, analyse, sentences
from bot.nlp.bm25 import Bm25, weigh
from bot.nlp.encoder import UniversalSentenceEncoder, VectorCache
from bot.nlp.normalize import fold
from bot.nlp.synonyms import Synonyms, document_terms, query_terms

Ranker = Callable[[str], list[str]]


def documents(corpus: Mapping[str, str]) -> list[Document]:
    """FAQs of the form ``Question: …\\nAnswer: …``."""
    found = []
    for number, text in corpus.items():
        match = re.match(r"Question: (.*?)\nAnswer: (.*)", text, re.DOTALL)
        question, answer = (match[1], match[2]) if match else (text[:100], text)
        found.append(Document(number, (), (question,), "", answer))
    return found


def ndcg(ranking: Sequence[str], judged: Mapping[str, int], depth: int = 10) -> float:
    """Normalized discounted cumulative gain over the first ``depth`` results."""
    gain = sum(judged.get(one, 0) / math.log2(place + 2) for place, one in enumerate(ranking[:depth]))
    ideal = sum(value / math.log2(place + 2) for place, value in enumerate(sorted(judged.values(), reverse=True)[:depth]))
    return gain / ideal if ideal else 0.0


def evaluate(
    name: str, rank: Ranker, queries: Mapping[str, str], judged: Mapping[str, Mapping[str, int]]
) -> dict[str, list[str]]:
    """Run all queries, print one line, return the rankings."""
    rankings: dict[str, list[str]] = {}
    seconds = []
    for number, text in queries.items():
        start = time.perf_counter()
        rankings[number] = rank(text)
        seconds.append(time.perf_counter() - start)
    quality = np.mean([ndcg(rankings[one], judged.get(one, {})) for one in queries])
    recall = np.mean(
        [len(set(rankings[one][:10]) & set(judged.get(one, {}))) / max(1, len(judged.get(one, {}))) for one in queries]
    )
    p50, p95, p99 = np.percentile(seconds, [50, 95, 99]) * 1000
    print(f"{name:28} nDCG@10 {quality:.4f}  Recall@10 {recall:.4f}  p50 {p50:.2f} ms  p95 {p95:.2f} ms  p99 {p99:.2f} ms")
    return rankings


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rankings", type=Path)
    options = parser.parse_args()
    corpus, queries, judged = (
        json.loads((options.folder / f"{name}.json").read_text("utf-8")) for name in ("corpus", "queries", "qrels")
    )

    start = time.perf_counter()
    docs = documents(corpus)
    none = Synonyms()
    analysed = [analyse(doc, none) for doc in docs]
    encoder = UniversalSentenceEncoder()
    vectors = VectorCache(encoder, None).encode(sentences(analysed))
    index = SearchIndex(analysed, none, encoder, vectors)
    built = time.perf_counter() - start

    rankings = evaluate("this product", lambda text: [hit.id for hit in index.search(text, 10)], queries, judged)
    names = [doc.id for doc in docs]
    questions = [fold(doc.questions[0]) for doc in docs]
    bm25 = Bm25(
        [
            weigh(
                {"question": document_terms(doc.questions[0], none), "answer": document_terms(doc.body, none)},
                {"question": 1.0, "answer": 1.0},
            )
            for doc in docs
        ]
    )
    own = np.array([number for number, doc in enumerate(docs) for _ in doc.sentences])

    def by_words(text: str) -> list[str]:
        return [names[place] for place in np.argsort(-bm25.scores(query_terms(text, none)))[:10]]

    def by_vectors(text: str) -> list[str]:
        best = np.full(len(docs), -1.0)
        np.maximum.at(best, own, vectors @ encoder.encode([fold(text)])[0])
        return [names[place] for place in np.argsort(-best)[:10]]

    def by_fuzzy(text: str) -> list[str]:
        return [names[place] for _, _, place in process.extract(fold(text), questions, scorer=fuzz.ratio, limit=10)]

    evaluate("BM25 (Sudachi A)", by_words, queries, judged)
    evaluate("sentence vectors", by_vectors, queries, judged)
    evaluate("RapidFuzz ratio", by_fuzzy, queries, judged)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(docs)} documents indexed in {built:.1f} s; peak memory {memory:.0f} MiB for all of the above")
    if options.rankings:
        lines = (json.dumps({"query": number, "ranking": ranking}) for number, ranking in rankings.items())
        options.rankings.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
