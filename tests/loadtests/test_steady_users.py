import asyncio
import itertools
from collections import Counter

from aiohttp import web

from loadtests.client import client_of
from loadtests.steady_users import PNG_MAGIC, Crowd, Kind, SteadyUsers
from loadtests.titles import distinct_titles
from tests.support.tiny_service import answer_similar, songs, tiny_service

NUMBERS = itertools.count()
CROWD = Crowd(2, 0.01, 0.02)


async def recommend(request: web.Request) -> web.Response:
    return web.json_response(songs(*range(20)) | {"generation_id": f"g{next(NUMBERS)}"})


async def thumbnail(request: web.Request) -> web.Response:
    return web.Response(body=PNG_MAGIC + b"...")


async def like(request: web.Request) -> web.Response:
    return web.json_response(await request.json() | {"liked": True})


def run(seconds: float = 0.4, **handlers) -> SteadyUsers:
    usual = {"similar": answer_similar, "recommend": recommend, "like": like, "thumbnail": thumbnail}

    async def work() -> SteadyUsers:
        users = SteadyUsers(distinct_titles(0))
        async with tiny_service(**usual | handlers) as url, client_of(url) as client, users.at_work(client, CROWD):
            await asyncio.sleep(seconds)
        return users

    return asyncio.run(work())


def test_users_ask_for_every_kind_and_note_what_was_acknowledged():
    users = run()
    assert {event.kind for event in users.events} == set(Kind)
    assert [event.fault for event in users.events if not event.is_ok] == []
    likes = sum(event.kind is Kind.LIKE for event in users.events)
    assert 0 < len(users.acknowledged) <= likes


def test_a_kind_that_fails_keeps_none_of_the_others_back():
    async def away(request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "runner_away"}}, status=503)

    users = run(similar=away, thumbnail=answer_similar)
    faults = Counter((event.kind, event.fault) for event in users.events)
    assert faults[Kind.SEARCH, "status 503"] > 3
    assert faults[Kind.THUMBNAIL, "it is no PNG"] > 3
    assert faults[Kind.RECOMMEND, ""] > 3
    assert faults[Kind.LIKE, ""] > 3


def test_waiting_until_all_kinds_answer_ends_only_when_they_do():
    async def fail(request: web.Request) -> web.Response:
        return web.Response(status=500)

    async def wait(**handlers) -> bool:
        users = SteadyUsers(distinct_titles(0))
        usual = {"similar": answer_similar, "recommend": recommend, "like": like, "thumbnail": thumbnail}
        async with tiny_service(**usual | handlers) as url, client_of(url) as client, users.at_work(client, CROWD):
            return await users.all_answered(timeout_s=1.5)

    assert asyncio.run(wait())
    assert not asyncio.run(wait(thumbnail=fail))


def test_a_like_that_was_not_acknowledged_is_not_counted():
    async def fail(request: web.Request) -> web.Response:
        return web.Response(status=500)

    users = run(like=fail)
    assert users.acknowledged == set()
    assert {event.fault for event in users.events if event.kind is Kind.LIKE} == {"status 500"}
