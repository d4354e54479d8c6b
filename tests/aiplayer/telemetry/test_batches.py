"""What /metrics tells of batches, beside what happened by construction."""

import asyncio

import pytest

from aiplayer.batching import Batches, Ticket
from aiplayer.errors import TooBusy
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import GATEWAY
from tests.support.metrics import measured

MOST_ITEMS, MOST_WAITING = 2, 3


def labels_of(work: str) -> dict[str, str]:
    return {"place": GATEWAY, "work": work}


def test_batches_their_sizes_and_what_waits_are_told():
    async def scene() -> None:
        may_compute = asyncio.Event()

        async def compute(items: list[int], tickets: list[Ticket]) -> list[int]:
            await may_compute.wait()
            return items

        watcher = MeasuredBatches(GATEWAY, "sizes")
        batches = Batches("doubler", compute, MOST_ITEMS, MOST_WAITING, watcher=watcher)
        callers = []
        for item in range(4):
            callers.append(asyncio.create_task(batches.result(item, Ticket())))
            await asyncio.sleep(0.01)
        # One is computed.
        assert measured("aiplayer_queue_items", **labels_of("sizes")) == 3
        with pytest.raises(TooBusy):
            await batches.result(4, Ticket())

        may_compute.set()
        await asyncio.gather(*callers)

    asyncio.run(scene())
    assert measured("aiplayer_queue_items", **labels_of("sizes")) == 0
    # 1, then 2, then 1.
    assert measured("aiplayer_batch_items_count", **labels_of("sizes")) == 3
    assert measured("aiplayer_batch_items_sum", **labels_of("sizes")) == 4
    assert measured("aiplayer_batch_items_bucket", le="1.0", **labels_of("sizes")) == 2
    assert measured("aiplayer_waiting_seconds_count", **labels_of("sizes")) == 4
    assert measured("aiplayer_batch_seconds_count", **labels_of("sizes")) == 3
    assert measured("aiplayer_refused_total", reason="queue_full", **labels_of("sizes")) == 1
    assert measured("aiplayer_refused_total", reason="time_is_up", **labels_of("sizes")) == 0


def test_a_reason_that_nobody_has_named_is_refused_for_labels_are_few():
    with pytest.raises(KeyError):
        MeasuredBatches(GATEWAY, "reasons", ["runner_away"]).refused("a title that was typed")


def test_what_a_killed_process_of_the_same_number_had_waiting_is_forgotten():
    MeasuredBatches(GATEWAY, "killed").came(5)
    MeasuredBatches(GATEWAY, "killed")
    assert measured("aiplayer_queue_items", **labels_of("killed")) == 0
