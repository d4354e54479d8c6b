"""The models alone, in batches, in one process on one thread: what any server of them could reach at most on one core.

python -m loadtests.peers.bare --seconds 10

No HTTP; the database is read between the batches, and that time is not counted. A journey is what the service computes
for one: the title is embedded for the search, and once more for the recommendation. Prints JSON.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from aiplayer.catalogue import Catalogue, Playlist
from aiplayer.recommender.request import Found, Request
from aiplayer.settings import Settings
from gateway.answers import recommender_request
from gateway.schemas import RecommendRequest
from loadtests.answers import PLAYLISTS
from loadtests.peers.answering import Models, load_catalogue
from loadtests.titles import distinct_titles
from training.console import run_command

BATCH = 32
T = TypeVar("T")


class Stopwatch:
    """Adds up the seconds that some calls take, and those of them in which this process computes."""

    def __init__(self) -> None:
        self.seconds = self.cpu_s = 0.0

    def timed(self, call: Callable[[], T]) -> T:
        """What a call returns; its time is counted."""
        start_s, cpu_start_s = time.perf_counter(), time.process_time()
        result = call()
        self.seconds += time.perf_counter() - start_s
        self.cpu_s += time.process_time() - cpu_start_s
        return result


def compute(models: Models, catalogue: Catalogue, titles: list[str]) -> Stopwatch:
    """Compute the journeys of some titles, and tell how long the models took for it.

    Args:
        models: The models.
        catalogue: Where the playlists are read that were found; the time for it is not counted.
        titles: The titles, which are computed together.
    """
    watch = Stopwatch()
    found = watch.timed(lambda: _search(models, titles))

    all_playlists = [catalogue.playlists([hit.playlist_id for hit in one.playlists]) for one in found]
    watch.timed(lambda: _recommend(models, titles, all_playlists))
    return watch


def _search(models: Models, titles: list[str]) -> list[Found]:
    embeddings = models.encoder.embed(titles)
    wishes = [Request(embedding, title) for title, embedding in zip(titles, embeddings, strict=True)]
    return models.playlists.search(wishes, [PLAYLISTS] * len(titles))


def _recommend(models: Models, titles: list[str], all_playlists: list[list[Playlist]]) -> None:
    embeddings = models.encoder.embed(titles)
    wishes = []
    for title, playlists, embedding in zip(titles, all_playlists, embeddings, strict=True):
        request = RecommendRequest(title=title, playlist_ids=[playlist.playlist_id for playlist in playlists])
        wishes.append(recommender_request(request, playlists, set(), embedding))
    models.recommender.recommend(wishes)


def batches(titles: Iterator[str], seconds: float, compute_batch: Callable[[list[str]], Stopwatch]) -> list[Stopwatch]:
    """Compute batch after batch, at least one, until they make up so many seconds.

    Args:
        titles: A new one for each journey.
        seconds: Of computing.
        compute_batch: Computes a batch of titles.
    """
    watches = [compute_batch(list(islice(titles, BATCH)))]
    while sum(watch.seconds for watch in watches) < seconds:
        watches.append(compute_batch(list(islice(titles, BATCH))))
    return watches


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.peers.bare", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--warm-up", type=float, default=3.0, help="seconds before that are not counted")
    parser.add_argument("--seed", type=int, default=0, help="of the titles")
    options = parser.parse_args()

    settings = Settings()
    models = Models.load(settings)
    catalogue = load_catalogue(settings, models)
    titles = distinct_titles(options.seed)

    def compute_batch(batch: list[str]) -> Stopwatch:
        return compute(models, catalogue, batch)

    batches(titles, options.warm_up, compute_batch)
    watches = batches(titles, options.seconds, compute_batch)
    times_ms = [1000 * watch.seconds for watch in watches]
    print(json.dumps({"batch": BATCH, "times_ms": times_ms, "cpu_s": sum(watch.cpu_s for watch in watches)}))


if __name__ == "__main__":
    run_command(main)
