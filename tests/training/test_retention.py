import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, connect, migrate
from aiplayer.catalogue.tables import UserLog, utc_now
from aiplayer.errors import InvalidInput, NotFound
from aiplayer.settings import PROJECT, Settings
from training.retention import prune, remove


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'log.db'}", log_retention_days=30)


@pytest.fixture
def generation_id(settings) -> UUID:
    """A generation of 40 days ago."""
    engine = connect(settings.database_url.get_secret_value())
    migrate(engine)
    generation = Generation("재즈", [7], [{"song_id": 3}], ["재즈"])
    Catalogue(engine).remember([generation])
    with Session(engine) as session, session.begin():
        session.get(UserLog, generation.generation_id).created_at = utc_now() - timedelta(days=40)
    engine.dispose()
    return generation.generation_id


def is_kept(settings: Settings, generation_id: UUID) -> bool:
    engine = connect(settings.database_url.get_secret_value())
    try:
        return Catalogue(engine).generation(generation_id) is not None
    except NotFound:
        return False
    finally:
        engine.dispose()


@pytest.mark.parametrize(("days", "kept"), [(30, False), (41, True), (0, True)])
def test_what_is_older_is_removed_and_told(settings, generation_id, capsys, days, kept):
    prune(settings, days)
    assert is_kept(settings, generation_id) == kept
    told = " ".join(capsys.readouterr().out.split())
    if days == 0:
        assert "Nothing is removed: AIPLAYER_LOG_RETENTION_DAYS is 0" in told
    else:
        assert f"removed, older than {days} days: {int(not kept)} generations" in told


@pytest.mark.parametrize("days", [-1, 10**9])
def test_days_out_of_bounds_are_refused(settings, days):
    with pytest.raises(InvalidInput, match=r"Give 0, which keeps everything, to 36500\."):
        prune(settings, days)


def test_one_generation_is_removed_by_its_id(settings, generation_id, capsys):
    remove(settings, str(generation_id))
    assert not is_kept(settings, generation_id)
    assert str(generation_id) in capsys.readouterr().out
    with pytest.raises(NotFound, match="POST /recommend"):
        remove(settings, str(generation_id))


def test_what_is_no_id_is_refused(settings):
    with pytest.raises(InvalidInput, match="latest is no generation's id"):
        remove(settings, "latest")


@pytest.mark.process
def test_the_command_reads_the_setting(settings, generation_id):
    environment = {
        "AIPLAYER_DATABASE_URL": settings.database_url.get_secret_value(),
        "AIPLAYER_LOG_RETENTION_DAYS": "30",
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-m", "training.retention", "prune"]
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "1 generations" in ended.stdout
    assert not is_kept(settings, generation_id)
