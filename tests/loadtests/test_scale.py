"""What a catalogue costs: a real small one is fitted and asked, and more are expected along the line."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from aiplayer.settings import Settings
from loadtests.scale import Cost, cost_of, cost_table, expected
from loadtests.scale_answers import ASKED_FILE, ask
from runners.store import pinned_model

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


def test_what_is_measured_already_is_read(tmp_path):
    (tmp_path / "cost.json").write_text(json.dumps(LARGE._asdict()))
    assert cost_of(10_000, tmp_path) == LARGE


@pytest.mark.heavy
def test_a_fitted_catalogue_is_asked(tmp_path, served_use):
    """The demo's models, as a fit of that size leaves them."""
    models = Settings().models
    for tag in (models.playlist_autoencoder, models.title_index):
        for file in Path(pinned_model(tag, "model").path).glob("[!m]*"):
            (tmp_path / file.name).symlink_to(file)
    titles = ["비 오는 날 카페에서 듣는 재즈", "late night city drive"] * 5
    np.savez(tmp_path / ASKED_FILE, titles=titles, embeddings=served_use.embed(titles), entries=7)

    figures = ask(tmp_path)
    assert (figures["entries"], figures["songs"] > 1_000, figures["playlists"] > 1_000) == (7, True, True)
    assert 0 < figures["titles_ms"] < figures["search_ms"]
    assert set(figures) == set(Cost._fields) - {"fit_s", "fit_mib"}
