"""What /metrics tells of this product: every instrument with its labels, the same for the gateway and the runners.

The values of labels are few and fixed, so that /metrics never grows by what callers send.
"""

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram

GATEWAY, RUNNER = "gateway", "runner"

# Where the histograms part.
BATCH_SIZES = (1, 2, 4, 8, 16, 32)
SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300)
PICTURE_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)

# Of gauges only what processes say that are alive counts (`gateway.processes`).
SUM_OF_THE_LIVING: Final = "livesum"
ANY_OF_THE_LIVING: Final = "livemax"


class Instruments(NamedTuple):
    """The instruments of one process.

    Attributes:
        queue_items: Items that wait, by place and work.
        batch_items: Items of a batch, by place and work.
        waiting_s: Seconds until an item was begun, by place and work.
        batch_s: Seconds of a batch, by place and work.
        refused: What was not begun, by place, work and reason.
        under_way: Requests under way, by kind.
        stage_s: Seconds of a stage of a request, by stage.
        lookups: Looks into what is kept in memory, by cache and outcome.
        errors: Answers that tell an error, by its code.
        picture_s: Seconds of a step of a picture, by step.
        model_set: 1, by the name of the set of models and the version of each.
        placed: 1, by a part with a model, the device that it computes on, and the model of its card.
    """

    queue_items: "Gauge"
    batch_items: "Histogram"
    waiting_s: "Histogram"
    batch_s: "Histogram"
    refused: "Counter"
    under_way: "Gauge"
    stage_s: "Histogram"
    lookups: "Counter"
    errors: "Counter"
    picture_s: "Histogram"
    model_set: "Gauge"
    placed: "Gauge"


@cache
def instruments() -> Instruments:
    """The instruments, made when they are needed first.

    They write into files that all processes of a service share. The folder of these files is named by a variable that
    `prometheus_client` reads when it is imported, so it must not be imported before BentoML has set that.
    """
    from prometheus_client import Counter, Gauge, Histogram

    return Instruments(
        queue_items=Gauge(
            "aiplayer_queue_items",
            "Items that wait to be begun",
            ["place", "work"],
            multiprocess_mode=SUM_OF_THE_LIVING,
        ),
        batch_items=Histogram("aiplayer_batch_items", "Items of a batch", ["place", "work"], buckets=BATCH_SIZES),
        waiting_s=Histogram(
            "aiplayer_waiting_seconds", "Seconds until an item was begun", ["place", "work"], buckets=SECONDS
        ),
        batch_s=Histogram(
            "aiplayer_batch_seconds",
            "Seconds of a batch: in a runner of computing it, in the gateway of the call",
            ["place", "work"],
            buckets=SECONDS,
        ),
        refused=Counter("aiplayer_refused", "Items and requests that were not begun", ["place", "work", "reason"]),
        under_way=Gauge(
            "aiplayer_requests_under_way", "Requests under way", ["kind"], multiprocess_mode=SUM_OF_THE_LIVING
        ),
        stage_s=Histogram("aiplayer_stage_seconds", "Seconds of a stage of a request", ["stage"], buckets=SECONDS),
        lookups=Counter("aiplayer_cache_lookups", "Looks into what is kept in memory", ["cache", "outcome"]),
        errors=Counter("aiplayer_errors", "Answers that tell an error", ["code"]),
        picture_s=Histogram(
            "aiplayer_picture_seconds", "Seconds of a step of a picture", ["step"], buckets=PICTURE_SECONDS
        ),
        model_set=Gauge(
            "aiplayer_model_set_info",
            "The set of models in use, by the version of each",
            ["model_set", "title_encoder", "title_index", "playlist_autoencoder", "thumbnail"],
            multiprocess_mode=ANY_OF_THE_LIVING,
        ),
        placed=Gauge(
            "aiplayer_device_info",
            "Where each part with a model computes",
            ["part", "device", "card"],
            multiprocess_mode=ANY_OF_THE_LIVING,
        ),
    )


class CacheLookups:
    """Counts how often something was found in memory.

    Args:
        name: What /metrics calls the cache.
    """

    def __init__(self, name: str) -> None:
        self._hits = instruments().lookups.labels(name, "hit")
        self._misses = instruments().lookups.labels(name, "miss")

    def count(self, hits: int, misses: int) -> None:
        """Count what was found and what was not."""
        if hits:
            self._hits.inc(hits)
        if misses:
            self._misses.inc(misses)
