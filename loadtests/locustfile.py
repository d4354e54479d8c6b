"""A creator's journey: search, make a playlist from what was found, paint, and sometimes like. `make load` runs it."""

import random

from locust import FastHttpUser, between, task

from loadtests.titles import TITLES


class Creator(FastHttpUser):
    """Somebody at the page, who reads for a few seconds between two clicks."""

    wait_time = between(1, 4)
    network_timeout = 120.0

    @task
    def make_a_playlist(self) -> None:
        """One playlist from title to like."""
        title = random.choice(TITLES)
        similar = self._post("/similar", title=title)
        if similar is None:
            return
        self.wait()
        ids = [playlist["playlist_id"] for playlist in similar["playlists"]]
        chosen = random.sample(ids, k=random.randint(0, len(ids)))
        made = self._post("/recommend", title=title, playlist_ids=chosen, similarity=random.randrange(0, 101, 10))
        if made is None:
            return
        self._post("/thumbnail", title=title, generation_id=made["generation_id"], seed=random.randrange(1000))
        self.wait()
        if random.random() < 0.3:
            self._post("/like", generation_id=made["generation_id"])

    def _post(self, path: str, **body) -> dict | None:
        """The answer's JSON, an empty dict for a picture, None where the request failed."""
        with self.client.post(path, json=body, catch_response=True) as response:
            if response.status_code != 200:
                response.failure(f"{response.status_code}: {(response.text or '')[:200]}")
                return None
            return response.json() if path != "/thumbnail" else {}
