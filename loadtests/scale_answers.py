"""The steps of `loadtests.scale` that want a process of their own: the index of the titles, and the answers.

    python -m loadtests.scale_answers index --train FILE --model DIR
    python -m loadtests.scale_answers ask --train FILE --model DIR

The second loads what the service's runner loads, and prints figures as `loadtests.scale.Cost` names them.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from aiplayer.recommender.playlist_search import PlaylistSearch
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from aiplayer.settings import Settings
from aiplayer.titles.index import TitleIndex
from training.dataset.frames import read_playlists
from training.memory import peak_memory_mib

# What is asked, with the embeddings, so that the process that answers needs no encoder.
ASKED_FILE = "asked.npz"
TITLES, SEED = 100, 0
WARM_UP = 5
FOUND = 3


def make_index(train: Path, model: Path) -> None:
    """Keep the index of the titles, and titles to ask with, in the model's folder."""
    from aiplayer.titles import encoder
    from training.titles.embedding import embed_once
    from training.titles.parts import title_parts
    from training.titles.title_index import build_index

    playlists = read_playlists(train)
    titles = playlists["title"].to_list()
    _, parts = title_parts(titles)
    embed = embed_once(encoder.create(), [*titles, *parts])
    build_index(playlists["playlist_id"].to_list(), titles, embed).save(model)

    random = np.random.default_rng(SEED)
    asked = random.choice([title for title in titles if len(title) > 1], TITLES).tolist()
    entries = int(playlists["songs"].list.len().sum())
    np.savez(model / ASKED_FILE, titles=asked, embeddings=embed(asked), entries=entries)


def ask(model: Path) -> dict[str, float]:
    """Ask for playlists and for songs, one title after the other."""
    threadpool_limits(Settings().threads)
    recommender = Recommender.load(model)
    index = TitleIndex.load(model)
    search = PlaylistSearch(recommender, index)
    with np.load(model / ASKED_FILE) as asked:
        titles, embeddings, entries = asked["titles"].tolist(), asked["embeddings"], float(asked["entries"])
    requests = [Request(embedding, title) for embedding, title in zip(embeddings, titles, strict=True)]
    return {
        "playlists": len(index.playlist_ids),
        "entries": entries,
        "songs": recommender.vocabulary.song_count,
        "titles_ms": _median_ms(lambda request: index.similarities(request.title_embedding), requests),
        "search_ms": _median_ms(lambda request: search.search([request], [FOUND]), requests),
        "recommend_ms": _median_ms(lambda request: recommender.recommend([request]), requests),
        "serve_mib": peak_memory_mib(),
    }


def _median_ms(answer: Callable[[Request], object], requests: list[Request]) -> float:
    for request in requests[:WARM_UP]:
        answer(request)
    taken_s = []
    for request in requests:
        began_s = time.perf_counter()
        answer(request)
        taken_s.append(time.perf_counter() - began_s)
    return 1_000 * float(np.median(taken_s))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.scale_answers")
    parser.add_argument("step", choices=["index", "ask"])
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.step == "index":
        make_index(arguments.train, arguments.model)
    else:
        print(json.dumps(ask(arguments.model)))


if __name__ == "__main__":
    main()
