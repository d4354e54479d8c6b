import io

from rich.console import Console

from loadtests.client import Fault, Reply
from loadtests.fault_report import Kill, Likes, Stop, broken_by_kill, broken_by_likes, broken_by_stop, kills_table
from loadtests.steady_users import Event, Kind


def event(kind: Kind, began_s: float, took_s: float = 0.1, fault: str = "") -> Event:
    broken = Fault(fault) if fault in list(Fault) else None
    return Event(kind, Reply("/path", began_s, took_s, 0 if fault else 200, fault=broken), fault)


def kill(part: str, *events: Event) -> Kill:
    return Kill(part, part, 100.0, list(events))


def test_a_kind_answers_again_with_the_first_success_after_its_last_failure():
    killed = kill(
        "title_encoder",
        event(Kind.SEARCH, 99.0, took_s=1.5, fault="status 503"),
        event(Kind.SEARCH, 101.0, fault="status 503"),
        # Begun before the last failure, so it tells nothing.
        event(Kind.SEARCH, 100.5, took_s=2.0),
        event(Kind.SEARCH, 104.0, took_s=0.5),
        event(Kind.SEARCH, 106.0),
        event(Kind.LIKE, 101.0),
    )
    assert killed.away_s(Kind.SEARCH) == 4.5
    recovered = event(Kind.RECOMMEND, 103.0), event(Kind.THUMBNAIL, 103.0)
    assert broken_by_kill(kill("title_encoder", *killed.events, *recovered)) == []


def test_who_is_kept_waiting_is_not_answered_though_nothing_fails():
    killed = kill(
        "playlist_autoencoder",
        # Already past the recommender when that was killed.
        event(Kind.SEARCH, 99.9),
        event(Kind.SEARCH, 100.5, took_s=13.0),
        event(Kind.RECOMMEND, 101.0, took_s=1.0),
    )
    assert killed.away_s(Kind.SEARCH) == 13.5
    assert broken_by_kill(killed) == [
        "playlist_autoencoder killed: search answered again after 13.5 s, 3.5 s over the 10 s allowed."
    ]


def test_a_kind_that_does_not_answer_again_in_time_is_told():
    late = kill("thumbnail", event(Kind.THUMBNAIL, 101.0, fault="status 503"), event(Kind.THUMBNAIL, 112.0, took_s=0.5))
    assert broken_by_kill(late) == [
        "thumbnail killed: thumbnail answered again after 12.5 s, 2.5 s over the 10 s allowed."
    ]
    never = kill("thumbnail", event(Kind.THUMBNAIL, 101.0, fault="status 503"))
    assert broken_by_kill(never) == ["thumbnail killed: thumbnail did not answer again while it was watched."]


def test_what_does_not_need_the_killed_process_may_not_fail():
    killed = kill(
        "thumbnail",
        event(Kind.LIKE, 101.0, fault="status 500"),
        event(Kind.LIKE, 102.0),
        event(Kind.THUMBNAIL, 101.0),
    )
    assert broken_by_kill(killed) == [
        "thumbnail killed: 1 of like failed, which does not need it (like: status 500 ×1)."
    ]


def test_all_may_fail_without_the_gateway():
    failures = [event(kind, 101.0, fault="connection broken") for kind in Kind]
    successes = [event(kind, 105.0) for kind in Kind]
    assert broken_by_kill(kill("ai_player", *failures, *successes)) == []


def test_what_was_accepted_before_a_stop_must_be_answered():
    stop = Stop(100.0, 3.0, [event(Kind.SEARCH, 99.9), event(Kind.THUMBNAIL, 99.5, fault="connection broken")])
    assert broken_by_stop(stop) == [
        "Stopped: 1 of 2 requests sent before the stop failed (thumbnail: connection broken ×1)."
    ]


def test_a_refused_connection_was_not_accepted():
    refused = event(Kind.SEARCH, 101.0, fault="no connection")
    assert broken_by_stop(Stop(100.0, 3.0, [event(Kind.SEARCH, 99.9), refused])) == []
    failed = event(Kind.LIKE, 100.5, fault="status 503")
    assert broken_by_stop(Stop(100.0, 3.0, [refused, failed])) == [
        "Stopped: 1 of 2 requests sent after the stop failed (like: status 503 ×1)."
    ]


def test_a_service_that_does_not_end_is_told():
    assert broken_by_stop(Stop(100.0, None, [])) == ["Stopped: the service did not end."]


def test_lost_likes_are_told():
    assert broken_by_likes(Likes(acknowledged=7, lost=0)) == []
    assert broken_by_likes(Likes(7, 2)) == ["2 of 7 acknowledged likes are not in the database."]


def test_the_table_shows_how_many_failed_and_for_how_long():
    console = Console(width=110, record=True, file=io.StringIO())
    killed = kill(
        "thumbnail",
        event(Kind.THUMBNAIL, 101.0, fault="status 503"),
        event(Kind.THUMBNAIL, 104.0),
        event(Kind.LIKE, 101.0),
    )
    console.print(kills_table([killed, kill("ai_player", event(Kind.LIKE, 101.0, fault="status 503"))]))
    _, first, second = (" ".join(line.split()) for line in console.export_text().splitlines())
    assert first == "thumbnail 0 of 0 0 of 0 0 of 1 1 of 2, 4.1 s"
    never = "0 of 0, never again"
    assert second == f"ai_player {never} {never} 1 of 1, never again {never}"
