import numpy as np
import pytest

from aiplayer.arrays import unit_rows
from training.titles import title_index
from training.titles.title_index import build_index, fit_alignment


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


def test_titles_that_say_the_same_in_two_languages_are_near():
    """The two languages of a title differ in one direction of four; which title it is stands in the others."""
    random = np.random.default_rng(1)
    meanings = random.standard_normal((60, 4)) * [0, 1, 1, 1]
    korean, english = (
        {f"{word} {row}": unit_rows(meanings[[row]] + [[sign, 0, 0, 0]])[0] for row in range(60)}
        for word, sign in (("노래", 1), ("song", -1))
    )
    both = {
        f"{one} | {other}": unit_rows(np.array([korean[one] + english[other]]))[0]
        for one, other in zip(korean, english, strict=True)
    }
    vectors = {name: vector.astype(np.float32) for name, vector in (korean | english | both).items()}
    index = build_index(range(60), list(both), lambda names: np.stack([vectors[name] for name in names]))

    found = [
        index.similarities(vectors[f"{word} {row}"]).argmax() == row for row in range(60) for word in ("노래", "song")
    ]
    assert np.mean(found) > 0.9


def test_a_catalogue_of_many_directions_is_reduced_to_the_greatest(monkeypatch):
    monkeypatch.setattr(title_index, "SIZE", 2)
    vectors = unit_rows(np.random.default_rng(0).standard_normal((40, 5)) * [5, 3, 0.01, 0.01, 0.01]).astype(np.float32)
    index = build_index(
        range(40), [f"{row}" for row in range(40)], lambda names: vectors[[int(name) for name in names]]
    )
    assert index.vectors.shape == (40, 2)
    assert index.vectors @ index.vectors.T == pytest.approx(vectors @ vectors.T, abs=0.05)
