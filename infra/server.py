"""How BentoML's server is started, on a machine and in a container."""

import sys
from pathlib import Path

from aiplayer.settings import PROJECT, STATE

# How long those who wait for an answer keep a service that is stopped from ending.
GRACE_S = 15
# Those of `service.py`: all of it, and what paints for gateways on other machines.
SERVICES = SERVICE, PAINTER = "AIPlayer", "Painter"
BIN = Path(sys.executable).parent
# BLAS and TensorFlow would each take every core; the runners set what they need themselves.
ENVIRONMENT = {
    "BENTOML_HOME": str(STATE / "bentoml"),
    "BENTOML_DO_NOT_TRACK": "True",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(PROJECT),
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def serve_command(host: str, port: int, served: str = "AIPlayer") -> list[str]:
    """The command that serves, to be run in the project's folder.

    Args:
        host: The address to listen at.
        port: Where it listens.
        served: Which service of `service.py`.
    """
    serve = [str(BIN / "bentoml"), "serve", f"service:{served}", "--host", host, "--port", str(port)]
    return [*serve, "--timeout-graceful-shutdown", str(GRACE_S)]
