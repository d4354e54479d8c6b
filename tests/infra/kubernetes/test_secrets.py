"""The Secrets: made by a script, handed to `kubectl create secret`, read as settings, and enough for KEDA's query."""

import re
import shutil
import subprocess
from pathlib import Path

import pymysql
import pytest
import yaml
from sqlalchemy import create_engine, text

from aiplayer.catalogue import PictureJobs, migrate
from aiplayer.settings import PROJECT, Settings
from infra.server import BIN
from tests.support.kubernetes import FOLDER, of_kind, pod_templates

URL = "mysql+pymysql://aiplayer:p%40ss@mysql.example:3306/aiplayer"
SECRETS = ("api", "page", "painter", "scaler")


def make(folder: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script in a folder of its own."""
    script = shutil.copy(FOLDER / "make_secrets.sh", folder)
    return subprocess.run(["sh", script], input=url, capture_output=True, text=True)


@pytest.fixture
def secrets(tmp_path) -> dict[str, dict[str, str]]:
    """What each Secret holds, as kubectl would send it to a cluster."""
    assert make(tmp_path, URL).returncode == 0
    return {name: from_files(tmp_path / "secrets" / name) for name in SECRETS}


def from_files(folder: Path) -> dict[str, str]:
    command = [BIN / "kubectl", "create", "secret", "generic", "any", f"--from-file={folder}", "--dry-run=client"]
    text = subprocess.run([*command, "--output=yaml"], check=True, capture_output=True, text=True).stdout
    assert yaml.safe_load(text)["data"].keys() == {path.name for path in folder.iterdir()}
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_every_key_is_a_setting_and_every_secret_is_used(secrets):
    scaled = of_kind("keda", "TriggerAuthentication")["painter"]["spec"]["secretTargetRef"]
    assert secrets.pop("scaler").keys() == {target["key"] for target in scaled}

    for part, template in pod_templates("keda").items():
        (used,) = (volume["secret"]["secretName"] for volume in template["spec"]["volumes"] if "secret" in volume)
        assert used == f"aiplayer-{part}"
        assert {key.removeprefix("aiplayer_") for key in secrets.pop(part)} <= Settings.model_fields.keys()
    assert secrets == {}


def test_settings_read_a_secret_as_a_cluster_mounts_it(secrets, tmp_path, monkeypatch):
    for part in ("api", "page", "painter"):
        # Links into a folder that is replaced as a whole when the Secret changes.
        folder = tmp_path / part
        (folder / "..2026").mkdir(parents=True)
        (folder / "..data").symlink_to("..2026")
        for key, value in secrets[part].items():
            (folder / "..2026" / key).write_text(value)
            (folder / key).symlink_to(f"..data/{key}")

    def settings(part: str) -> Settings:
        monkeypatch.setattr("aiplayer.settings.SECRETS", tmp_path / part)
        return Settings()

    service, page, painter = settings("api"), settings("page"), settings("painter")
    assert service.database_url.get_secret_value() == URL
    (pages_key,) = service.api_keys
    assert pages_key.secret == page.service_key
    (gateways_key,) = painter.api_keys
    assert gateways_key.secret == service.painter_key
    assert (pages_key.requests_per_minute, gateways_key.requests_per_minute) == (0, 0)


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path):
    first = make(tmp_path, URL)
    made = re.findall(r"^made (\S+)$", first.stdout, re.MULTILINE)
    assert len(made) == 7
    paths = [tmp_path / "secrets" / name for name in made]
    before = [path.read_text() for path in paths]
    assert all(path.stat().st_mode & 0o77 == 0 for path in [*paths, tmp_path / "secrets"])
    assert not any(secret in first.stdout + first.stderr for secret in before)

    again = make(tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert [path.read_text() for path in paths] == before
    (tmp_path / "secrets" / "scaler.sql").unlink()
    assert make(tmp_path).stdout == "made scaler.sql\n"
    assert [path.read_text() for path in paths] == before


@pytest.mark.parametrize("url", ["", "sqlite:///aiplayer.db", "mysql+pymysql://aiplayer@mysql.example/aiplayer"])
def test_what_is_no_url_of_mysql_is_refused_and_not_repeated(url, tmp_path):
    refused = make(tmp_path, url)
    assert refused.returncode == 1
    assert (
        "error: this is no URL of MySQL with user, password, host, port and database. Run this again." in refused.stderr
    )
    assert not url or url not in refused.stderr
    assert not (tmp_path / "secrets" / "api" / "aiplayer_database_url").exists()


def test_what_the_script_makes_is_no_part_of_the_tree():
    assert "/infra/kubernetes/secrets/" in (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_keda_may_count_jobs_and_read_no_title(mariadb, tmp_path):
    url = mariadb.new_database()
    engine = create_engine(url)
    migrate(engine)
    jobs = PictureJobs(engine)
    jobs.add({"title": "rain"}, None, most_unfinished=10)

    name, port = engine.url.database, engine.url.port
    make(tmp_path, f"mysql+pymysql://aiplayer:any@127.0.0.1:{port}/{name}")
    statements = (tmp_path / "secrets" / "scaler.sql").read_text().split(";\n")[:-1]
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()

    given = (tmp_path / "secrets" / "scaler" / "connectionString").read_text()
    parts = re.fullmatch(r"(\w+):(\w+)@tcp\(127\.0\.0\.1:(\d+)\)/(\w+)", given)
    user, password, at, database = parts.groups()
    query = of_kind("keda", "ScaledObject")["painter"]["spec"]["triggers"][0]["metadata"]["query"]
    with (
        pymysql.connect(host="127.0.0.1", port=int(at), user=user, password=password, database=database) as scaler,
        scaler.cursor() as cursor,
    ):
        cursor.execute(query)
        assert cursor.fetchall() == ((1,),)
        for forbidden in ("SELECT request FROM picture_job", "SELECT title FROM user_log", "DELETE FROM picture_job"):
            with pytest.raises(pymysql.err.OperationalError, match="denied"):
                cursor.execute(forbidden)
