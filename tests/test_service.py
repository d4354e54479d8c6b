"""The HTTP contracts, asked of the real service with its real runners and the demo catalogue."""

import base64
import io
import re
import sqlite3
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import numpy as np
import pytest
from PIL import Image

from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from tests.support.service import TITLE, post_ok
from tests.support.titles import WISHES
from training.demo.songs import read_songs
from training.demo.themes import read_themes

pytestmark = pytest.mark.process


def picture(client: httpx.Client, **body) -> Image.Image:
    response = client.post("/thumbnail", json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/png"
    assert len(response.content) <= 2_000_000
    return Image.open(io.BytesIO(response.content))


def test_similar_gives_three_playlists_with_their_songs_best_first(client):
    playlists = post_ok(client, "/similar", title=TITLE)["playlists"]
    assert len(playlists) == 3
    assert [p["score"] for p in playlists] == sorted((p["score"] for p in playlists), reverse=True)
    for playlist in playlists:
        assert set(playlist) == {"playlist_id", "title", "score", "tags", "songs"}
        assert 10 <= len(playlist["songs"]) <= 60
        assert all(set(song) == {"song_id", "name", "artists"} for song in playlist["songs"])


def test_similar_gives_as_many_as_asked(client):
    assert len(post_ok(client, "/similar", title=TITLE, count=7)["playlists"]) == 7


def test_a_playlist_can_be_read_by_its_id(client):
    (first,) = post_ok(client, "/similar", title=TITLE, count=1)["playlists"]
    response = client.get(f"/playlists/{first['playlist_id']}")
    assert response.json() == {key: value for key, value in first.items() if key != "score"}


@pytest.mark.parametrize(("playlist_id", "status"), [("99999999", 404), ("abc", 422), ("-1", 422), (str(2**64), 422)])
def test_a_playlist_that_is_not_there_says_so(client, playlist_id, status):
    response = client.get(f"/playlists/{playlist_id}")
    assert (response.status_code, set(response.json())) == (status, {"error"})


def test_a_thumbnail_is_1280x720_and_tells_how_it_was_made(client):
    image = picture(client, title=TITLE)
    assert image.size == (1280, 720)
    assert set(image.text) == {"prompt", "negative_prompt", "seed", "model", "scene"}
    assert re.fullmatch("photography, .*cafe.*rain.*, landscape, 8K uhd", image.text["prompt"])


def test_the_same_seed_paints_the_same_and_another_seed_another_picture(client):
    first, again, other = (np.asarray(picture(client, title=TITLE, seed=seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).mean() > 0.2


def test_overlay_writes_the_title(client):
    plain, titled = (np.asarray(picture(client, title="여름", seed=1, overlay=overlay)) for overlay in (False, True))
    assert (plain[:200] == titled[:200]).all()
    assert (plain[400:] != titled[400:]).mean() > 0.1


def test_what_the_negative_prompt_names_is_not_painted(client):
    image = picture(client, title="눈 오는 겨울 밤", seed=3, negative_prompt="snow")
    operators = "people, person, face, hands, text, watermark, nsfw, nude, naked, sex, gore, blood, violence"
    assert image.text["negative_prompt"] == f"{operators}, snow"
    assert (np.asarray(image) != np.asarray(picture(client, title="눈 오는 겨울 밤", seed=3))).mean() > 0.2


def test_several_pictures_come_as_a_list_of_base64(client):
    pictures = post_ok(client, "/thumbnail", title=TITLE, count=3, seed=10)
    images = [Image.open(io.BytesIO(base64.b64decode(text))) for text in pictures]
    assert [image.text["seed"] for image in images] == ["10", "11", "12"]
    assert (np.asarray(images[0]) == np.asarray(picture(client, title=TITLE, seed=10))).all()


def test_a_like_is_stored_with_what_was_given(client, database_url):
    generation = post_ok(client, "/recommend", title=TITLE)["generation_id"]
    picture(client, title=TITLE, generation_id=generation, seed=5)
    for liked in (True, True, False, True):
        assert post_ok(client, "/like", generation_id=generation, liked=liked) == {
            "generation_id": generation,
            "liked": liked,
        }
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        row = connection.execute(
            "SELECT title, liked, thumbnail FROM user_log WHERE generation_id = ?", (generation.replace("-", ""),)
        ).fetchone()
    connection.close()
    assert row[:2] == (TITLE, 1)
    assert '"seeds": [5]' in row[2]


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("/similar", {"title": " "}, 422, "invalid_value", "title"),
        ("/similar", {"title": "x", "count": 0}, 422, "invalid_value", "count"),
        ("/recommend", {"title": "x", "playlist_ids": [10**9]}, 404, "unknown_playlist", "playlist_ids"),
        ("/recommend", {"title": "x", "similarity": 101}, 422, "invalid_value", "similarity"),
        ("/thumbnail", {"title": "x", "count": 5}, 422, "invalid_value", "count"),
        ("/thumbnail", {"title": "x", "seed": -1}, 422, "invalid_value", "seed"),
        ("/thumbnail", {"title": "x", "generation_id": str(uuid4())}, 404, "unknown_generation", "generation_id"),
        ("/like", {"generation_id": "no uuid"}, 422, "wrong_type", "generation_id"),
        ("/like", {"generation_id": str(uuid4())}, 404, "unknown_generation", "generation_id"),
    ],
)
def test_bad_input_is_named(client, path, body, status, code, field):
    response = client.post(path, json=body)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (status, code, field)


def test_an_unknown_playlist_in_the_path_is_named_as_the_path_calls_it(client):
    response = client.get("/playlists/999999999")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (404, "unknown_playlist", "playlist_id")


def test_a_decomposed_title_gives_the_very_same_answers(client):
    decomposed = unicodedata.normalize("NFD", TITLE)
    for path in ("/similar", "/recommend"):
        answers = [post_ok(client, path, title=title) | {"generation_id": None} for title in (TITLE, decomposed)]
        assert answers[0] == answers[1]
    pictures = [client.post("/thumbnail", json={"title": title, "overlay": True}) for title in (TITLE, decomposed)]
    assert pictures[0].content == pictures[1].content


def test_a_title_that_refuses_every_place_is_painted(client):
    words = "city street sea mountain forest road cafe room fields lake"
    assert picture(client, title=" ".join(f"no {word}" for word in words.split()), seed=1).size == (1280, 720)


def test_a_negative_prompt_that_leaves_nothing_to_paint_is_refused(client):
    words = "dawn morning day sunset night"
    response = client.post("/thumbnail", json={"title": "1234", "negative_prompt": words})
    assert response.status_code == 422
    assert response.json()["error"]["field"] == "negative_prompt"


def test_a_megabyte_of_body_and_malformed_json_are_refused(client):
    headers = {"Content-Type": "application/json"}
    large = client.post("/similar", content=b'{"title": "' + b"x" * 1_000_001 + b'"}', headers=headers)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "body_too_large")
    broken = client.post("/similar", content=b'{"title": "x"', headers=headers)
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "malformed_json")


