import asyncio
import itertools
import json
import subprocess
import sys

import pytest
from aiohttp import web

from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT
from loadtests.client import client_of
from loadtests.overload import RESULTS, SONG_COUNTS, Requests, find_choices
from loadtests.titles import distinct_titles
from loadtests.verdicts import Verdict
from tests.support.tiny_service import answer_recommend, answer_similar, playlists, songs, tiny_service


def test_searches_and_requests_for_songs_take_turns_with_new_titles():
    asked = []

    async def recommend(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return await answer_recommend(request)

    async def send() -> Requests:
        async with tiny_service(similar=answer_similar, recommend=recommend) as url, client_of(url) as client:
            requests = Requests(client, distinct_titles(0), [[1, 2, 3]], seed=0)
            for _ in range(12):
                await requests.send()
            return requests

    tally = asyncio.run(send()).tally
    assert tally.count(Verdict.ANSWERED, "/similar") == tally.count(Verdict.ANSWERED, "/recommend") == 6
    assert [body["song_count"] for body in asked] == [*SONG_COUNTS, *SONG_COUNTS]
    assert len({body["title"] for body in asked}) == 6


def test_the_answer_to_another_request_shows():
    async def someone_elses(request: web.Request) -> web.Response:
        return web.json_response(songs(*range(20)))

    async def send() -> Requests:
        async with tiny_service(similar=answer_similar, recommend=someone_elses) as url, client_of(url) as client:
            requests = Requests(client, distinct_titles(0), [[1, 2, 3]], seed=0)
            for _ in range(6):
                await requests.send()
            return requests

    tally = asyncio.run(send()).tally
    assert tally.count(Verdict.WRONG) == 2
    assert tally.examples == ["/recommend: 20 songs in place of 10", "/recommend: 20 songs in place of 30"]


def test_playlists_without_enough_songs_are_not_chosen():
    numbers = itertools.count()

    async def similar(request: web.Request) -> web.Response:
        first = 3 * next(numbers)
        return web.json_response(playlists(first, first + 1, first + 2))

    async def recommend(request: web.Request) -> web.Response:
        body = await request.json()
        is_short = body["playlist_ids"][0] % 2 == 1
        return web.json_response(songs(*range(body["song_count"] - is_short)))

    async def find() -> list[list[int]]:
        async with tiny_service(similar=similar, recommend=recommend) as url, client_of(url) as client:
            return await find_choices(client, distinct_titles(0))

    choices = asyncio.run(find())
    assert choices[:2] == [[0, 1, 2], [6, 7, 8]]
    assert all(choice[0] % 2 == 0 for choice in choices)


def test_a_service_that_does_not_answer_at_rest_is_told_at_once():
    async def away(request: web.Request) -> web.Response:
        return web.Response(status=503)

    async def find() -> None:
        async with tiny_service(similar=away) as url, client_of(url) as client:
            await find_choices(client, distinct_titles(0))

    with pytest.raises(Unavailable, match="does not answer as it must, and nobody else asks"):
        asyncio.run(find())


@pytest.mark.slow
def test_a_short_overload_is_measured_whatever_comes_of_it():
    command = [sys.executable, "-m", "loadtests.overload", "--minutes", "0.2", "--find-seconds", "5"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=400)
    assert ended.returncode in (0, 1), ended.stderr[-2000:]
    assert ("✗" in ended.stdout) == (ended.returncode == 1)

    told = json.loads(RESULTS.read_bytes())
    assert told["sent"]["requests"] > 0
    assert told["verdicts"]["answered"] > 0
    assert {"ai_player", "title_encoder", "playlist_autoencoder", "thumbnail"} <= told["memory"][0][
        "resident_mb"
    ].keys()
