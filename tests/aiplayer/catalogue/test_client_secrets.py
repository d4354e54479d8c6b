"""All processes have one secret a day, and none of an earlier day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aiplayer.catalogue import ClientSecrets, migrate
from aiplayer.catalogue.tables import ClientSecret

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def migrated(engine):
    migrate(engine)
    return engine


def days(engine) -> list[date]:
    with Session(engine) as session:
        return list(session.scalars(select(ClientSecret.day)))


def test_whoever_comes_first_draws_the_secret_of_all(migrated):
    with ThreadPoolExecutor(4) as threads:
        secrets = set(threads.map(lambda _: ClientSecrets(migrated).of_day(MONDAY), range(8)))
    assert [len(secret) for secret in secrets] == [32]


def test_the_secret_of_a_day_is_gone_the_day_after(migrated):
    secrets = ClientSecrets(migrated)
    assert secrets.of_day(TUESDAY) != secrets.of_day(MONDAY)
    # A host whose clock is late draws another one, and takes nobody's away.
    assert sorted(days(migrated)) == [MONDAY, TUESDAY]
    secrets.forget_before(TUESDAY)
    assert days(migrated) == [TUESDAY]
    secrets.of_day(date(2026, 12, 2))
    assert days(migrated) == [date(2026, 12, 2)]
