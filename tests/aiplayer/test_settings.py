import json
import os
import shutil
import subprocess
import sys

import pytest
from pydantic import ValidationError

from aiplayer import settings
from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT, ModelPins, Settings, database_key
from training.publish.pins import is_pinned, pin


@pytest.fixture
def pins_file(tmp_path, monkeypatch):
    path = tmp_path / "models.json"
    monkeypatch.setattr(settings, "PINS_FILE", path)
    monkeypatch.delenv("AIPLAYER_DATABASE_URL", raising=False)
    return path


def test_every_database_has_its_own_models(pins_file):
    for name in ("a", "b"):
        pin(ModelPins(title_encoder=f"title_encoder:{name}"), database_key(f"mysql+pymysql://host/{name}"), pins_file)
    urls = {"mysql+pymysql://me:secret@host/a": "a", "mysql+pymysql://host/b": "b", "sqlite:///elsewhere.db": "b"}
    for url, version in urls.items():
        assert Settings(database_url=url).models.title_encoder == f"title_encoder:{version}"
    assert is_pinned("mysql+pymysql://host/a", pins_file)
    assert not is_pinned(database_key("sqlite:///elsewhere.db"), pins_file)


def test_a_pin_of_the_environment_wins_and_leaves_the_others(pins_file, monkeypatch):
    pin(ModelPins(title_encoder="title_encoder:a", title_index="title_index:a"), "x", pins_file)
    monkeypatch.setenv("AIPLAYER_MODELS__TITLE_INDEX", "title_index:b")
    assert Settings().models == ModelPins(title_encoder="title_encoder:a", title_index="title_index:b")


def test_before_set_up_nothing_is_pinned(pins_file):
    assert Settings().models == ModelPins()


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    path = tmp_path / "aiplayer.toml"
    monkeypatch.setattr(settings, "SETTINGS_FILE", path)
    monkeypatch.delenv("AIPLAYER_SEED", raising=False)
    return path


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_settings_file_is_read_as_editors_save_it(settings_file, mark):
    settings_file.write_bytes(f"{mark}# 씨앗\r\nseed = 7\r\n".encode())
    assert Settings().seed == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("seed = 7".encode("utf-16"), r"aiplayer\.toml is not UTF-8\. Save it as UTF-8"),
        ("seed = 7".encode("utf-16-le"), r"aiplayer\.toml is not UTF-8\. Save it as UTF-8"),
        ("seed = 7".encode("utf-32"), r"aiplayer\.toml is not UTF-8\. Save it as UTF-8"),
        (b"seed = ", r"aiplayer\.toml cannot be read: Invalid value"),
    ],
)
def test_a_settings_file_that_cannot_be_read_says_why(settings_file, content, message):
    settings_file.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        Settings()


def test_no_secret_is_written_beside_the_pins(pins_file):
    key = database_key("mysql+pymysql://me:secret@host:3306/name?ssl_key=secret")
    pin(ModelPins(), key, pins_file)
    assert key == "mysql+pymysql://host:3306/name"
    assert "secret" not in json.dumps(pins_file.read_text())


def test_a_tilde_begins_a_path_as_it_does_in_a_shell(settings_file, pins_file, monkeypatch):
    monkeypatch.setenv("HOME", "/home/creator")
    settings_file.write_text('diffusion_weights = "~/models/sd15"\ntitle_encoder_source = "~/encoder"\n')
    assert Settings().diffusion_weights == "/home/creator/models/sd15"
    assert Settings().title_encoder_source == "/home/creator/encoder"
    assert database_key("sqlite:///~/own.db") == "sqlite:////home/creator/own.db"


@pytest.mark.process
def test_the_database_is_made_in_a_folder_with_any_name(tmp_path):
    folder = tmp_path / "내 곡 100% %20 (new) it's?"
    shutil.copytree(PROJECT / "aiplayer", folder / "aiplayer", ignore=shutil.ignore_patterns("*.safetensors"))
    program = (
        "from aiplayer.catalogue import connect, migrate\n"
        "from aiplayer.settings import Settings\n"
        "migrate(connect(Settings().database_url.get_secret_value()))\n"
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIPLAYER_")}
    environment = inherited | {"PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, check=True)
    assert (folder / "var" / "aiplayer.db").stat().st_size > 0


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:4318", "https://collector.example/otlp"])
def test_a_collector_is_named_by_its_address(endpoint):
    assert Settings(otlp_endpoint=endpoint).otlp_endpoint == endpoint


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        ("127.0.0.1:4318", "must be an address such as"),
        ("grpc://host:4317", "must be an address such as"),
        ("http://", "must be an address such as"),
        ("http://me:secret@host:4318", "must hold no password"),
    ],
)
def test_what_is_no_collector_is_refused(endpoint, message):
    with pytest.raises(ValidationError, match=message):
        Settings(otlp_endpoint=endpoint)


def test_a_secret_is_read_from_the_file_of_its_name(tmp_path, monkeypatch, pins_file):
    (tmp_path / "aiplayer_database_url").write_text("mysql+pymysql://me:secret@db/aiplayer\n")
    (tmp_path / "aiplayer_api_keys").write_text('[{"name": "page", "secret": "long"}]\n')
    (tmp_path / "mysql_password").write_text("of another program")
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    read = Settings()
    assert read.database_url.get_secret_value() == "mysql+pymysql://me:secret@db/aiplayer"
    assert [key.name for key in read.api_keys] == ["page"]
    assert Settings(database_url="sqlite:///x.db").database_url.get_secret_value() == "sqlite:///x.db"
    monkeypatch.setenv("AIPLAYER_DATABASE_URL", "sqlite:///of-the-environment.db")
    assert Settings().database_url.get_secret_value() == "sqlite:///of-the-environment.db"


@pytest.mark.process
def test_all_that_is_written_lies_in_the_state_folder(tmp_path):
    program = (
        "from aiplayer import settings\nprint(settings.STATE, settings.PINS_FILE, settings.Settings().database_url)"
    )
    environment = {**os.environ, "AIPLAYER_STATE": str(tmp_path / "state"), "PYTHONPATH": str(PROJECT)}
    environment.pop("AIPLAYER_DATABASE_URL", None)
    told = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    state = tmp_path / "state"
    assert told.stdout == f"{state} {state / 'models.json'} **********\n"
