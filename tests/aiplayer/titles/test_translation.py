"""Titles translated by the real googletrans, whose answers come from a server of the test's own making."""

import asyncio
import json
import logging

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import Translations, migrate
from aiplayer.titles.pauses import FIRST_PAUSE_S, LONGEST_PAUSE_S
from aiplayer.titles.translation import Translator, google

TITLE, ENGLISH = "비 오는 날 재즈", "Jazz on a rainy day"
TITLES = [f"{TITLE} {number}" for number in range(8)]
BUDGET_S = 0.2


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
def client(server):
    """The real googletrans, whose requests the server answers."""
    client = google()
    client.client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    return client


@pytest.fixture
def ask(client, memory, clock):
    """Ask one translator again and again."""
    translator = Translator(memory.recall, memory.remember, BUDGET_S, client, clock)
    with asyncio.Runner() as runner:
        yield lambda title=TITLE: runner.run(translator.english(title))


@pytest.fixture
def ask_at_once(client, memory, clock):
    """Ask one translator for several titles at the same time, again and again."""
    translator = Translator(memory.recall, memory.remember, BUDGET_S, client, clock)

    async def together(titles):
        return await asyncio.gather(*map(translator.english, titles))

    with asyncio.Runner() as runner:
        yield lambda titles: runner.run(together(titles))


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


@pytest.mark.parametrize("fault", [{"status": 429}, {"delay_s": 60.0}])
def test_eight_titles_that_fail_together_are_one_outage(ask_at_once, server, clock, fault):
    vars(server).update(fault)
    assert ask_at_once(TITLES) == [None] * 8
    vars(server).update(status=200, delay_s=0.0)
    clock.now += FIRST_PAUSE_S
    assert ask_at_once([TITLE]) == [ENGLISH]


def test_after_a_pause_one_title_is_tried_and_the_others_do_not_wait(ask_at_once, server, clock):
    server.status = 503
    ask_at_once(TITLES)
    server.asked.clear()

    server.status = 200
    clock.now += FIRST_PAUSE_S
    assert ask_at_once(TITLES) == [ENGLISH] + [None] * 7
    assert server.asked == TITLES[:1]
    assert ask_at_once(TITLES) == [ENGLISH] * 8


async def away(*_):
    raise OperationalError("SELECT", {}, Exception("gone"))


async def slow(*_):
    await asyncio.sleep(60)


@pytest.mark.parametrize("database", [away, slow])
def test_an_absent_or_slow_database_costs_no_translation_and_no_pause(client, database):
    async def main():
        translator = Translator(database, database, BUDGET_S, client)
        return [await translator.english(title) for title in TITLES[:2]]

    assert asyncio.run(main()) == [ENGLISH] * 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:7890"),
        ("all_proxy", "socks5://127.0.0.1:7890"),
        ("HTTPS_PROXY", "http://proxy:port"),
        ("http_proxy", "nonsense://[::"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
    ],
)
def test_an_environment_that_no_client_can_use_costs_only_translations(memory, monkeypatch, caplog, variable, value):
    monkeypatch.setenv(variable, value)
    with caplog.at_level(logging.WARNING):
        client = google()
    (record,) = caplog.records
    assert record.getMessage().startswith("titles are not translated: no connection to Google can be set up")
    assert value not in record.getMessage()
    assert asyncio.run(Translator(memory.recall, memory.remember, BUDGET_S, client).english(TITLE)) is None


def test_without_google_only_what_is_remembered_is_known(memory):
    translator = Translator(memory.recall, memory.remember, BUDGET_S)
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
