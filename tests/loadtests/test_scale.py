"""What a catalogue costs: a real small one is fitted and asked, and more are expected along the line."""

import io
import json

import pytest
from rich.console import Console

from loadtests.scale import Cost, cost_of, cost_table, expected

SMALL = Cost(1_000, 46_000, 5_000, 10.0, 1_000.0, 500.0, 1.0, 2.0, 8.0)
# Ten times as many, for which each figure is another power of ten.
LARGE = Cost(10_000, 460_000, 50_000, 100.0, 1_000.0, 500 * 10**0.5, 1.0, 4.0, 8.0)


def test_what_is_expected_lies_on_the_line_through_the_measured_sizes():
    far = expected([SMALL, LARGE], 1_000_000)
    assert far.playlists == 1_000_000
    assert far.entries == pytest.approx(46_000_000)
    assert far.fit_s == pytest.approx(10_000)
    assert far.fit_mib == pytest.approx(1_000)
    assert far.serve_mib == pytest.approx(500 * 1_000**0.5)
    assert far.search_ms == pytest.approx(16.0)


def test_the_table_marks_what_was_not_measured():
    console = Console(width=130, record=True, file=io.StringIO())
    console.print(cost_table([SMALL, LARGE], [expected([SMALL, LARGE], 100_000)]))
    rows = [line for line in console.export_text().splitlines() if ",000 " in line]
    assert ["~" in row for row in rows] == [False, False, True]
    assert "~16.7 min" in rows[2]


@pytest.mark.heavy
def test_a_small_catalogue_is_fitted_and_asked_and_measured_once(tmp_path):
    cost = cost_of(300, tmp_path)
    assert cost.playlists == 300
    assert cost.entries == pytest.approx(46 * 300, rel=0.05)
    assert min(cost) > 0

    figures = tmp_path / "cost.json"
    figures.write_text(json.dumps(cost._asdict() | {"fit_s": 7.0}))
    assert cost_of(300, tmp_path).fit_s == 7.0
