"""What to think of what became of a request: answered as it must, refused as it must, or neither."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from loadtests.answers import fault_of_recommendation, fault_of_similar
from loadtests.client import Fault, Reply

# A service that has more to do than it can says so with one of these.
REFUSALS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# So many examples of each fault are kept.
MOST_EXAMPLES = 5


class Verdict(StrEnum):
    """What became of a request.

    ANSWERED and REFUSED are as they must be. WRONG is an answer that is not what was asked for, BAD_STATUS a refusal
    that is none of `REFUSALS` or lacks its form, HUNG one that did not come in time, BROKEN a connection that failed.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    WRONG = "wrong answer"
    BAD_STATUS = "bad refusal"
    HUNG = "hung"
    BROKEN = "connection failed"


def judge(reply: Reply, count: int) -> tuple[Verdict, str]:
    """A verdict, and why where it is neither ANSWERED nor REFUSED.

    Args:
        reply: What became of a request of /similar or of /recommend.
        count: How many playlists or songs were asked for.
    """
    if reply.fault is Fault.HUNG:
        return Verdict.HUNG, f"{reply.path}: no answer in {reply.took_s:.0f} s"
    if reply.fault is not None:
        return Verdict.BROKEN, f"{reply.path}: {reply.fault}"

    if reply.is_ok:
        fault_of = fault_of_similar if reply.path == "/similar" else fault_of_recommendation
        fault = fault_of(reply.json(), count)
        return (Verdict.WRONG, f"{reply.path}: {fault}") if fault else (Verdict.ANSWERED, "")

    fault = fault_of_refusal(reply)
    return (Verdict.BAD_STATUS, f"{reply.path}: {fault}") if fault else (Verdict.REFUSED, "")


def fault_of_refusal(reply: Reply) -> str:
    """What is wrong with a refusal; "" where nothing is."""
    if reply.status not in REFUSALS:
        return f"status {reply.status}"

    body = reply.json()
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not error.get("code"):
        return f"status {reply.status} without an error code in JSON"
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS and not reply.retry_after.isdigit():
        return f"status {reply.status} without Retry-After"
    return ""


@dataclass
class Tally:
    """How often each thing happened, and how long answers took.

    Attributes:
        verdicts: Requests by path and verdict.
        statuses: Answers by status.
        times_ms: How long the requests took that were ANSWERED, in milliseconds.
        examples: Some of the reasons of other verdicts.
    """

    verdicts: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def add(self, reply: Reply, count: int) -> None:
        """Judge a reply and count it."""
        verdict, reason = judge(reply, count)
        self.verdicts[reply.path, verdict] += 1
        if reply.status:
            self.statuses[reply.status] += 1
        if verdict is Verdict.ANSWERED:
            self.times_ms.append(1000 * reply.took_s)
        elif reason and len(self.examples) < MOST_EXAMPLES and reason not in self.examples:
            self.examples.append(reason)

    def count(self, verdict: Verdict, path: str | None = None) -> int:
        """How many requests got a verdict, of one path or of all."""
        return sum(
            number
            for (of_path, of_verdict), number in self.verdicts.items()
            if of_verdict is verdict and path in (None, of_path)
        )

    @property
    def total(self) -> int:
        """How many requests there were."""
        return self.verdicts.total()
