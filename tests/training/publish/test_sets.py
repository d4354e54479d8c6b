"""A set names exactly what belongs together; mixed and changed ones are refused."""

import json

import pytest

from aiplayer.errors import InvalidInput, ModelMissing, NotFound
from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from loadtests.tiny_sets import tiny_models, tiny_set
from training.publish.manifest import SetManifest
from training.publish.registry import attachment, chosen, list_sets, read_set, set_names
from training.publish.sets import folders_of, make_set, verify


def test_a_set_has_the_name_that_the_service_tells(state):
    made = tiny_set(1, state)
    assert made.name == model_set(Settings(models=made.models, diffusion_weights="")).name
    assert made.name != make_set(made.models, "small", state=state).name
    assert read_set(made.name, state) == made


def test_a_set_lists_every_file_of_its_models(state):
    made = tiny_set(1, state)
    assert {kind: sorted(files) for kind, files in made.files.items()} == {
        "title_encoder": ["layers/table.bin", "licence.txt", "weights.bin"],
        "title_index": ["licence.txt", "title_index.npz"],
        "playlist_autoencoder": ["licence.txt", "parts/empty", "table.npy", "words.json"],
    }
    # The licence stands in all three models, and counts once.
    assert made.size_bytes == 3_000 + 2_000 + 2_000 + 4_000 + 500 + 25
    assert made.catalogue == "tiny-catalogue"
    assert made.made_at.utcoffset().total_seconds() == 0


def test_an_equal_set_is_registered_once(state):
    first = tiny_set(1, state, attachments={"card.md": b"# Card"})
    path = state / "sets" / first.name / "set.json"
    before = path.stat().st_mtime_ns
    assert tiny_set(1, state) == first
    assert path.stat().st_mtime_ns == before


def test_a_set_never_changes(state):
    made = tiny_set(1, state, attachments={"card.md": b"# Card"})
    with pytest.raises(InvalidInput, match=f"The set {made.name} is registered already, with other files"):
        tiny_set(1, state, attachments={"card.md": b"# Another card"})
    assert attachment(made, "card.md", state) == b"# Card"


@pytest.mark.parametrize("kind", ["title_index", "playlist_autoencoder"])
def test_models_of_two_encoders_are_no_set(state, kind):
    models, other = tiny_models(1), tiny_models(1, encoder=1)
    mixed = models.model_copy(update={kind: getattr(other, kind)})
    with pytest.raises(InvalidInput) as caught:
        make_set(mixed, "", state=state)
    assert f"was made for title encoder {other.title_encoder}, and the set has {models.title_encoder}" in str(
        caught.value
    )
    assert getattr(other, kind) in str(caught.value)
    assert set_names(state) == []


def test_models_of_two_catalogues_are_no_set(state):
    models, other = tiny_models(1), tiny_models(1, catalogue="other")
    mixed = models.model_copy(update={"title_index": other.title_index})
    with pytest.raises(InvalidInput, match=r"for catalogue other, the recommender .* for catalogue tiny-catalogue"):
        make_set(mixed, "", state=state)


def test_the_beginning_of_a_name_is_enough_where_it_is_one_sets(state):
    made = tiny_set(1, state)
    assert read_set(made.name[:8], state) == made
    with pytest.raises(NotFound, match=f"There is no set 'xyz' here. The sets here: {made.name}"):
        read_set("xyz", state)
    with pytest.raises(InvalidInput, match=r"Several sets here begin with 'ab': ab1, ab2\. Say more"):
        chosen("ab", ["ab1", "ab2", "cd3"], "here")


@pytest.mark.parametrize(
    ("kind", "file"),
    [("title_encoder", "layers/table.bin"), ("title_index", "title_index.npz"), ("playlist_autoencoder", "words.json")],
)
def test_a_damaged_file_is_named(state, kind, file):
    made = tiny_set(1, state)
    verify(made, state)
    path = folders_of(made)[kind] / file
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(ModelMissing, match=rf"The file {file} of the .* of the set {made.name} is damaged. Pull it"):
        verify(made, state)


def test_the_operators_own_weights_belong_to_the_set(state, tmp_path):
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"weights")
    made = make_set(tiny_models(1), str(weights), state=state)
    assert list(made.files["diffusion"]) == ["mine.safetensors"]
    weights.write_bytes(b"WEIGHTS")
    with pytest.raises(ModelMissing, match=r"The file mine\.safetensors of the diffusion weights"):
        verify(made, state)
    with pytest.raises(InvalidInput, match="Give diffusion weights that have changed another name"):
        make_set(made.models, str(weights), state=state)


def test_a_set_that_cannot_be_read_says_so(state):
    made = tiny_set(1, state)
    path = state / "sets" / made.name / "set.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(ModelMissing, match=r"set\.json, which may be removed with its folder"):
        list_sets(state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.update(diffusion="small"), "the name is not that of these models"),
        (lambda content: content["files"].pop("title_index"), "the files are not those of the models"),
        (
            lambda content: content["files"]["title_index"].update({"../../x": {"bytes": 1, "sha256": "0" * 64}}),
            "a file lies outside its folder",
        ),
        (
            lambda content: content["files"]["title_index"].update({"x": {"bytes": 1, "sha256": "0" * 64}}),
            "the files of the title index are not those of its version",
        ),
        (
            lambda content: content["attachments"].update({"../x": {"bytes": 1, "sha256": "0" * 64}}),
            "an attachment has no plain name",
        ),
    ],
)
def test_what_came_over_a_network_is_taken_only_where_it_fits_together(state, change, message):
    content = json.loads(tiny_set(1, state).model_dump_json())
    change(content)
    with pytest.raises(ValueError, match=message):
        SetManifest.model_validate(content)
