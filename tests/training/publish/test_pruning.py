"""What nobody needs is removed, and nothing else; where that is not known, nothing is."""

import pytest

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.pins import ModelPins, database_key
from loadtests.tiny_sets import tiny_models, tiny_set
from training.publish.pins import pin
from training.publish.production import promote
from training.publish.pruning import prune, prune_repository
from training.publish.registry import set_names
from training.publish.sets import verify
from training.publish.store import bentoml_home, is_whole
from training.publish.transfer import find_remote, pull, pulling_folder, push


@pytest.fixture
def sets(state, database):
    """Six sets, of which the last five were promoted one after the other; the sixth was made from the first."""
    made = [tiny_set(number, state) for number in range(5)]
    made.append(tiny_set(5, state, parent=made[0].name))
    for manifest in made[1:]:
        promote(manifest.name, database, state=state)
    return made


def names(manifests) -> list[str]:
    return sorted(manifest.name for manifest in manifests)


def test_production_the_sets_before_it_and_parents_stay(sets, state):
    pruned = prune(1, ModelPins(), state=state)
    kept = [sets[5], sets[4], sets[0]]
    assert set_names(state) == names(kept)
    assert sorted(pruned.sets) == names(sets[1:4])
    assert len(pruned.files) == 6
    for manifest in kept:
        verify(manifest, state)
    assert prune(1, ModelPins(), state=state) == ([], [])


def test_what_another_database_is_served_with_stays(sets, state):
    pin(sets[2].models, "mysql://host/other", state / "models.json")
    prune(0, ModelPins(), state=state)
    assert set_names(state) == names([sets[5], sets[2], sets[0]])


def test_what_the_environment_names_stays(sets, state):
    prune(0, sets[1].models, state=state)
    assert set_names(state) == names([sets[5], sets[1], sets[0]])
    verify(sets[1], state)


def test_models_of_no_set_go_and_pinned_ones_stay(state, database):
    pinned, unpinned = tiny_models(1), tiny_models(2)
    pin(pinned, database_key(database), state / "models.json")
    assert prune(2, ModelPins(), state=state).files == sorted({unpinned.title_index, unpinned.playlist_autoencoder})
    assert all(map(is_whole, pinned.model_dump().values()))


def test_without_pins_nothing_is_removed(state):
    made = tiny_set(1, state)
    with pytest.raises(InvalidInput, match="No models are pinned"):
        prune(0, ModelPins(), state=state)
    (state / "models.json").write_text("{")
    with pytest.raises(ModelMissing, match=r"models\.json is damaged"):
        prune(0, ModelPins(), state=state)
    verify(made, state)


def test_a_set_that_cannot_be_read_keeps_everything(sets, state):
    (state / "sets" / sets[1].name / "set.json").write_text("{")
    with pytest.raises(ModelMissing, match=r"set\.json"):
        prune(0, ModelPins(), state=state)
    assert set_names(state) == names(sets)


def test_an_interrupted_pull_is_ended_first(sets, state):
    pulling_folder("0123456789ab").mkdir(parents=True)
    with pytest.raises(InvalidInput, match=r"The pull of the set 0123456789ab was interrupted. End it by `pull 0123"):
        prune(0, ModelPins(), state=state)


def test_a_store_that_others_may_use_is_left_alone(sets, state, tmp_path, monkeypatch):
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "shared"))
    with pytest.raises(InvalidInput, match="others may use"):
        prune(0, ModelPins(), state=state)


def test_drafts_that_a_kill_has_left_are_removed(sets, state):
    draft = bentoml_home() / "tmp" / "draft-x"
    draft.mkdir(parents=True)
    half = state / "sets" / "0123456789ab"
    half.mkdir()
    prune(2, ModelPins(), state=state)
    assert not draft.exists()
    assert not half.exists()


def test_a_repository_keeps_the_newest_what_is_needed_and_parents(repository, sets, state, elsewhere):
    for manifest in sets:
        push(manifest, repository, lambda size: None, state=state)
    assert prune_repository(repository, 1, [sets[2].name], grace_s=3_600).files == []
    pruned = prune_repository(repository, 1, [sets[2].name], grace_s=-5)
    assert pruned.sets == []
    kept = [sets[5], sets[2], sets[0]]
    assert repository.set_names() == names(kept)
    assert len(pruned.files) == 3 * 3
    assert repository.objects().keys() == {record.sha256 for manifest in kept for record in manifest.records()}
    other = elsewhere()
    pull(find_remote(sets[2].name, repository), repository, lambda size: None, state=other)
    verify(sets[2], other)
