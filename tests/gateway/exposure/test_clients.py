"""Whose feedback it is: one digest a client and a day, and whose own id is believed."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr

from aiplayer.exposure import ApiKey
from gateway.exposure import clients
from gateway.exposure.clients import Clients

KEYS = (ApiKey(name="page", secret=SecretStr("page-secret")), ApiKey(name="own", secret=SecretStr("own-secret")))
HERE, FAR = "127.0.0.1", "203.0.113.7"


async def secret_of(day: date) -> bytes:
    return day.isoformat().encode()


def digest(address: str, keys: tuple[ApiKey, ...] = (), made_by: Clients | None = None, **headers: str) -> str:
    """The digest of a request, whose headers are written with _ for -."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "client": (address, 4711), "headers": sent}
    return asyncio.run((made_by or Clients(keys, secret_of)).digest(scope))


def test_a_client_is_told_by_its_address_or_its_key():
    assert digest(FAR) == digest(FAR) != digest("203.0.113.8")
    assert len(digest(FAR)) == 16
    assert int(digest(FAR), 16) >= 0

    page = digest(FAR, KEYS, x_api_key="page-secret")
    assert page == digest(HERE, KEYS, x_api_key="page-secret")
    assert page != digest(FAR, KEYS, x_api_key="own-secret")


def test_a_caller_with_a_known_key_tells_its_clients_apart():
    key = {"x_api_key": "page-secret"}
    anne, ben = (digest(FAR, KEYS, x_client_id=own_id, **key) for own_id in ("anne", "ben"))
    assert len({anne, ben, digest(FAR, KEYS, **key)}) == 3
    for believed_from in (HERE, FAR):
        unknown = digest(believed_from, KEYS, x_client_id="anne", x_api_key="no-secret")
        assert unknown == digest(believed_from, KEYS)


@pytest.mark.parametrize("address", [HERE, "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_without_keys_a_caller_of_this_machine_does(address):
    assert digest(address, x_client_id="anne") != digest(address, x_client_id="ben")


@pytest.mark.parametrize("address", [FAR, "2001:db8::1", "10.0.0.7", ""])
def test_without_keys_a_stranger_does_not(address):
    assert digest(address, x_client_id="anne") == digest(address)


@pytest.mark.parametrize("own_id", ["", " ", "a b", "a" * 65, "é", "a\n"])
def test_what_is_no_id_is_ignored(own_id):
    assert digest(HERE, x_client_id=own_id) == digest(HERE)


def test_the_day_after_a_client_is_another_one(monkeypatch):
    asked: list[date] = []
    nights = iter([datetime(2026, 11, day, 23, tzinfo=UTC) for day in (29, 29, 30)])

    async def noted_secret(day: date) -> bytes:
        asked.append(day)
        return await secret_of(day)

    class Clock:
        @staticmethod
        def now(zone) -> datetime:
            return next(nights)

    monkeypatch.setattr(clients, "datetime", Clock)
    made_by = Clients((), noted_secret)
    first, same_day, day_after = (digest(FAR, made_by=made_by) for _ in range(3))
    assert first == same_day != day_after
    assert asked == [date(2026, 11, 29), date(2026, 11, 30)]
