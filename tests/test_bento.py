"""The bento: what it holds, and that it serves from its own folder, as an image runs it."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml

from aiplayer.settings import PROJECT, Settings
from infra.image.__main__ import make_bento
from infra.image.proof import image_environment, journey, packed_service, started
from training.publish.folder import FolderRepository
from training.publish.production import production_set
from training.publish.transfer import push

pytestmark = pytest.mark.process

# The demo's set, of the demo's database, whatever the environment names.
DEMO = Settings(database_url=f"sqlite:///{PROJECT / 'var' / 'aiplayer.db'}")


@pytest.fixture(scope="module")
def bento(tmp_path_factory) -> Path:
    return make_bento("", "serving.lock", tmp_path_factory.mktemp("image"), DEMO)


def test_it_holds_what_serves_and_nothing_else(bento):
    described = yaml.safe_load((bento / "bento.yaml").read_text(encoding="utf-8"))
    assert {service["name"] for service in described["services"]} == {
        "ai_player",
        "title_encoder",
        "playlist_autoencoder",
        "thumbnail",
    }
    assert {model["tag"].partition(":")[0] for model in described["models"]} == {
        "title_encoder",
        "title_index",
        "playlist_autoencoder",
    }
    code = {path.relative_to(bento / "src").parts[0] for path in (bento / "src").rglob("*.py")}
    assert code == {"service.py", "gateway", "aiplayer", "runners", "infra", "training"}
    assert {path.name for path in (bento / "src" / "training").iterdir()} == {
        "__init__.py",
        "console.py",
        "publish",
        "retention.py",
    }
    files = [path for path in bento.rglob("*") if path.is_file() and not path.is_relative_to(bento / "models")]
    assert [path.name for path in files if path.suffix == ".safetensors"] == ["small.safetensors"]
    others = [path for path in files if path.suffix != ".safetensors" and path.name != "catalogue.db"]
    assert sum(path.stat().st_size for path in others) < 5_000_000


def test_it_makes_a_playlist_from_its_own_folder_with_no_configuration(bento, tmp_path):
    with packed_service(bento, Path(sys.executable), tmp_path / "state") as url:
        journey(url, tmp_path / "out")
        made = production_set(DEMO.database_url.get_secret_value(), DEMO.diffusion_weights)
        assert httpx.get(f"{url}/about").json()["model_set"] == made.name
    playlist = json.loads((tmp_path / "out" / "playlist.json").read_text())
    assert len(playlist["songs"]) == 20
    assert (tmp_path / "state" / "aiplayer.db").exists()
    # All that a container writes lies in its state folder.
    assert not (bento / "src" / "var").exists()


def test_a_bento_without_models_pulls_a_set_by_its_name_before_it_serves(bento, tmp_path):
    made = production_set(DEMO.database_url.get_secret_value(), DEMO.diffusion_weights)
    push(made, FolderRepository(tmp_path / "repository"), lambda size: None)
    without = tmp_path / "bento"
    shutil.copytree(bento, without, ignore=shutil.ignore_patterns("models", "sets", "*.safetensors"))

    wanted = {"AIPLAYER_SET": made.name[:8], "AIPLAYER_MODEL_REPOSITORY": str(tmp_path / "repository")}
    log = tmp_path / "state.log"
    with started(without, Path(sys.executable), tmp_path / "state", **wanted) as (_, program):
        while "serving the set" not in log.read_text():
            assert program.poll() is None, log.read_text()
            time.sleep(0.1)
    assert log.read_text().splitlines()[:3] == [
        "filling the database with the catalogue of this image",
        f"pulling the set {made.name} from {tmp_path / 'repository'}, {made.size_bytes / 1e6:,.1f} MB",
        f"serving the set {made.name}",
    ]


def test_the_environment_of_an_image_has_nothing_of_this_one(bento, tmp_path, monkeypatch):
    monkeypatch.setenv("AIPLAYER_DATABASE_URL", "sqlite:///elsewhere.db")
    monkeypatch.setenv("BENTOML_HOME", "/elsewhere")
    environment = image_environment(bento, tmp_path / "state")
    assert environment["PYTHONPATH"] == str(bento / "src")
    assert not {"AIPLAYER_DATABASE_URL", "BENTOML_HOME"} & environment.keys()
    assert environment["PATH"] == os.environ["PATH"]
