import pytest

from aiplayer.addresses import is_on_this_machine


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:3000",
        "http://127.8.9.1",
        "http://localhost:3000",
        "http://LOCALHOST:3000/similar",
        "http://page.localhost",
        "http://[::1]:3000",
        "http://0.0.0.0:3000",
    ],
)
def test_loopback_is_this_machine(url):
    assert is_on_this_machine(url)


@pytest.mark.parametrize(
    "url", ["http://gpu.example.com:3000", "http://10.0.0.7", "http://localhost.example.com", "127.0.0.1:3000", ""]
)
def test_any_other_host_is_not(url):
    assert not is_on_this_machine(url)
