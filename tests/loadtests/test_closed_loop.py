import asyncio
import math
from collections import Counter

import pytest
from aiohttp import web

from loadtests.client import client_of
from loadtests.closed_loop import Measurement, Watch, closed_loop
from loadtests.titles import distinct_titles
from tests.support.tiny_service import answer_recommend, answer_similar, songs, tiny_service


def run(users: int = 2, seconds: float = 0.5, **handlers) -> Measurement:
    async def measure() -> Measurement:
        async with tiny_service(**handlers) as url, client_of(url) as client:
            return await closed_loop(client, distinct_titles(0), users, seconds)

    return asyncio.run(measure())


def test_every_user_has_one_journey_under_way_and_no_title_comes_twice():
    titles, under_way, most = [], 0, 0

    async def similar(request: web.Request) -> web.Response:
        nonlocal under_way, most
        titles.append((await request.json())["title"])
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return await answer_similar(request)

    measured = run(users=3, similar=similar, recommend=answer_recommend)
    assert (most, measured.failures) == (3, {})
    assert len(titles) == len(set(titles)) >= len(measured.times_ms) > 10
    assert min(measured.times_ms) >= 10


def test_a_journey_without_a_well_formed_answer_fails():
    async def too_few(request: web.Request) -> web.Response:
        return web.json_response(songs(1, 2))

    measured = run(similar=answer_similar, recommend=too_few)
    assert measured.times_ms == []
    assert measured.failures.keys() == {"/recommend: 2 songs in place of 20"}


def test_a_refused_journey_fails_too():
    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "too_busy"}}, status=429, headers={"Retry-After": "2"})

    assert run(similar=refuse).failures.keys() == {"/similar: status 429"}


def test_only_journeys_that_end_while_they_are_watched_count():
    watch = Watch(from_s=10.0, until_s=20.0)
    for ended_s, fault in ((9.9, ""), (10.0, ""), (19.9, "broken"), (20.0, "")):
        watch.note(began_s=9.5, ended_s=ended_s, fault=fault)
    assert watch.measurement() == Measurement(10.0, Counter(broken=1), [500.0], made=4)


def test_rates_and_percentiles():
    measured = Measurement(seconds=4.0, times_ms=[10.0, 20.0, 30.0]) + Measurement(
        2.0, Counter(hung=1), [40.0, 50.0, 60.0]
    )
    assert measured.rate == pytest.approx(1.0)
    assert (measured.failures, measured.percentile_ms(50)) == ({"hung": 1}, pytest.approx(35.0))
    assert measured.percentile_ms(100) == 60.0
    assert math.isnan(Measurement(1.0).percentile_ms(50))


def test_computing_is_shared_among_all_journeys_that_were_made():
    measured = Measurement(1.0, made=3, cpu_s=0.1) + Measurement(1.0, made=1, cpu_s=0.3)
    assert measured.cpu_ms == pytest.approx(100.0)
    assert math.isnan(Measurement(1.0, made=3).cpu_ms)
