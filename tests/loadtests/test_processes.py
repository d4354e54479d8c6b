import asyncio
import time

import psutil
import pytest

from infra.instances import free_port
from loadtests.processes import Sample, cpu_s, growth_of_last_half, memory_of, service_processes, watch_memory


def test_a_service_that_does_not_run_is_told():
    with pytest.raises(SystemExit, match="Start the service with `make up`"):
        service_processes(f"http://127.0.0.1:{free_port()}")


def test_memory_is_summed_by_what_processes_serve():
    own = psutil.Process()
    sample = memory_of([own, own])
    assert sample.resident_mb == {own.name(): pytest.approx(2 * own.memory_info().rss / 1e6, rel=0.1)}
    assert sample.total_mb == sum(sample.resident_mb.values())


def test_a_process_that_has_ended_has_no_memory():
    gone = psutil.Popen(["true"])
    gone.wait()
    assert memory_of([gone]).resident_mb == {}


def test_the_time_that_processes_compute_is_summed():
    own = psutil.Process()
    before_s = cpu_s([own])
    deadline_s = time.process_time() + 0.2
    while time.process_time() < deadline_s:
        pass
    assert cpu_s([own, own]) - 2 * before_s == pytest.approx(0.4, abs=0.15)


def test_samples_are_taken_until_it_is_cancelled():
    samples: list[Sample] = []

    async def watch() -> None:
        watching = asyncio.create_task(watch_memory(lambda: [psutil.Process()], samples, every_s=0.05))
        await asyncio.sleep(0.3)
        watching.cancel()

    asyncio.run(watch())
    assert 3 <= len(samples) <= 7
    assert samples[0].at_s < samples[-1].at_s


def samples_of(*totals_mb: float) -> list[Sample]:
    return [
        Sample(float(second), {"gateway": total / 2, "encoder": total / 2}) for second, total in enumerate(totals_mb)
    ]


def test_growth_is_that_of_the_last_half():
    start = [50.0] * 50
    assert growth_of_last_half(samples_of(*start, *[100.0] * 51)) == 0.0
    climbing = [100 + second for second in range(101)]
    # From 155 in the middle's tenth to 195 in the last.
    assert growth_of_last_half(samples_of(*climbing)) == pytest.approx(195 / 155 - 1)


def test_one_moment_decides_nothing():
    totals = [100.0] * 101
    totals[97] = 500.0
    totals[52] = 10.0
    assert growth_of_last_half(samples_of(*totals)) == 0.0


def test_few_samples_have_a_growth_too():
    assert growth_of_last_half(samples_of(100.0)) == 0.0
    assert growth_of_last_half(samples_of(100.0, 110.0)) == pytest.approx(0.1)
