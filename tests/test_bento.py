import os
import subprocess

import pytest
import yaml

from aiplayer.settings import PROJECT
from infra.instances import BIN

pytestmark = pytest.mark.process


def test_bentoml_build_packs_the_service_and_nothing_else(tmp_path):
    environment = {**os.environ, "BENTOML_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    ended = subprocess.run(
        [str(BIN / "bentoml"), "build", "--output", "tag"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    (bento,) = (tmp_path / "bentos" / "ai_player").glob("*/bento.yaml")
    described = yaml.safe_load(bento.read_text(encoding="utf-8"))
    assert {service["name"] for service in described["services"]} == {
        "ai_player",
        "title_encoder",
        "playlist_autoencoder",
        "thumbnail",
    }
    packed = {path.relative_to(bento.parent / "src").parts[0] for path in (bento.parent / "src").rglob("*.py")}
    assert packed == {"service.py", "gateway", "aiplayer", "runners"}
    files = [path for path in bento.parent.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.suffix == ".safetensors"] == ["small.safetensors"]
    assert sum(path.stat().st_size for path in files if path.suffix != ".safetensors") < 5_000_000
