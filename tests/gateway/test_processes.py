"""What processes measure together; what those had that were killed is told no more."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from aiplayer.settings import PROJECT
from gateway.processes import process_metrics
from tests.support.metrics import samples, total

pytestmark = pytest.mark.process

# As BentoML's workers are called; it waits for a long time with three items in its queue.
WORKER = """
import sys, time
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import RUNNER

watcher = MeasuredBatches(RUNNER, "encode")
watcher.came(3)
watcher.begun([0.1, 0.2])
print("measured", flush=True)
time.sleep(60)
"""


def started_worker(folder: Path, number: int) -> subprocess.Popen:
    """A process that has measured, started by this process, as BentoML starts all workers by one."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(PROJECT)}
    options = ["--service-name", "title_encoder", "--worker-id", str(number)]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, *options], env=environment, stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"measured\n"
    return worker


def scraped(folder: Path) -> str:
    """What a further worker would tell of all; here it is a child of this process too."""
    program = f"from pathlib import Path; from gateway.processes import process_metrics; \
        print(process_metrics(Path({str(folder)!r})).decode())"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    return generate_latest(registry).decode() + ended.stdout


def test_queues_are_those_of_the_living_and_counts_those_of_all(tmp_path):
    first, second = started_worker(tmp_path, 1), started_worker(tmp_path, 2)
    with first, second:
        both = scraped(tmp_path)
        assert total(both, "aiplayer_queue_items", place="runner", work="encode") == 6
        assert total(both, "aiplayer_waiting_seconds_count", work="encode") == 4
        used = samples(both, "aiplayer_process_resident_bytes")
        assert [sample.labels for sample in used] == [
            {"service": "title_encoder", "worker": "1"},
            {"service": "title_encoder", "worker": "2"},
        ]
        assert all(sample.value > 1_000_000 for sample in used)

        # Not waited for yet, it is a zombie.
        first.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
        one = scraped(tmp_path)
        assert total(one, "aiplayer_queue_items", place="runner", work="encode") == 3
        assert total(one, "aiplayer_waiting_seconds_count", work="encode") == 4
        assert [sample.labels["worker"] for sample in samples(one, "aiplayer_process_threads")] == ["2"]
        second.kill()

    assert total(scraped(tmp_path), "aiplayer_queue_items") == 0


def test_a_process_of_another_service_that_has_the_number_now_is_none_of_it(tmp_path):
    (tmp_path / "gauge_livesum_1.db").touch()
    (tmp_path / "counter_1.db").touch()
    assert b"title_encoder" not in process_metrics(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["counter_1.db"]
