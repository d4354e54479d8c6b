import io

import pytest
from rich.console import Console

from loadtests.client import Fault, Reply
from loadtests.open_loop import Sent
from loadtests.overload_report import Overload, broken_bounds, show
from loadtests.processes import Sample
from loadtests.verdicts import Tally, Verdict


def overload(answered: int = 90, hung: int = 0, end_mb: float = 1_000.0) -> Overload:
    """Ten seconds at 20 requests a second, where 10 are sustainable; `answered` of them are, half of each kind."""
    tally = Tally()
    for number in range(answered):
        path = ("/similar", "/recommend")[number % 2]
        tally.verdicts[path, Verdict.ANSWERED] += 1
        tally.times_ms.append(100.0)
    tally.verdicts["/similar", Verdict.REFUSED] += 200 - answered - hung
    for _ in range(hung):
        tally.add(Reply("/recommend", 0.0, 30.0, fault=Fault.HUNG), 20)

    samples = [Sample(float(second), {"ai_player": 1_000.0}) for second in range(10)] + [
        Sample(10.0, {"ai_player": end_mb})
    ]
    return Overload(10.0, 9.8, 20.0, Sent(200, 3, 10.0), tally, samples)


def test_a_service_that_keeps_order_breaks_no_bound():
    assert broken_bounds(overload()) == []


def test_goodput_is_a_share_of_the_sustainable_rate():
    kept = overload(answered=80)
    assert kept.goodput() == (pytest.approx(8.0), pytest.approx(0.8))
    # Of a path's own half.
    assert kept.goodput("/similar").share == pytest.approx(0.8)
    assert broken_bounds(kept) == []
    assert broken_bounds(overload(answered=50)) == [
        "Goodput is 50.0% of the sustainable rate, 30.0 points under the 80% wanted."
    ]


def test_one_hung_request_is_one_too_many():
    assert broken_bounds(overload(hung=1)) == ["hung: 1 of 200 requests, and none may be."]


def test_memory_that_grows_at_the_end_is_told():
    broken = overload(end_mb=1_100.0)
    assert broken.growth == pytest.approx(0.05)
    assert broken_bounds(broken) == ["The memory grew by 5.0% in the last half, 2.0 points over the 3% allowed."]


def test_the_tables_show_all_of_it():
    console = Console(width=110, record=True, file=io.StringIO())
    show(overload(hung=2), console)
    text = console.export_text()
    assert "sustainable: 10.0 requests a second before, 9.8 after" in text
    assert "sent: 20.0 a second; 3 were kept back for want of a connection" in text
    assert "for example: /recommend: no answer in 30 s" in text
    rows = {row.split()[0]: row.split()[1:] for row in text.splitlines() if row.strip()}
    assert rows["both"] == ["9.0", "90%", "90", "108", "0", "0", "2", "0"]
    assert rows["/similar"] == ["4.5", "90%", "45", "108", "0", "0", "0", "0"]
    assert rows["ai_player"] == ["1,000.0"] * 5
