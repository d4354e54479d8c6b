"""A container that serves the painter alone: without a database, and with the probes that a cluster asks."""

import io
import sys

import httpx
import pytest
from PIL import Image

from infra.instances import free_port, wait_until_ready
from infra.programs import Program
from infra.server import PAINTER
from tests.support.kubernetes import OVERLAYS, containers

pytestmark = pytest.mark.process

KEY = "what-the-gateway-sends"


def test_a_painter_needs_no_database_and_answers_its_probes(tmp_path):
    port = free_port()
    environment = {
        "AIPLAYER_API_KEYS": f'[{{"name": "gateway", "secret": "{KEY}"}}]',
        # Nobody listens there.
        "AIPLAYER_DATABASE_URL": f"mysql+pymysql://nobody:nothing@127.0.0.1:{free_port()}/nowhere",
        "AIPLAYER_STATE": str(tmp_path / "state"),
        "BENTOML_HOME": str(tmp_path / "state" / "bentoml"),
    }
    command = [sys.executable, "-m", "infra.container", "--served", PAINTER, "--host", "127.0.0.1", "--port", str(port)]
    with Program("test-container-painter", command, environment) as program:
        wait_until_ready(f"http://127.0.0.1:{port}", program)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for overlay in OVERLAYS:
                for kind in ("startup", "readiness", "liveness"):
                    path = containers(overlay)["painter"][f"{kind}Probe"]["httpGet"]["path"]
                    assert client.get(path).status_code == 200

            wish = {"prompt": "photography of rain", "seed": 1}
            assert client.post("/pictures", json=wish).status_code == 401
            painted = client.post("/pictures", json=wish, headers={"Authorization": f"Bearer {KEY}"})
            assert painted.status_code == 200
            assert Image.open(io.BytesIO(painted.content)).size == (1280, 720)
    assert "painting without a set" in program.log.read_text()
