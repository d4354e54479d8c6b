import subprocess
import sys

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import migrate
from aiplayer.catalogue.tables import UserLog
from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from loadtests.queries import Requests, explain, measure
from tests.support.melon import make_dataset, write_dataset
from training.dataset import import_melon


@pytest.fixture
def requests(tmp_path, engine):
    import_melon(write_dataset(tmp_path, **make_dataset(2_000)), engine)
    requests = Requests(engine)
    yield requests
    requests.clean_up()


def test_every_query_of_a_request_reads_by_an_index(requests):
    accesses = {name: accesses for name, _, accesses in measure(requests, rounds=1)}
    tables = {access.table for of_call in accesses.values() for access in of_call}
    of_catalogue = {"catalogue_version", "ply_meta", "song_in_ply", "song_meta", "song_artist"}
    assert tables == of_catalogue | {"user_log", "model_set", "feedback"}
    # The version is one row, and no set of models is known here: no index would find them faster.
    scans = {access.table for of_call in accesses.values() for access in of_call if not access.index}
    assert scans - {"model_set"} == {"catalogue_version"}


def test_a_scan_of_a_whole_table_is_told(requests):
    (access,) = explain(requests.engine, "SELECT * FROM song_meta WHERE song_name = 'x'", ())
    assert (access.table, access.index) == ("song_meta", None)


def test_nothing_stays_behind(requests):
    list(measure(requests, rounds=2))
    requests.clean_up()
    with Session(requests.engine) as session:
        assert session.scalar(select(func.count()).select_from(UserLog)) == 0


def test_an_empty_catalogue_is_refused(engine):
    migrate(engine)
    with pytest.raises(InvalidInput, match="Import some first"):
        Requests(engine)


@pytest.mark.process
def test_the_command_prints_a_table(requests, empty_database):
    command = [sys.executable, "-m", "loadtests.queries", "--database", empty_database, "--rounds", "3"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "/recommend" in ended.stdout
