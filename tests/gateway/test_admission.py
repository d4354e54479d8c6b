"""So many requests of a kind at once, and each further one is told at once when to come again."""

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from gateway.admission import Admission, Kind
from tests.support.metrics import measured


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.begun = 0

    async def __call__(self, scope, receive, send) -> None:
        self.begun += 1
        await self.may_answer.wait()
        await PlainTextResponse("done")(scope, receive, send)


def run(scene) -> None:
    async def play() -> None:
        slow = Slow()
        kinds = [
            Kind("searches", ("/similar", "/recommend"), most=2),
            Kind("pictures", ("/thumbnail",), most=1, read_paths=("/generations",)),
        ]
        transport = httpx.ASGITransport(Admission(slow, kinds))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            await scene(slow, client)

    asyncio.run(play())


async def begin(client: httpx.AsyncClient, *paths: str) -> list[asyncio.Task[httpx.Response]]:
    tasks = [asyncio.create_task(client.post(path)) for path in paths]
    await asyncio.sleep(0.01)
    return tasks


def test_one_more_is_refused_at_once_and_those_under_way_are_answered():
    async def scene(slow, client):
        refusals = {"place": "gateway", "work": "searches", "reason": "too_many_under_way"}
        refused_before = measured("aiplayer_refused_total", **refusals)
        admitted = await begin(client, "/similar", "/recommend")
        refused = await client.post("/similar")
        assert refused.status_code == 429
        assert refused.json() == {
            "error": {"code": "too_busy", "message": "2 searches are under way already. Try again later."}
        }
        assert refused.headers["Retry-After"] == "1"
        assert slow.begun == 2
        assert measured("aiplayer_requests_under_way", kind="searches") == 2
        assert measured("aiplayer_requests_under_way", kind="pictures") == 0
        assert measured("aiplayer_refused_total", **refusals) == refused_before + 1

        slow.may_answer.set()
        assert [response.status_code for response in await asyncio.gather(*admitted)] == [200, 200]
        assert (await client.post("/similar")).status_code == 200
        assert measured("aiplayer_requests_under_way", kind="searches") == 0

    run(scene)


def test_pictures_take_no_place_of_searches():
    async def scene(slow, client):
        admitted = await begin(client, "/thumbnail", "/similar")
        assert (await client.post("/thumbnail")).status_code == 429
        slow.may_answer.set()
        assert (await client.post("/similar")).status_code == 200
        await asyncio.gather(*admitted)

    run(scene)


def test_other_requests_are_never_refused():
    async def scene(slow, client):
        others = [asyncio.create_task(client.get("/thumbnail")) for _ in range(5)]
        others += await begin(client, *["/like"] * 5)
        slow.may_answer.set()
        assert {response.status_code for response in await asyncio.gather(*others)} == {200}

    run(scene)


def test_who_leaves_makes_room():
    async def scene(slow, client):
        (leaver,) = await begin(client, "/thumbnail")
        leaver.cancel()
        await asyncio.sleep(0.01)
        slow.may_answer.set()
        assert (await client.post("/thumbnail")).status_code == 200

    run(scene)


@pytest.mark.parametrize(("mean_s", "retry_after_s"), [(0.0, 1), (0.5, 1), (9.0, 5), (1e6, 600)])
def test_the_time_to_come_again_follows_how_long_requests_take(mean_s, retry_after_s):
    kind = Kind("pictures", (), most=1)
    kind.mean_s = mean_s
    assert kind.retry_after_s() == retry_after_s


def test_what_is_painted_for_a_reader_counts_as_what_is_painted_for_a_writer():
    async def scene(slow, client):
        (admitted,) = await begin(client, "/thumbnail")
        assert (await client.get("/generations/1/thumbnail")).status_code == 429
        asked = asyncio.create_task(client.get("/thumbnail"))
        slow.may_answer.set()
        assert [(await answer).status_code for answer in (admitted, asked)] == [200, 200]
        assert (await client.get("/generations/1/thumbnail")).status_code == 200

    run(scene)
