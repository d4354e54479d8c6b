"""How fast the recommender answers, alone and in batches, and how much memory that takes.

It is measured in a process of its own, which loads what the service's runner loads and nothing else.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from threadpoolctl import threadpool_limits

from aiplayer.recommender.branches import BATCH
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from aiplayer.settings import Settings
from training.memory import peak_memory_mib

WARM_UP = 10


@dataclass(frozen=True)
class Speed:
    """Measured over all requests.

    Attributes:
        songs: How many songs the recommender ranks.
        tags: How many tags the recommender ranks.
        threads: How many threads do the arithmetic, as the service's settings say.
        median_ms: The median of a request alone.
        p95_ms: The time that 95% of the requests alone keep within.
        alone: Requests a second when they come one after another.
        batched: Requests a second when they come BATCH at a time.
        memory_mib: The most memory that the process ever had.
    """

    songs: int
    tags: int
    threads: int
    median_ms: float
    p95_ms: float
    alone: float
    batched: float
    memory_mib: float

    def text(self) -> str:
        """A line for each figure."""
        return (
            f"{self.songs:,} songs and {self.tags:,} tags, {self.threads} arithmetic thread(s)\n"
            f"alone         {self.median_ms:.1f} ms (median), {self.p95_ms:.1f} ms (95th percentile), "
            f"{self.alone:.0f} requests a second\n"
            f"{BATCH} together   {self.batched:.0f} requests a second, {self.batched / self.alone:.1f} times as many\n"
            f"memory        {self.memory_mib:,.0f} MiB at most"
        )


def measure(model: Path, requests: Sequence[Request]) -> Speed:
    """Time the requests in a process of its own.

    Args:
        model: The folder that `fit` has filled with the product.
        requests: What to ask for, BATCH requests or more.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requests.json"
        records = [asdict(request) | {"title_embedding": request.title_embedding.tolist()} for request in requests]
        file.write_text(json.dumps(records), encoding="utf-8")
        command = [sys.executable, "-m", "training.arena.timing", str(model), str(file)]
        ended = subprocess.run(command, check=True, capture_output=True, text=True)
        return Speed(**json.loads(ended.stdout))


def _measure(model: Path, requests: list[Request]) -> Speed:
    threads = Settings().threads
    threadpool_limits(threads)
    recommender = Recommender.load(model)
    recommender.warm_up()
    for request in requests[:WARM_UP]:
        recommender.recommend([request])

    alone_s = [_seconds(recommender, [request]) for request in requests]
    starts = range(0, len(requests) - BATCH + 1, BATCH)
    batched_s = [_seconds(recommender, requests[start : start + BATCH]) for start in starts]

    return Speed(
        songs=recommender.vocabulary.song_count,
        tags=len(recommender.vocabulary.tags),
        threads=threads,
        median_ms=1_000 * float(np.median(alone_s)),
        p95_ms=1_000 * float(np.quantile(alone_s, 0.95)),
        alone=1 / float(np.mean(alone_s)),
        batched=BATCH / float(np.mean(batched_s)),
        memory_mib=peak_memory_mib(),
    )


def _seconds(recommender: Recommender, requests: list[Request]) -> float:
    start = time.perf_counter()
    recommender.recommend(requests)
    return time.perf_counter() - start


def _main(model: Path, requests_file: Path) -> None:
    """Print the speed as JSON."""
    requests = []
    for record in json.loads(requests_file.read_text(encoding="utf-8")):
        title_embedding = np.array(record["title_embedding"], np.float32)
        requests.append(Request(**record | {"title_embedding": title_embedding}))
    speed = _measure(model, requests)
    print(json.dumps(asdict(speed)))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