def test_health_metrics_and_documentation_are_served(client):
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert "bentoml_service_request_total" in client.get("/metrics").text
    paths = client.get("/docs.json").json()["paths"]
    assert {"/similar", "/recommend", "/thumbnail", "/like", "/feedback", "/playlists/{playlist_id}"} <= set(paths)
    missing = client.get("/nowhere")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


def test_the_first_page_of_the_service_loads_nothing_from_elsewhere(client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert client.head("/").status_code == 200
    assert 'href="docs.json"' in answer.text
    assert re.findall(r"<script|<iframe|<img|<link|src=|https://", answer.text) == []


def test_the_service_says_whether_titles_are_sent_to_google(client):
    assert client.get("/about").json() == {"translates_titles": False, "model_set": model_set(Settings()).name}


def test_interleaved_requests_answer_what_they_answer_alone(client, service_url):
    """50 requests of every kind from 8 clients at once, against the same ones one by one."""
    wishes = [wish for ko, en, _ in WISHES[:13] for wish in (ko, en)][:25]
    chosen = {wish: [p["playlist_id"] for p in post_ok(client, "/similar", title=wish)["playlists"]] for wish in wishes}
    requests = [("/similar", {"title": wish, "count": 5}) for wish in wishes[:15]]
    requests += [
        ("/recommend", {"title": wish, "playlist_ids": chosen[wish][: n % 4]}) for n, wish in enumerate(wishes)
    ]
    requests += [("/thumbnail", {"title": wish, "seed": 4}) for wish in wishes[:10]]

    def answer(request: tuple[str, dict]) -> bytes:
        response = httpx.post(service_url + request[0], json=request[1], timeout=120)
        assert response.status_code == 200, response.text
        return re.sub(rb'"generation_id":"[^"]+"', b"", response.content)

    alone = [answer(request) for request in requests]
    with ThreadPoolExecutor(8) as clients:
        together = list(clients.map(answer, requests))
    assert len(requests) == 50
    assert together == alone


def test_every_generation_has_an_id_of_its_own(client):
    ids = {post_ok(client, "/recommend", title=TITLE)["generation_id"] for _ in range(5)}
    assert len(ids) == 5


def test_a_wish_in_korean_and_in_english_finds_a_common_playlist(client):
    def found(title: str) -> set[int]:
        return {playlist["playlist_id"] for playlist in post_ok(client, "/similar", title=title)["playlists"]}

    shared = [bool(found(korean) & found(english)) for korean, english, _ in WISHES]
    assert len(WISHES) == 40
    assert np.mean(shared) >= 0.7


def test_titles_get_songs_of_the_genre_season_or_era_that_they_name(client):
    themes = {f"{kind}.{t.name}": t.song_ids for kind, ts in read_themes(read_songs()).items() for t in ts}
    shares = []
    for korean, english, names in WISHES:
        for title in (korean, english):
            songs = [song["song_id"] for song in post_ok(client, "/recommend", title=title)["songs"]] if names else []
            shares += [np.mean([song_id in themes[name] for song_id in songs]) for name in names]
    assert len(shares) >= 60
    assert np.mean(shares) >= 0.8
    assert np.mean(np.array(shares) >= 0.7) >= 0.85
