"""Tokens by a tiny vocabulary, by hand and against transformers."""

import json

import pytest
from transformers import CLIPTokenizer

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.tokenizer import Tokenizer
from tests.support.stable_diffusion import vocabulary

NUMBERS = vocabulary()
START, END = NUMBERS["<|startoftext|>"], NUMBERS["<|endoftext|>"]


@pytest.fixture
def folder(published):
    return published.folder / "tokenizer"


@pytest.fixture
def tokenizer(folder):
    return Tokenizer(folder)


def inner(tokens) -> list[int]:
    """Tokens between the start and the first end."""
    tokens = list(tokens)
    return tokens[1 : tokens.index(END)]


def test_known_words_are_one_token_and_others_fall_to_pieces(tokenizer):
    prompt = tokenizer("Rain  by Nights")
    expected = [NUMBERS[piece] for piece in ("rain</w>", "by</w>", "nigh", "t", "s</w>")]
    assert prompt.tokens.tolist() == [START, *expected, *[END] * 71]
    assert prompt.cut == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rain in a city by night",
        "RAIN, in the city's night!!",
        "photography, a café by the sea, landscape, 8K uhd",
        "비 오는 날 카페",
        "☔ 2024-12-25",
        " \n rain\t\tby  night ",
        "it's they're don't we'll",
    ],
)
def test_tokens_are_those_of_transformers(tokenizer, folder, text):
    theirs = CLIPTokenizer.from_pretrained(folder)
    assert inner(tokenizer(text).tokens) == theirs(text)["input_ids"][1:-1]


def test_a_long_prompt_is_cut_before_the_first_word_that_does_not_fit(tokenizer):
    # "cloud" falls into 5 pieces, and 2 are free.
    prompt = tokenizer("rain " * 73 + "cloud  by night ")
    assert inner(prompt.tokens) == [NUMBERS["rain</w>"]] * 73
    assert prompt.cut == "cloud  by night"
    assert len(prompt.tokens) == 77


def test_a_prompt_that_just_fits_is_whole(tokenizer):
    prompt = tokenizer("rain " * 75)
    assert prompt.tokens.tolist() == [START, *[NUMBERS["rain</w>"]] * 75, END]
    assert prompt.cut == ""


def test_a_single_endless_word_is_cut_between_letters(tokenizer):
    prompt = tokenizer("x" * 80 + " rain")
    assert len(inner(prompt.tokens)) == 75
    assert prompt.cut == "xxxxx rain"


def test_files_that_are_missing_or_do_not_fit_are_refused(folder, tmp_path):
    with pytest.raises(ModelMissing, match=rf"The tokenizer {tmp_path} cannot be read: .*Fetch the model anew\."):
        Tokenizer(tmp_path)
    (tmp_path / "merges.txt").write_bytes((folder / "merges.txt").read_bytes())
    known = {token: number for token, number in NUMBERS.items() if token not in ("rain</w>", "night</w>")}
    (tmp_path / "vocab.json").write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"vocab\.json lacks 'night</w>', which merges.txt makes, and 1 more"):
        Tokenizer(tmp_path)
