"""What a machine does by itself: its programs, as cloud-init writes them, and a release that it takes back."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from infra.ec2.user_data import FOLDER, MOST_BYTES, Duty, user_data
from infra.server import SERVICES
from tests.support.certificates import self_signed
from tests.support.service import require_program

ALONE = Duty("demo", "us-east-1", has_card=True, is_alone=True)
GATEWAY = Duty("demo", "us-east-1", is_measuring=True)
PAINTER = Duty("demo", "us-east-1", "Painter", 3001, has_card=True)


def files(duty: Duty) -> dict[str, str]:
    return {each["path"]: each["content"] for each in yaml.safe_load(user_data(duty))["write_files"]}


@pytest.mark.parametrize("duty", [ALONE, GATEWAY, PAINTER])
def test_all_that_a_machine_starts_is_written_to_it_and_fits(duty):
    text = user_data(duty)
    assert len(text.encode()) <= MOST_BYTES
    described = yaml.safe_load(text)
    written = {Path(each["path"]).name for each in described["write_files"]}
    install, start = described["runcmd"]
    assert Path(install[0]).name in written
    assert set(start[3:]) <= written
    assert duty.service in SERVICES


def test_only_a_lone_machine_has_nginx_and_only_a_gateway_measures():
    assert "/etc/aiplayer/nginx.conf" in files(ALONE)
    assert not any("nginx" in path for path in files(GATEWAY))
    assert "/etc/systemd/system/aiplayer-backlog.timer" in files(GATEWAY)
    assert not any("backlog" in path for path in [*files(ALONE), *files(PAINTER)])
    # A balancer reaches the service from elsewhere, NGINX on this machine.
    assert "LISTEN=0.0.0.0\n" in files(GATEWAY)["/etc/aiplayer/duty"]
    assert "LISTEN=127.0.0.1\n" in files(ALONE)["/etc/aiplayer/duty"]


@pytest.mark.process
@pytest.mark.parametrize("program", sorted(FOLDER.glob("*.sh")), ids=lambda path: path.name)
def test_a_program_is_shell(program):
    subprocess.run(["sh", "-n", program], check=True)


@pytest.fixture
def machine(tmp_path) -> Path:
    """A machine on which `release.sh` runs: the image in use is one whose name has no `broken` in it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "duty").write_text(GATEWAY.text)
    (tmp_path / "run" / "release").write_text("IMAGE=ai-player:1\nAIPLAYER_SET=\n")
    program = (FOLDER / "release.sh").read_text()
    program = program.replace("/etc/aiplayer/duty", str(tmp_path / "duty")).replace(
        "/run/aiplayer", str(tmp_path / "run")
    )
    (tmp_path / "release.sh").write_text(program)

    commands = {
        # As `serve.sh` chooses what to run.
        "systemctl": f'cd {tmp_path}/run; cp "$([ -e trial ] && echo trial || echo release)" ../serving',
        "curl": f"! grep --quiet broken {tmp_path}/serving",
        "sleep": "true",
    }
    for name, command in commands.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)
    return tmp_path


def release(machine: Path, *words: str) -> int:
    environment = {**os.environ, "PATH": f"{machine / 'bin'}:{os.environ['PATH']}", "READY_TRIES": "3"}
    return subprocess.run(["sh", machine / "release.sh", *words], env=environment).returncode


@pytest.mark.process
def test_a_release_that_comes_ready_serves(machine):
    assert release(machine, "ai-player:2", "c2dae4") == 0
    assert (machine / "serving").read_text() == "IMAGE=ai-player:2\nAIPLAYER_SET=c2dae4\n"


@pytest.mark.process
def test_a_release_that_does_not_is_followed_by_the_one_before(machine):
    assert release(machine, "ai-player:broken", "") == 1
    assert (machine / "serving").read_text() == "IMAGE=ai-player:1\nAIPLAYER_SET=\n"


@pytest.mark.process
def test_nginx_takes_its_configuration(tmp_path):
    nginx = require_program("nginx", package="nginx")
    certificate, key = self_signed("play.example.com")
    (tmp_path / "tls_certificate").write_bytes(certificate)
    (tmp_path / "tls_key").write_bytes(key)
    text = (FOLDER / "nginx.conf").read_text().replace(" /tmp/", f" {tmp_path}/").replace(" /tls/", f" {tmp_path}/")
    (tmp_path / "nginx.conf").write_text(text)
    ended = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
