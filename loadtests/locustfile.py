"""A creator's journey: search, make a playlist from what was found, paint, and sometimes like. `make load` runs it.

By itself: locust --locustfile loadtests/locustfile.py --host URL --shape spike --users 40 --run-time 90s
"""

import json
import random
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from locust import FastHttpUser, LoadTestShape, between, events, task
from locust.env import Environment
from locust.runners import WorkerRunner

from aiplayer.files import write_whole
from aiplayer.settings import Settings
from loadtests.shapes import USUAL_SIZES, Shape, Size, stage_at, stages
from loadtests.thresholds import THRESHOLDS, RouteResult, broken
from loadtests.titles import TITLES

LIKE_SHARE = 0.3
# A failure shows only the beginning of the service's answer.
LONGEST_ANSWER = 200
# The name under which refused requests of a route are counted, so that they are no failures and no answers.
REFUSED = " refused (429)"
LONGEST_PAUSE_S = 30.0


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
        """The answer's JSON, an empty dict for a picture, None where the request was refused or failed."""
        pause_s = 0.0
        with self.client.post(path, json=body, headers=self.key_headers, catch_response=True) as response:
            if response.status_code == 429:
                response.request_meta["name"] = path + REFUSED
                response.success()
                pause_s = _pause_s(response.headers)
            elif response.status_code != 200:
                answer = (response.text or "")[:LONGEST_ANSWER]
                response.failure(f"{response.status_code}: {answer}")
            else:
                return {} if path == "/thumbnail" else response.json()

        # Whoever is refused comes back when the service says, with another title.
        time.sleep(pause_s)
        return None


def _pause_s(headers: Any) -> float:
    """How long a refused creator stays away, in seconds; nobody stays away for long."""
    told = headers.get("Retry-After", "")
    return min(float(told), LONGEST_PAUSE_S) if told.isdigit() else 0.0


class Crowd(LoadTestShape):
    """As many creators as the shape of the options has at each moment."""

    use_common_options = True

    def tick(self) -> tuple[int, float] | None:
        """How many users there are now, and how quickly they come; None at the end."""
        options = self.runner.environment.parsed_options if self.runner else None
        if options is None:
            return None

        shape = Shape(options.shape)
        usual = USUAL_SIZES[shape]
        size = Size(options.num_users or usual.users, options.run_time or usual.seconds)
        stage = stage_at(self.get_run_time(), stages(shape, size))
        return (stage.users, stage.users_a_second) if stage else None


@events.init_command_line_parser.add_listener
def _add_options(parser: ArgumentParser) -> None:
    """The options of this file, which locust reads beside its own."""
    parser.add_argument("--shape", choices=list(Shape), default=Shape.STEADY, help="what the number of users does")
    parser.add_argument("--results", default="", metavar="FILE", help="JSON of what came out, and what it broke")


@events.quitting.add_listener
def _judge(environment: Environment, **_: object) -> None:
    """Fail the run where a threshold is broken, and say which."""
    # Only who has everybody's numbers can judge.
    if environment.parsed_options is None or isinstance(environment.runner, WorkerRunner):
        return

    results = route_results(environment)
    sentences = broken(results, THRESHOLDS[Shape(environment.parsed_options.shape)])
    for sentence in sentences:
        print(sentence)
    environment.process_exit_code = 1 if sentences else 0

    if environment.parsed_options.results:
        told = {"routes": [result.as_dict() for result in results], "broken": sentences}
        write_whole(Path(environment.parsed_options.results), json.dumps(told, indent=2) + "\n")


def route_results(environment: Environment) -> list[RouteResult]:
    """What became of the requests of each route, in the order of a journey."""
    entries = {name: entry for (name, _), entry in environment.stats.entries.items()}
    results = []
    for route in ("/similar", "/recommend", "/thumbnail", "/like"):
        entry = entries.get(route)
        refused = entries.get(route + REFUSED)
        if entry is None and refused is None:
            continue

        results.append(
            RouteResult(
                route=route,
                answered=entry.num_requests - entry.num_failures if entry else 0,
                refused=refused.num_requests if refused else 0,
                failed=entry.num_failures if entry else 0,
                p50_ms=entry.get_response_time_percentile(0.5) if entry else 0.0,
                p95_ms=entry.get_response_time_percentile(0.95) if entry else 0.0,
            )
        )
    return results
