import csv
import os
import subprocess

import pytest

from aiplayer.settings import PROJECT
from infra.local import BIN
from loadtests import latency
from tests.support.service import BAD_PROXIES

pytestmark = pytest.mark.process


def test_creators_get_no_failure_in_a_short_run_whatever_the_proxies(service_url, tmp_path):
    """The locust journey itself, four users for eight seconds."""
    command = [str(BIN / "locust"), "--locustfile", "loadtests/locustfile.py", "--headless", "--host", service_url]
    command += ["--users", "4", "--spawn-rate", "4", "--run-time", "8s", "--csv", str(tmp_path / "run")]
    environment = os.environ | BAD_PROXIES
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=90)
    assert ended.returncode == 0, ended.stderr[-2000:]
    with open(tmp_path / "run_stats.csv", encoding="utf-8") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    assert {"/similar", "/recommend", "/thumbnail"} <= rows.keys()
    assert int(rows["Aggregated"]["Request Count"]) >= 8
    assert int(rows["Aggregated"]["Failure Count"]) == 0


def test_latencies_are_measured_whatever_the_proxies(service_url, monkeypatch):
    for variable, value in BAD_PROXIES.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(latency, "ROUNDS", dict.fromkeys(latency.ROUNDS, 1))
    measured = latency.measure(service_url)
    assert measured.keys() == latency.ROUNDS.keys()
    assert all(len(times_ms) == 1 for times_ms in measured.values())
