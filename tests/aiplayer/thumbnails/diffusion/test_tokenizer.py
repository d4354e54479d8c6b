"""Tokens by a tiny vocabulary, by hand and against transformers."""

import json
import time

import pytest

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
    from transformers import CLIPTokenizer

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


def test_an_endless_word_takes_no_endless_time(tokenizer):
    letters = "".join(chr(ord("a") + number * number % 26) for number in range(10_000))
    start = time.perf_counter()
    prompt = tokenizer(letters)
    assert time.perf_counter() - start < 5
    assert len(inner(prompt.tokens)) == 75
    assert letters.endswith(prompt.cut)


def test_the_ending_of_a_long_prompt_keeps_its_tokens(folder):
    tokenizer = Tokenizer(folder, ending=", by night")
    night = [NUMBERS[",</w>"], NUMBERS["by</w>"], NUMBERS["night</w>"]]
    prompt = tokenizer("rain " * 74 + "city city, by night")
    assert inner(prompt.tokens) == [NUMBERS["rain</w>"]] * 72 + night
    assert prompt.cut == "rain rain city city"

    short = tokenizer("rain, by night")
    assert inner(short.tokens) == [NUMBERS["rain</w>"], *night]
    assert short.cut == ""
    without = tokenizer("rain " * 80)
    assert inner(without.tokens) == [NUMBERS["rain</w>"]] * 75


def test_an_ending_longer_than_a_prompt_is_cut_like_any_text(folder):
    tokenizer = Tokenizer(folder, ending=" by night" * 40)
    prompt = tokenizer("rain" + " by night" * 40)
    assert inner(prompt.tokens) == [NUMBERS["rain</w>"]] + [NUMBERS["by</w>"], NUMBERS["night</w>"]] * 37
    assert prompt.cut == "by night by night by night"


@pytest.mark.parametrize("mark", ["<|endoftext|>", "<|startoftext|>", "<|ENDOFTEXT|>"])
def test_a_mark_that_is_typed_is_text_like_any_other(tokenizer, mark):
    tokens = inner(tokenizer(f"rain {mark} city").tokens)
    assert (tokens[0], tokens[-1]) == (NUMBERS["rain</w>"], NUMBERS["city</w>"])
    spelled = {NUMBERS[piece] for piece in ("<", "|</w>", "|", "></w>")}
    assert spelled <= set(tokens)
    assert not {START, END} & set(tokens)


@pytest.fixture
def new_folder(folder, tmp_path):
    """The same tokenizer as transformers 5 saves it."""
    from transformers import CLIPTokenizer

    CLIPTokenizer.from_pretrained(folder).save_pretrained(tmp_path)
    assert not (tmp_path / "vocab.json").exists()
    return tmp_path


@pytest.mark.parametrize("text", ["", "rain in a city by night", "비 오는 날 카페 ☔", "x" * 90])
def test_tokens_are_the_same_by_tokenizer_json_alone(tokenizer, new_folder, text):
    by_new_file = Tokenizer(new_folder)(text)
    assert by_new_file.tokens.tolist() == tokenizer(text).tokens.tolist()
    assert by_new_file.cut == tokenizer(text).cut


def test_merges_may_be_written_as_pairs_or_with_a_space(tokenizer, new_folder):
    file = new_folder / "tokenizer.json"
    content = json.loads(file.read_text())
    content["model"]["merges"] = [" ".join(merge) for merge in content["model"]["merges"]]
    file.write_text(json.dumps(content))
    assert Tokenizer(new_folder)("rain").tokens.tolist() == tokenizer("rain").tokens.tolist()


def test_another_tokenizer_than_that_of_clip_is_named(new_folder, tmp_path):
    file = new_folder / "tokenizer.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"model": content["model"] | {"type": "WordPiece"}}))
    with pytest.raises(ModelMissing) as refused:
        Tokenizer(new_folder)
    advice = "Give a Stable Diffusion 1.x."
    assert refused.value.message == (
        f"The tokenizer {new_folder} is another than CLIP's, as tokenizer.json says. {advice}"
    )

    japanese = tmp_path / "japanese"
    japanese.mkdir()
    (japanese / "spiece.model").touch()
    with pytest.raises(ModelMissing) as refused:
        Tokenizer(japanese)
    assert refused.value.message == f"The tokenizer {japanese} is another than CLIP's, as spiece.model says. {advice}"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": 1}', '{"model": {"type": "BPE"'])
def test_a_damaged_tokenizer_json_is_refused(tmp_path, content):
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ModelMissing, match=rf"The tokenizer {tmp_path} cannot be read: .*Fetch the model anew\."):
        Tokenizer(tmp_path)


def test_files_that_are_missing_or_do_not_fit_are_refused(folder, tmp_path):
    with pytest.raises(ModelMissing, match=rf"The tokenizer {tmp_path} cannot be read: .*Fetch the model anew\."):
        Tokenizer(tmp_path)
    (tmp_path / "merges.txt").write_bytes((folder / "merges.txt").read_bytes())
    known = {token: number for token, number in NUMBERS.items() if token not in ("rain</w>", "night</w>")}
    (tmp_path / "vocab.json").write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"vocab\.json lacks 'night</w>', which merges.txt makes, and 1 more"):
        Tokenizer(tmp_path)
