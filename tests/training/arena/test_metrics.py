"""Each measure against a calculation by hand or by the binomial distribution."""

from math import isclose, isnan

import numpy as np

from training.arena.metrics import coverage, distinct_artists, interval, mean, mix, recall, resampled_means

NAN = float("nan")


def seeded():
    return np.random.default_rng(0)


def test_recall_is_the_share_that_is_found():
    assert recall({1, 2, 3, 4}, [9, 4, 8, 2]) == 0.5
    assert recall({1}, []) == 0
    assert isnan(recall(set(), [1]))


def test_coverage_counts_each_song_once():
    assert coverage([[1, 2], [2, 3], []], 12) == 0.25
    assert coverage([], 5) == 0
    assert isnan(coverage([], 0))


def test_artists_are_counted_once_and_songs_without_any_say_nothing():
    artists = {1: ["Nina"], 2: ["Nina", "Ray"], 3: [], 4: ["Ella"]}
    assert distinct_artists([1, 2, 3, 99], artists) == 2
    assert distinct_artists([1, 2, 4], artists) == 3
    assert isnan(distinct_artists([3, 99], artists))


def test_a_mean_passes_over_what_is_not_there():
    assert mean(np.array([[1.0, NAN], [2.0, NAN], [6.0, 4.0]])).tolist() == [3, 4]
    assert np.isnan(mean(np.array([NAN, NAN])))


def test_a_mix_weighs_the_cases_that_there_are():
    means = np.array([[0.2, 0.4], [0.6, NAN], [0.4, 0.8]])
    song, tag, total = mix(means, np.array([0.42, 0.08, 0.3]))
    assert isclose(song, (0.42 * 0.2 + 0.08 * 0.6 + 0.3 * 0.4) / 0.8, abs_tol=1e-12)
    assert isclose(tag, (0.42 * 0.4 + 0.3 * 0.8) / 0.72, abs_tol=1e-12)
    assert isclose(total, 0.85 * song + 0.15 * tag, abs_tol=1e-12)
    song, tag, total = mix(np.array([[0.2, NAN]]), np.array([0.42]))
    assert (song, isnan(tag), isnan(total)) == (0.2, True, True)


def test_resampled_means_are_binomial_for_wins_and_losses():
    resampled = resampled_means(np.array([[0.0], [1.0], [1.0], [1.0], [1.0]]), seeded())[:, 0]
    assert resampled.shape == (10_000,)
    for wins, chance in {5: 0.32768, 4: 0.4096, 3: 0.2048, 2: 0.0512}.items():
        assert isclose(np.isclose(resampled, wins / 5).mean(), chance, abs_tol=0.02), wins
    # At most one win has a chance of 0.7%, at most two one of 5.8%.
    assert interval(resampled) == (0.4, 1.0)


def test_a_resample_draws_the_same_questions_for_all_columns():
    values = seeded().random((50, 1))
    first, second, none = resampled_means(np.hstack([values, 3 - values, np.full((50, 1), NAN)]), seeded(), 700).T
    assert np.allclose(first + second, 3)
    assert first.std() > 0.01
    assert np.isnan(none).all()


def test_what_is_not_there_changes_no_resampled_mean():
    resampled = resampled_means(np.array([[7.0], [NAN], [7.0], [NAN]]), seeded())
    defined = resampled[~np.isnan(resampled)]
    assert np.allclose(defined, 7)
    # All four draws miss the two questions that have a value once in sixteen times.
    assert isclose(1 - len(defined) / len(resampled), 1 / 16, abs_tol=0.01)
    assert interval(resampled[:, 0]) == (7, 7)
    assert all(map(isnan, interval(np.array([NAN]))))


def test_intervals_cover_the_true_difference_nineteen_times_in_twenty():
    random, covered = seeded(), 0
    for _ in range(300):
        differences = random.normal(0.3, 1, size=(100, 1))
        low, high = interval(resampled_means(differences, random, 1_000)[:, 0])
        covered += low <= 0.3 <= high
        assert low < differences.mean() < high
    assert 0.91 <= covered / 300 <= 0.98


def test_an_interval_is_about_two_standard_errors_to_each_side():
    differences = seeded().normal(0.3, 1, size=(400, 1))
    error = differences.std() / 20
    low, high = interval(resampled_means(differences, seeded())[:, 0])
    assert isclose(low, differences.mean() - 1.96 * error, abs_tol=0.1 * error)
    assert isclose(high, differences.mean() + 1.96 * error, abs_tol=0.1 * error)


def test_no_difference_gives_an_interval_that_holds_zero():
    assert interval(resampled_means(np.zeros((30, 1)), seeded())[:, 0]) == (0, 0)
    even = np.repeat([[-0.1], [0.1]], 50, axis=0)
    low, high = interval(resampled_means(even, seeded())[:, 0])
    assert low < 0 < high


def test_the_same_seed_gives_the_same_resamples():
    values = seeded().random((40, 2))
    first, again = (resampled_means(values, np.random.default_rng(5)) for _ in range(2))
    assert (first == again).all()
    assert (resampled_means(values, np.random.default_rng(6)) != first).any()
