import numpy as np
import pytest

from aiplayer.models.autoencoder import MultinomialLoss, PlaylistAutoencoder, pad_items


def log_softmax(row):
    return row - np.log(np.exp(row).sum())


def test_loss_is_the_mean_cross_entropy_of_songs_plus_the_weighted_one_of_tags():
    logits = np.array([[0.5, -1.0, 2.0, 0.3, 0.1], [1.0, 1.0, 0.0, -1.0, 2.0]], dtype=np.float32)
    targets = np.array([[1, 3, 4], [2, 0, 0]])  # songs 1 and 3 and the first tag; song 2 alone
    songs, tags = [log_softmax(row[:3]) for row in logits], [log_softmax(row[3:]) for row in logits]
    expected = [-(songs[0][0] + songs[0][2]) / 2 - 0.3 * tags[0][0], -songs[1][1]]
    assert MultinomialLoss(3, tag_weight=0.3).call(targets, logits).numpy() == pytest.approx(expected, rel=1e-5)


def test_padding_changes_nothing():
    model = PlaylistAutoencoder(items=6, hidden=8)
    title = np.ones((1, 4), dtype=np.float32)
    short = model({"items": pad_items([[2, 5]]), "title": title})
    long = model({"items": pad_items([[2, 5]], length=9), "title": title})
    np.testing.assert_allclose(short, long, atol=1e-6)


def test_a_playlist_without_items_is_scored_by_its_title_alone():
    model = PlaylistAutoencoder(items=6, hidden=8)
    titles = np.eye(2, 4, dtype=np.float32)
    logits = model({"items": pad_items([[], []]), "title": titles}).numpy()
    assert np.isfinite(logits).all()
    assert not np.allclose(logits[0], logits[1])


def test_pad_items_fills_up_to_the_longest():
    assert pad_items([[1, 2, 3], [4], []]).tolist() == [[1, 2, 3], [4, 0, 0], [0, 0, 0]]
