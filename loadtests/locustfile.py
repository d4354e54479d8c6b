"""A creator's journey: search, make a playlist from what was found, paint, and sometimes like. `make load` runs it."""

import random

from locust import FastHttpUser, between, task

from aiplayer.settings import Settings
from loadtests.titles import TITLES

LIKE_SHARE = 0.3
# A failure shows only the beginning of the service's answer.
LONGEST_ANSWER = 200


class Creator(FastHttpUser):
    """Somebody at the page, who reads for a few seconds between two clicks."""

    wait_time = between(1, 4)
    network_timeout = 120.0
    key_headers = Settings().key_headers

    @task
    def make_a_playlist(self) -> None:
        """Make one playlist, from title to like."""
        title = random.choice(TITLES)
        similar = self._post("/similar", title=title)
        if similar is None:
            return
        self.wait()

        playlist_ids = [playlist["playlist_id"] for playlist in similar["playlists"]]
        chosen = random.sample(playlist_ids, k=random.randint(0, len(playlist_ids)))
        similarity = random.randrange(0, 101, 10)
        playlist = self._post("/recommend", title=title, playlist_ids=chosen, similarity=similarity)
        if playlist is None:
            return

        generation_id = playlist["generation_id"]
        self._post("/thumbnail", title=title, generation_id=generation_id, seed=random.randrange(1000))
        self.wait()
        if random.random() < LIKE_SHARE:
            self._post("/like", generation_id=generation_id)

    def _post(self, path: str, **body: object) -> dict | None:
        """The answer's JSON, an empty dict for a picture, None where the request failed."""
        with self.client.post(path, json=body, headers=self.key_headers, catch_response=True) as response:
            if response.status_code != 200:
                answer = (response.text or "")[:LONGEST_ANSWER]
                response.failure(f"{response.status_code}: {answer}")
                return None
            if path == "/thumbnail":
                return {}
            return response.json()
