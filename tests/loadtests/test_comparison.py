import io
from collections import Counter

import pytest
from rich.console import Console

from loadtests.closed_loop import Measurement
from loadtests.comparison import Comparison, Load, comparison_table
from loadtests.peers.systems import Bare, System


@pytest.fixture
def comparison() -> Comparison:
    """FastAPI makes 2 journeys a second and the service 3, in two rounds; the bare models make 32 in 8 s."""
    made = Comparison()
    for _ in range(2):
        made.add(System.FASTAPI, Load(8), Measurement(5.0, Counter(), [100.0] * 10, made=20, cpu_s=0.5))
        made.add(System.SERVICE, Load(8), Measurement(5.0, Counter(hung=1), [200.0] * 15, made=20, cpu_s=1.0))
        made.add_bare(Bare(32, [8_000.0], cpu_s=0.32))
    made.add(System.SERVICE, Load(1, after_burst_of=32), Measurement(2.0, Counter(), [50.0]))
    return made


def test_rounds_are_put_together_and_ratios_are_those_of_rates(comparison):
    fastapi, service, alone = comparison.rows()
    assert (fastapi.system, fastapi.measurement.rate, fastapi.by_fastapi) == (System.FASTAPI, 2.0, 1.0)
    assert (service.measurement.rate, service.measurement.failures, service.by_fastapi) == (3.0, {"hung": 2}, 1.5)
    assert comparison.bare_rate == 4.0
    assert (fastapi.by_bare, service.by_bare) == (0.5, 0.75)
    assert alone.load == Load(1, 32)
    assert comparison.faults() == ["AI Player, 8 users: hung ×2"]


def test_the_table_has_a_line_for_each_row_and_the_bare_models(comparison):
    console = Console(width=110, record=True, file=io.StringIO())
    console.print(comparison_table(comparison))
    lines = [line.split() for line in console.export_text().splitlines() if line.strip()]
    assert lines[1] == ["8", "FastAPI", "2.0", "100.0", "100.0", "25.0", "0", "1.00", "0.50"]
    assert lines[2] == ["AI", "Player", "3.0", "200.0", "200.0", "50.0", "2", "1.50", "0.75"]
    assert lines[3] == ["1", "after", "32", "AI", "Player", "0.5", "50.0", "50.0", "–", "0", "–", "0.12"]
    assert lines[4] == ["batches", "of", "32", "bare", "models", "4.0", "8,000.0", "8,000.0", "10.0", "0", "1"]


def test_json_holds_every_time(comparison):
    told = comparison.as_dict()
    bare = {
        "batch": 32,
        "journeys_a_second": 4.0,
        "times_ms": [8_000.0, 8_000.0],
        "cpu_s": 0.64,
        "cpu_ms_a_journey": 10.0,
    }
    assert told["bare"] == bare
    assert [len(row["times_ms"]) for row in told["rows"]] == [20, 30, 1]
    assert (told["rows"][2]["after_burst_of"], told["rows"][2]["by_fastapi"]) == (32, None)
