"""What a machine does when it starts for the first time, as cloud-init reads it. It holds no secret and no image."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aiplayer.errors import InvalidInput

FOLDER = Path(__file__).with_name("machine")
PROGRAMS = "/usr/local/lib/aiplayer"
UNITS = "/etc/systemd/system"
# EC2's, before it is encoded.
MOST_BYTES = 16_384


@dataclass(frozen=True)
class Duty:
    """What a machine is there for.

    Attributes:
        deployment: The deployment's name.
        region: Where its parameters lie.
        service: Which service of `service.py` it runs.
        port: Where that listens.
        has_card: Whether the machine has a GPU.
        is_alone: Whether NGINX stands before the service on this machine; else a balancer does.
        is_measuring: Whether it tells CloudWatch how many picture jobs wait.
    """

    deployment: str
    region: str
    service: str = "AIPlayer"
    port: int = 3000
    has_card: bool = False
    is_alone: bool = False
    is_measuring: bool = False

    @property
    def text(self) -> str:
        """As the programs of the machine read it, in a shell."""
        variables = {
            "DEPLOYMENT": self.deployment,
            "REGION": self.region,
            "SERVICE": self.service,
            "PORT": self.port,
            # Behind a balancer the service is reached from other machines.
            "LISTEN": "127.0.0.1" if self.is_alone else "0.0.0.0",
            "GPUS": "all" if self.has_card else "",
        }
        return "".join(f"{name}={value}\n" for name, value in variables.items())


def user_data(duty: Duty) -> str:
    """The cloud-config of a machine.

    Raises:
        InvalidInput: it is longer than EC2 takes.
    """
    units = ["aiplayer.service"]
    units += ["aiplayer-nginx.service"] if duty.is_alone else []
    units += ["aiplayer-backlog.service", "aiplayer-backlog.timer"] if duty.is_measuring else []
    files = [{"path": "/etc/aiplayer/duty", "content": duty.text}]
    files += [_file(name, PROGRAMS, "0755") for name in ("install.sh", "fetch.sh", "serve.sh", "release.sh")]
    files += [_file(name, UNITS, "0644") for name in units]
    files += [_file("nginx.conf", "/etc/aiplayer", "0644")] if duty.is_alone else []

    started = [name for name in units if name != "aiplayer-backlog.service"]
    commands = [[f"{PROGRAMS}/install.sh"], ["systemctl", "enable", "--now", *started]]
    text = "#cloud-config\n" + yaml.safe_dump({"write_files": files, "runcmd": commands}, sort_keys=False)
    if len(text.encode()) > MOST_BYTES:
        raise InvalidInput(f"The programs of {FOLDER} have over {MOST_BYTES:,} bytes, which EC2 does not take.")
    return text


def encoded(text: str) -> str:
    """As a launch template holds it."""
    return base64.b64encode(text.encode()).decode()


def _file(name: str, folder: str, permissions: str) -> dict[str, Any]:
    content = (FOLDER / name).read_text(encoding="utf-8")
    return {"path": f"{folder}/{name}", "permissions": permissions, "content": content}
