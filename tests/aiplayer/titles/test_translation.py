"""Titles translated by the real googletrans, whose answers come from a server of the test's own making."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import Translations, migrate
from aiplayer.titles.translation import FIRST_PAUSE_S, LONGEST_PAUSE_S, Translator, google

TITLE, ENGLISH = "비 오는 날 재즈", "Jazz on a rainy day"


class Server:
    """Answers as Google does; `status`, `english` and `delay_s` may be changed."""

    def __init__(self):
        self.asked, self.status, self.english, self.delay_s = [], 200, ENGLISH, 0.0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.params["q"])
        await asyncio.sleep(self.delay_s)
        return httpx.Response(self.status, text=json.dumps([[[self.english, TITLE, None, None]], None, "ko"]))


class Memory(dict):
    async def recall(self, title):
        return self.get(title)

    async def remember(self, title, english):
        self[title] = english


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ask(server, memory, clock):
    """Ask one translator again and again."""
    client = google()
    client.client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    translator = Translator(memory.recall, memory.remember, 0.2, client, clock)
    with asyncio.Runner() as runner:
        yield lambda title=TITLE: runner.run(translator.english(title))


def test_a_title_is_translated_once_and_kept(ask, server, memory):
    assert [ask(), ask()] == [ENGLISH, ENGLISH]
    assert server.asked == [TITLE]
    assert memory == {TITLE: ENGLISH}


def test_plain_latin_letters_are_english_already(ask, server):
    assert ask("late night city drive") == "late night city drive"
    assert not server.asked


@pytest.mark.parametrize("english", [TITLE, "", "🎧"])
def test_what_is_not_english_is_no_translation(ask, server, memory, english):
    server.english = english
    assert ask() is None
    assert not memory


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 500}, {"delay_s": 60.0}])
def test_after_a_failure_nobody_asks_for_a_while(ask, server, clock, fault):
    vars(server).update(fault)
    assert [ask(), ask()] == [None, None]
    assert len(server.asked) == 1
    vars(server).update(status=200, delay_s=0.0)
    clock.now += FIRST_PAUSE_S
    assert ask() == ENGLISH


def test_pauses_double_until_an_answer_comes(ask, server, clock):
    server.status = 503
    for asked, pause_s in enumerate([30.0, 60.0, 120.0, 240.0, 480.0, 960.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S], 1):
        ask()
        clock.now += pause_s - 1
        ask()
        assert len(server.asked) == asked
        clock.now += 1
    server.status = 200
    assert ask() == ENGLISH
    server.status = 503
    ask("다른 제목")
    clock.now += FIRST_PAUSE_S
    server.status = 200
    assert ask("다른 제목") == ENGLISH


def test_an_absent_database_costs_no_translation(server):
    async def away(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    async def main():
        client = google()
        client.client = httpx.AsyncClient(transport=httpx.MockTransport(server))
        return await Translator(away, away, 0.2, client).english(TITLE)

    assert asyncio.run(main()) == ENGLISH


def test_without_google_only_what_is_remembered_is_known(memory):
    translator = Translator(memory.recall, memory.remember, 0.2)
    memory[TITLE] = ENGLISH
    assert asyncio.run(translator.english(TITLE)) == ENGLISH
    assert asyncio.run(translator.english("다른 제목")) is None


def test_translations_are_kept_in_the_database(engine):
    migrate(engine)
    translations = Translations(engine)
    assert translations.recall(TITLE) is None
    translations.remember(TITLE, ENGLISH)
    translations.remember(TITLE, "Another one")
    assert translations.recall(TITLE) == ENGLISH
    assert translations.recall("비 오는 날 재즈 ") is None
