"""Docker: whether it is here, and the one command that builds the image."""

import shutil
import subprocess
from pathlib import Path

WAIT_S = 10


def has_docker() -> bool:
    """Whether a Docker answers: its command may be there without the daemon that builds."""
    if shutil.which("docker") is None:
        return False
    try:
        ended = subprocess.run(["docker", "info"], capture_output=True, timeout=WAIT_S)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def build_command(context: Path, variant: str, lock: str, tag: str) -> list[str]:
    """What builds the image of a context.

    Args:
        context: The build context.
        variant: `cpu` or `gpu`.
        lock: The name of the lock of its packages.
        tag: The image's name.
    """
    command = ["docker", "build", "--tag", tag, "--build-arg", f"LOCK={lock}"]
    if variant == "gpu":
        command += ["--build-arg", "NVIDIA_VISIBLE_DEVICES=all"]
    return [*command, str(context)]
