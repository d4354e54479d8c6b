"""Real training, of a real encoder, on a world whose answer is known."""

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from tests.support.tiny_encoder import WORLDS, encoder, frame, two_worlds
from training.titles.embedding import embed_titles
from training.titles.encoder.fit import Recipe, average, fine_tune
from training.titles.encoder.pairs import mine_pairs

pytestmark = pytest.mark.heavy

RECIPE = Recipe(epochs=4, batch=16, learning_rate=0.05, keep=0.0, seed=5)


@pytest.fixture(scope="module")
def learned_pairs():
    return mine_pairs(frame(two_worlds()), 200, seed=0)


def apart(some: SentenceTransformer) -> float:
    """How much nearer words lie within a world than across: the difference of the mean cosines."""
    first = embed_titles(some, WORLDS[0])
    second = embed_titles(some, WORLDS[1])
    others = ~np.eye(len(WORLDS[0]), dtype=bool)
    within_first = (first @ first.T)[others].mean()
    within_second = (second @ second.T)[others].mean()
    across = (first @ second.T).mean()
    return float((within_first + within_second) / 2 - across)


def weights(some: SentenceTransformer) -> torch.Tensor:
    return torch.cat([tensor.reshape(-1) for tensor in some.state_dict().values()])


def test_titles_of_playlists_that_share_songs_move_together(learned_pairs, tmp_path):
    tuned = encoder()
    before = apart(tuned)
    fine_tune(tuned, learned_pairs, RECIPE, tmp_path)
    assert abs(before) < 0.2
    assert apart(tuned) > before + 0.5
    again = SentenceTransformer(str(tmp_path), device="cpu")
    torch.testing.assert_close(weights(again), weights(tuned))
    assert not list(tmp_path.glob("unfinished-*"))


def test_the_folder_quotes_no_title_of_the_catalogue(tmp_path):
    pairs = [("여름밤의 비밀", "secret of a summer night"), ("secret of a summer night", "여름밤의 비밀")]
    fine_tune(encoder(), pairs, RECIPE, tmp_path)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or ("비밀".encode() not in path.read_bytes() and b"secret" not in path.read_bytes())


def test_equal_seeds_give_equal_weights(learned_pairs, tmp_path):
    made = []
    for number, seed in enumerate((5, 5, 6)):
        some = encoder()
        fine_tune(some, learned_pairs, Recipe(epochs=1, batch=16, seed=seed), tmp_path / str(number))
        made.append(weights(some))
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_what_was_interrupted_goes_on_and_ends_the_same(learned_pairs, tmp_path):
    whole, cut, started = encoder(), encoder(), []
    fine_tune(whole, learned_pairs, RECIPE, tmp_path / "whole")

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fine_tune(cut, learned_pairs, RECIPE, tmp_path / "cut", stop)
    resumed = encoder()
    fine_tune(resumed, learned_pairs, RECIPE, tmp_path / "cut", lambda done, total: started.append(done))
    assert started[0] > 0
    torch.testing.assert_close(weights(resumed), weights(whole))


@pytest.mark.parametrize("keep", [0.0, 0.25, 1.0])
def test_weights_are_averaged_with_those_of_the_source(keep):
    tuned = encoder()
    source = {name: torch.randn_like(tensor) for name, tensor in tuned.state_dict().items()}
    expected = {name: keep * source[name] + (1 - keep) * tensor for name, tensor in tuned.state_dict().items()}
    average(tuned, source, keep)
    torch.testing.assert_close(dict(tuned.state_dict()), expected)
