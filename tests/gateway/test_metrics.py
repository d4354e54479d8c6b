"""Requests are counted under the template of their route, never under what a caller has typed."""

import pytest
from fastapi import FastAPI

from gateway.metrics import install_metrics, route_label, route_templates

app = FastAPI(openapi_url="/docs.json")
install_metrics(app)


@app.get("/playlists/{playlist_id}")
async def playlist(playlist_id: int) -> None: ...


@app.post("/like")
async def like() -> None: ...


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/like", "/like"),
        ("/playlists/7", "/playlists/{playlist_id}"),
        ("/playlists/nonsense", "/playlists/{playlist_id}"),
        ("/playlists/7/8", "other"),
        ("/docs.json", "/docs.json"),
        ("/metrics", "/metrics"),
        ("/readyz", "/readyz"),
        ("/readyz/7", "other"),
        ("/", "/"),
        ("/{playlist_id}", "other"),
    ],
)
def test_a_label_is_a_route_and_never_what_was_typed(path, label):
    assert route_label(route_templates(app), path) == label
