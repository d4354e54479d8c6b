import os

import pytest

from gateway.exposure.callers import TRUSTED_VARIABLE, caller_address, trust_proxies


@pytest.mark.parametrize(
    ("client", "caller"),
    [
        (("203.0.113.7", 4711), "203.0.113.7"),
        (("::ffff:203.0.113.7", 4711), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 4711), "2001:db8:1:2::/64"),
        (("2001:0DB8:1:2::1", 0), "2001:db8:1:2::/64"),
        (("x" * 5_000, 0), "unknown"),
        (("", 0), "unknown"),
        (None, "unknown"),
    ],
)
def test_a_caller_is_an_address_or_a_customers_network(client, caller):
    assert caller_address({"type": "http", "client": client}) == caller


@pytest.mark.parametrize(("networks", "written"), [((), ""), (("10.0.0.0/8", "::1"), "10.0.0.0/8,::1")])
def test_uvicorn_is_told_whom_to_believe_and_by_default_nobody(monkeypatch, networks, written):
    monkeypatch.setenv(TRUSTED_VARIABLE, "*")
    trust_proxies(networks)
    assert os.environ[TRUSTED_VARIABLE] == written
