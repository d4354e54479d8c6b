import numpy as np
import pytest

from aiplayer.arrays import unit_rows
from training.titles import title_index
from training.titles.title_index import build_index, fit_alignment, ridge, song_content


def test_ridge_solves_the_regularised_normal_equations():
    random = np.random.default_rng(0)
    inputs, targets = random.standard_normal((30, 5)), random.standard_normal((30, 3))
    solution = ridge(inputs, targets, penalty=2.0)
    gradient = inputs.T @ (inputs @ solution - targets) + 2.0 * solution
    assert np.abs(gradient).max() < 1e-9


def test_alignment_whitens_what_wording_changes():
    random = np.random.default_rng(0)
    differences = random.standard_normal((4_000, 4)) * [3.0, 1.0, 1.0, 0.1]
    alignment = fit_alignment(differences, 4)
    expected = np.linalg.inv(alignment @ alignment)
    covariance = np.cov(differences.T, bias=True)
    shrunk = covariance + title_index.SHRINKAGE * np.trace(covariance) / 4 * np.eye(4)
    np.testing.assert_allclose(expected, shrunk, atol=0.05)


def test_without_titles_in_two_languages_nothing_is_aligned():
    np.testing.assert_array_equal(fit_alignment(np.zeros((3, 6)), 6), np.eye(6))


def test_playlists_of_the_same_songs_have_the_same_content():
    songs = [[1, 2, 3], [3, 2, 1], [7, 8, 9], [7, 8], [5, 6]]
    content = song_content(songs)
    assert content[0] @ content[1] == pytest.approx(1.0)
    assert content[0] @ content[2] == pytest.approx(0.0, abs=1e-6)
    assert content[2] @ content[3] > 0.5


def test_a_title_finds_playlists_whose_songs_it_stands_for():
    """Titles in two languages share no direction at all; only their songs say that they mean the same."""
    random = np.random.default_rng(1)
    words = {
        name: unit_rows(random.standard_normal((1, 16)))[0]
        for name in ("비 노래", "rain songs", "여름 노래", "summer songs")
    }
    titles, songs = [], []
    for number in range(120):
        name = list(words)[number % 4]
        world = range(20) if name in ("비 노래", "rain songs") else range(50, 70)
        titles.append(name)
        songs.append(random.choice(world, size=8, replace=False).tolist())
    index = build_index(
        range(120), titles, songs, lambda names: np.array([words[name] for name in names], dtype=np.float32)
    )
    for query, meant in (("비 노래", ("비 노래", "rain songs")), ("summer songs", ("여름 노래", "summer songs"))):
        nearest = np.argsort(-index.similarities(words[query].astype(np.float32)))[:60]
        assert {titles[row] for row in nearest} == set(meant)
