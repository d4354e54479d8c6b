import json

import pytest

from loadtests.client import Fault, Reply
from loadtests.verdicts import MOST_EXAMPLES, Tally, Verdict, judge
from tests.support.tiny_service import playlists, songs

BUSY = {"error": {"code": "too_busy", "message": "later"}}


def reply(status=200, body: object = None, path="/recommend", retry_after="", fault=None, took_s=0.5) -> Reply:
    return Reply(path, 0.0, took_s, status, json.dumps(body).encode(), retry_after, fault)


@pytest.mark.parametrize(
    ("of_reply", "verdict", "reason"),
    [
        (reply(body=songs(1, 2, 3)), Verdict.ANSWERED, ""),
        (reply(body=playlists(1, 2, 3), path="/similar"), Verdict.ANSWERED, ""),
        (reply(body=songs(1, 2)), Verdict.WRONG, "/recommend: 2 songs in place of 3"),
        (reply(body=songs(1, 2, 2)), Verdict.WRONG, "/recommend: a song comes twice"),
        (reply(body="half an ans"), Verdict.WRONG, "/recommend: its JSON is no list of songs"),
        (reply(429, BUSY, retry_after="2"), Verdict.REFUSED, ""),
        (reply(503, BUSY), Verdict.REFUSED, ""),
        (reply(429, BUSY), Verdict.BAD_STATUS, "/recommend: status 429 without Retry-After"),
        (reply(503, ["busy"]), Verdict.BAD_STATUS, "/recommend: status 503 without an error code in JSON"),
        (reply(500, BUSY), Verdict.BAD_STATUS, "/recommend: status 500"),
        (reply(504, BUSY), Verdict.BAD_STATUS, "/recommend: status 504"),
        (reply(0, fault=Fault.HUNG, took_s=30.2), Verdict.HUNG, "/recommend: no answer in 30 s"),
        (reply(0, fault=Fault.BROKEN), Verdict.BROKEN, "/recommend: connection broken"),
        (reply(0, fault=Fault.NOT_CONNECTED), Verdict.BROKEN, "/recommend: no connection"),
    ],
)
def test_what_to_think_of_a_reply(of_reply, verdict, reason):
    assert judge(of_reply, count=3) == (verdict, reason)


def test_replies_are_counted_by_path_and_only_answers_are_timed():
    tally = Tally()
    for one in (reply(body=songs(1)), reply(429, BUSY, path="/similar", retry_after="1"), reply(0, fault=Fault.HUNG)):
        tally.add(one, count=1)
    assert (tally.total, tally.count(Verdict.ANSWERED), tally.times_ms) == (3, 1, [500.0])
    assert tally.count(Verdict.REFUSED, "/similar") == tally.count(Verdict.REFUSED) == 1
    assert tally.count(Verdict.REFUSED, "/recommend") == 0
    # What has no answer has no status.
    assert tally.statuses == {200: 1, 429: 1}
    assert tally.examples == ["/recommend: no answer in 0 s"]


def test_few_different_examples_are_kept():
    tally = Tally()
    for count in [*range(10), *range(10)]:
        tally.add(reply(body=songs(1)), count=count)
    assert len(tally.examples) == len(set(tally.examples)) == MOST_EXAMPLES
