from fastapi import FastAPI
from pydantic import SecretStr

from aiplayer.exposure import ApiKey
from gateway.exposure.keys import KeyRing, declare_keys, sent_key

KEYS = [ApiKey(name=name, secret=SecretStr(f"{name}-secret")) for name in ("first", "second", "third")]


def test_a_key_is_found_by_the_whole_secret_and_nothing_else():
    ring = KeyRing(KEYS)
    assert [ring.find(f"{key.name}-secret".encode()) for key in KEYS] == KEYS
    for sent in (b"", b"first", b"first-secret ", b"first-secretsecond-secret", b"\xff" * 70_000):
        assert ring.find(sent) is None
    assert KeyRing([]).find(b"first-secret") is None


def test_the_first_header_of_a_name_counts_and_a_bearer_before_the_other_header():
    headers = [(b"x-api-key", b"third"), (b"authorization", b"Bearer first"), (b"authorization", b"Bearer second")]
    assert sent_key({"headers": headers}) == b"first"
    assert sent_key({"headers": headers[:1]}) == b"third"
    assert sent_key({"headers": []}) is None


def test_the_schema_says_that_a_key_is_needed_and_how_it_is_sent():
    app = FastAPI()

    @app.get("/about")
    async def about() -> None: ...

    assert "security" not in app.openapi()
    declare_keys(app)
    schema = app.openapi()
    assert schema["security"] == [{"bearer": []}, {"header": []}]
    assert schema["components"]["securitySchemes"]["header"] == {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    assert schema["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
