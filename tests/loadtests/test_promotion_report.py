"""What breaks a bound while sets change, on requests whose times are known by construction."""

import pytest
from rich.console import Console

from loadtests.client import Fault, Reply
from loadtests.promotion_report import Change, Seen, answered_by, changes_table
from loadtests.steady_users import Event, Kind

OLD, NEW = "0" * 12, "1" * 12
CHANGE = Change(NEW, 10, began_s=10, ended_s=20)


def event(began_s: float, ended_s: float, model_set: str = OLD, fault: str = "") -> Event:
    broke = Fault.BROKEN if fault else None
    reply = Reply("/similar", began_s, ended_s - began_s, 200, model_set=model_set, fault=broke)
    return Event(Kind.SEARCH, reply, fault)


def seen(*events: Event, changes=(CHANGE,)) -> Seen:
    return Seen([OLD, NEW], list(changes), list(events))


@pytest.mark.parametrize(
    ("began_s", "ended_s", "allowed"),
    [(1, 2, {OLD}), (9, 11, {OLD, NEW}), (12, 13, {OLD, NEW}), (19, 25, {OLD, NEW}), (21, 22, {NEW})],
)
def test_an_answer_comes_from_a_set_that_was_in_use(began_s, ended_s, allowed):
    fits = {name for name in (OLD, NEW, "") if not seen(event(began_s, ended_s, name)).misplaced()}
    assert fits == allowed


def test_after_a_change_that_was_refused_the_old_set_goes_on():
    refused = CHANGE._replace(refusal="It is slow.")
    events = [event(12, 13, NEW), event(21, 22, OLD)]
    assert seen(*events, changes=[refused]).misplaced() == []
    assert seen(event(21, 22, NEW), changes=[refused]).misplaced() != []
    assert seen(changes=[refused]).broken() == [f"{NEW} was refused: It is slow."]


def test_going_back_is_a_change_as_well():
    back = Change(OLD, 0, began_s=30, ended_s=40)
    events = [event(25, 26, NEW), event(35, 36, OLD), event(41, 42, OLD)]
    assert seen(*events, changes=[CHANGE, back]).misplaced() == []
    assert len(seen(event(25, 26, OLD), event(41, 42, NEW), changes=[CHANGE, back]).misplaced()) == 2


def test_what_is_broken_is_told_in_sentences():
    events = [event(1, 2, fault="connection broken"), event(1, 2, ""), event(21, 22, OLD)]
    assert seen(*events).broken() == [
        "1 of 3 requests failed: search: connection broken ×1",
        f"2 answers tell a set that was not in use: {{'none': 1, '{OLD}': 1}}",
    ]
    assert seen(event(1, 2)).broken() == []


def test_the_table_counts_what_was_under_way_during_each_change():
    counted = seen(event(1, 2), event(12, 13), event(13, 14, NEW), event(21, 22, NEW))
    assert answered_by(counted.during(CHANGE)) == {OLD: 1, NEW: 1}
    console = Console(width=110)
    with console.capture() as captured:
        console.print(changes_table(counted))
    lines = [line.split() for line in captured.get().splitlines()]
    assert lines[1] == [NEW, "10%", "10", "s", "2", "1", "1", "0"]
    assert lines[2] == ["all", "4", "2", "2", "0"]
    assert counted.as_dict()["changes"][0]["answered_by"] == {OLD: 1, NEW: 1}
