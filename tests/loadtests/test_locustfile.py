import csv
import subprocess

import pytest

from aiplayer.settings import PROJECT
from infra.local import BIN

pytestmark = pytest.mark.process


def test_creators_get_no_failure_in_a_short_run(service_url, tmp_path):
    """The locust journey itself, four users for eight seconds."""
    command = [str(BIN / "locust"), "--locustfile", "loadtests/locustfile.py", "--headless", "--host", service_url]
    command += ["--users", "4", "--spawn-rate", "4", "--run-time", "8s", "--csv", str(tmp_path / "run")]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=90)
    assert ended.returncode == 0, ended.stderr[-2000:]
    with open(tmp_path / "run_stats.csv", encoding="utf-8") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    assert {"/similar", "/recommend", "/thumbnail"} <= rows.keys()
    assert int(rows["Aggregated"]["Request Count"]) >= 8
    assert int(rows["Aggregated"]["Failure Count"]) == 0
