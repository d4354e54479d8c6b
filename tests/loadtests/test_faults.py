import json
import subprocess
import sys
from uuid import uuid4

import pytest

from aiplayer.catalogue import Catalogue, Generation, connect, migrate
from aiplayer.settings import PROJECT
from loadtests.fault_report import NEEDED_FOR, Likes
from loadtests.faults import RESULTS, count_likes


def test_acknowledged_likes_that_the_database_does_not_hold_are_lost(tmp_path):
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    engine = connect(url)
    migrate(engine)
    generations = [Generation("title", [], [], []) for _ in range(3)]
    for generation in generations:
        Catalogue(engine).remember([generation])
    for generation in generations[:2]:
        Catalogue(engine).set_liked(generation.generation_id, True)
    engine.dispose()

    ids = [str(generation.generation_id) for generation in generations]
    assert count_likes(url, set(ids[:2])) == Likes(acknowledged=2, lost=0)
    # One that was only remembered, and one that was never written at all.
    assert count_likes(url, {*ids, str(uuid4())}) == Likes(acknowledged=4, lost=2)


@pytest.mark.slow
def test_faults_are_measured_whatever_comes_of_them():
    command = [sys.executable, "-m", "loadtests.faults", "--watch", "5"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=900)
    assert ended.returncode in (0, 1), ended.stderr[-2000:]
    assert ("✗" in ended.stdout) == (ended.returncode == 1)

    told = json.loads(RESULTS.read_bytes())
    assert list(dict.fromkeys(kill["part"] for kill in told["kills"])) == list(NEEDED_FOR)
    assert told["likes"]["acknowledged"] > 0
    assert told["likes"]["lost"] == 0
