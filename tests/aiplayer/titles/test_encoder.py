import json

import pytest

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.titles import encoder as title_encoder

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("source", ["no/such/folder", "nobody/no-such-encoder"])
def test_an_encoder_that_is_not_there_is_refused_with_what_is_allowed(source, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InvalidInput, match=f"{source} cannot be loaded. Set title_encoder_source to a folder"):
        title_encoder.create(source)


def test_a_folder_that_brings_code_of_its_own_is_refused_and_its_code_not_run(tmp_path):
    modules = [{"idx": 0, "name": "0", "path": "", "type": "theirs.Module"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    (tmp_path / "theirs.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Module: pass\n")
    with pytest.raises(InvalidInput, match="cannot be loaded"):
        title_encoder.create(str(tmp_path))
    assert not (tmp_path / "ran").exists()


def test_what_serves_a_foreign_encoder_and_is_not_installed_is_named(tmp_path, monkeypatch):
    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]')
    monkeypatch.setattr(title_encoder, "find_spec", lambda name: None)
    message = r"Install the packages of the group sbert in pyproject.toml \(torch and sentence_transformers\) into /"
    with pytest.raises(ModelMissing, match=message):
        title_encoder.load_to_serve(tmp_path)
