"""The command writes one file, or ends with one line."""

import json
import subprocess
import sys

import pytest

from aiplayer.settings import PROJECT
from tests.support.commands import run_within
from training.explore.__main__ import main

pytestmark = pytest.mark.process


def test_the_command_writes_one_file_and_says_where(tmp_path):
    melon = tmp_path / "<b>밤"
    melon.mkdir()
    record = {"id": 1, "plylst_title": "밤", "tags": ["밤"], "songs": [1, 2], "like_cnt": 0, "updt_date": ""}
    (melon / "train.json").write_text(json.dumps([record]), encoding="utf-8")
    out = tmp_path / "[bold]report"
    command = [sys.executable, "-W", "error", "-m", "training.explore", "--melon", str(melon), "--out", str(out)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"✓ The report is {out / 'index.html'}\n"
    assert [path.name for path in out.iterdir()] == ["index.html"]
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "of the folder &lt;b&gt;밤</p>" in html


@pytest.mark.parametrize(
    ("content", "message"),
    [("[]", "error: There are no playlists in the folder"), (None, "error: {} has no train.json")],
)
def test_the_command_ends_with_one_line_where_there_is_nothing(tmp_path, content, message):
    if content:
        (tmp_path / "train.json").write_text(content)
    ended = run_within(main, "--melon", tmp_path, "--out", tmp_path / "report")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(message.format(tmp_path))
    assert ended.stderr.count("\n") == 1


def test_a_database_without_a_catalogue_is_one_line_that_keeps_its_url_secret(tmp_path):
    ended = run_within(main, "--database", f"sqlite:///{tmp_path / 'hunter2.db'}", "--out", tmp_path / "report")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: The database does not answer or refuses: no such table")
    assert "hunter2" not in ended.stderr
