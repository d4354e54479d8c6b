"""The service on a MariaDB server that comes up late, is killed, and comes back."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, connect
from aiplayer.catalogue.tables import UserLog
from tests.support.mariadb import demo_database
from tests.support.service import TITLE, running_service
from tests.support.titles import WISHES

pytestmark = pytest.mark.process

GENERATION = re.compile(r'"generation_id":"[^"]+"')


@pytest.fixture(scope="module")
def url_on_mariadb(mariadb) -> str:
    return demo_database(mariadb)


@pytest.fixture(scope="module")
def client_of_mariadb(mariadb, url_on_mariadb) -> Iterator[httpx.Client]:
    """A client of a service that was started while its database was away."""
    mariadb.kill()
    with running_service(url_on_mariadb, "test-mariadb") as url, httpx.Client(base_url=url, timeout=60) as http:
        yield http
    mariadb.ensure_running()


def test_a_service_starts_without_its_database_and_finds_it_when_it_comes(client_of_mariadb, mariadb):
    for path, body in (
        ("/similar", {"title": TITLE}),
        ("/recommend", {"title": TITLE}),
        ("/like", {"generation_id": str(UUID(int=1))}),
        ("/feedback", {"generation_id": str(UUID(int=1)), "songs": []}),
    ):
        away = client_of_mariadb.post(path, json=body)
        assert (away.status_code, away.json()["error"]["code"]) == (503, "database_away")
        assert "does not answer" in away.json()["error"]["message"]
    assert client_of_mariadb.post("/thumbnail", json={"title": TITLE}).status_code == 200
    mariadb.start()
    assert client_of_mariadb.post("/similar", json={"title": TITLE}).status_code == 200


def test_both_databases_give_the_same_answers(client_of_mariadb, client):
    for korean, english, _ in WISHES[:10]:
        for title in (korean, english):
            found = [http.post("/similar", json={"title": title}) for http in (client_of_mariadb, client)]
            assert found[0].json() == found[1].json()
            ids = [playlist["playlist_id"] for playlist in found[0].json()["playlists"]]
            body = {"title": title, "playlist_ids": ids, "exclude_artists": ["아이유", "Norah Jones"]}
            made = [http.post("/recommend", json=body) for http in (client_of_mariadb, client)]
            assert [response.status_code for response in made] == [200, 200]
            assert GENERATION.sub("", made[0].text) == GENERATION.sub("", made[1].text)


def test_both_databases_tell_the_same_of_feedback(client_of_mariadb, client):
    told = []
    for http in (client_of_mariadb, client):
        made = http.post("/recommend", json={"title": TITLE, "song_count": 5}).json()
        first, *others = (song["song_id"] for song in made["songs"])
        for said in ({"removed": [first]}, {"songs": others[::-1]}, {"liked": True}, {"songs": [first, *others]}):
            body = {"generation_id": made["generation_id"], **said}
            answers = [http.post("/feedback", json=body) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert answers[0].json() == answers[1].json()
            told.append(GENERATION.sub("", answers[0].text))
    assert told[:4] == told[4:]


def test_a_killed_database_loses_no_acknowledged_like(client_of_mariadb, mariadb, url_on_mariadb):
    """200 requests of 8 clients, half of them likes; the server is killed in their midst, missed, and started again."""
    ids = [client_of_mariadb.post("/recommend", json={"title": TITLE}).json()["generation_id"] for _ in range(100)]
    engine = connect(url_on_mariadb)
    counts = Catalogue(engine).counts()
    half_done, missed = Event(), Event()
    url = str(client_of_mariadb.base_url)

    def ask(number: int) -> tuple[str | None, int]:
        if number == 100:
            half_done.set()
        liked = None if number % 2 else ids[number // 2]
        path, body = ("like", {"generation_id": liked}) if liked else ("recommend", {"title": TITLE})
        status = httpx.post(f"{url}/{path}", json=body, timeout=60).status_code
        if status != 200:
            missed.set()
        return liked, status

    with ThreadPoolExecutor(8) as clients:
        answers = clients.map(ask, range(200))
        assert half_done.wait(timeout=60)
        mariadb.kill()
        assert missed.wait(timeout=60)
        mariadb.start()
        answers = list(answers)
    engine.dispose()
    assert {status for _, status in answers} == {200, 503}
    acknowledged = {UUID(generation_id) for generation_id, status in answers if generation_id and status == 200}
    with Session(engine) as session:
        liked = set(session.scalars(select(UserLog.generation_id).where(UserLog.liked)))
        checked = session.connection().exec_driver_sql("CHECK TABLE user_log, ply_meta, song_in_ply, song_meta").all()
    assert acknowledged <= liked
    assert {row[-1] for row in checked} == {"OK"}
    assert Catalogue(engine).counts() == counts
    assert counts["playlists"] > 0
    engine.dispose()
    assert client_of_mariadb.post("/similar", json={"title": TITLE}).status_code == 200


def test_another_catalogue_under_a_running_service_is_told(client_of_mariadb, url_on_mariadb):
    engine = connect(url_on_mariadb)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE catalogue_version SET own_playlists = 'other'")
    changed = client_of_mariadb.post("/similar", json={"title": TITLE})
    assert (changed.status_code, changed.json()["error"]["code"]) == (503, "catalogue_changed")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE catalogue_version SET own_playlists = ''")
    assert client_of_mariadb.post("/similar", json={"title": TITLE}).status_code == 200
    engine.dispose()


def test_a_catalogue_that_is_replaced_under_a_request_is_told_and_is_no_fault(
    client_of_mariadb, url_on_mariadb, mariadb
):
    """The catalogue is there and away by turns, each for about as long as a request takes."""
    mariadb.ensure_running()
    engine = connect(url_on_mariadb)
    all_asked = Event()

    def change() -> None:
        with engine.connect() as connection:
            run = connection.exec_driver_sql
            run("CREATE TABLE no_song LIKE song_meta")
            while not all_asked.wait(0.05):
                run("UPDATE catalogue_version SET own_playlists = 'other'")
                run("COMMIT")
                run("RENAME TABLE song_meta TO song_kept, no_song TO song_meta")
                all_asked.wait(0.05)
                run("RENAME TABLE song_meta TO no_song, song_kept TO song_meta")
                run("UPDATE catalogue_version SET own_playlists = ''")
                run("COMMIT")
            run("DROP TABLE no_song")

    with ThreadPoolExecutor(1) as changes:
        changing = changes.submit(change)
        try:
            answers = [client_of_mariadb.post("/recommend", json={"title": TITLE}) for _ in range(60)]
        finally:
            all_asked.set()
        changing.result()
    engine.dispose()

    assert {response.status_code for response in answers} == {200, 503}
    refusals = [response.json()["error"]["code"] for response in answers if response.status_code == 503]
    assert set(refusals) == {"catalogue_changed"}
