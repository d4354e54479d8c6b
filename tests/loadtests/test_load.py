import io
import subprocess
import sys

import pytest
from rich.console import Console

from aiplayer.settings import PROJECT
from loadtests.load import parse_arguments, results_table
from loadtests.shapes import Shape
from loadtests.thresholds import RouteResult

COMMAND = [sys.executable, "-m", "loadtests.load"]


def test_the_table_shows_what_is_allowed_beside_what_was():
    console = Console(width=110, record=True, file=io.StringIO())
    console.print(results_table(Shape.STEADY, [RouteResult("/similar", 1_200, 3, 1, 35.0, 81.0)]))
    header, row = console.export_text().splitlines()
    assert " ".join(header.split()) == "steady load answered refused failed p50 ms p95 ms allowed ms"
    assert row.split() == ["/similar", "1,200", "3", "1", "35", "81", "300"]


@pytest.mark.parametrize("arguments", [["--users", "0"], ["--seconds", "-1"], ["--shape", "round"]])
def test_what_cannot_be_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as refusal:
        parse_arguments(arguments)
    assert refusal.value.code == 2
    assert "error: argument --" in capsys.readouterr().err


@pytest.mark.process
def test_a_short_run_beside_a_running_service_prints_a_table_and_writes_a_report(service_url):
    command = [*COMMAND, "--url", service_url, "--users", "3", "--seconds", "10"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=90)
    assert "/recommend" in ended.stdout, ended.stdout + ended.stderr
    assert "report: var/load/report.html" in ended.stdout
    assert (PROJECT / "var/load/report.html").read_text(encoding="utf-8").startswith("<!")
    # A slow machine may break a threshold; then that is said, and only then it fails.
    assert ("✗" in ended.stdout) == (ended.returncode == 1)


@pytest.mark.process
def test_a_run_in_which_nothing_is_answered_fails_and_says_so(tmp_path):
    command = [*COMMAND, "--url", "http://127.0.0.1:9", "--users", "2", "--seconds", "3"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=90)
    assert ended.returncode == 1
    assert "✗ 100.00% of the requests failed, 99.50 points over the 0.50% allowed." in ended.stdout
    assert "✗ /similar was never answered with success" in ended.stdout
