"""What an answer of a recommender costs: time, and room for its files."""

import time
from collections.abc import Sequence

import numpy as np

from training.arena.cases import Case
from training.arena.corpus import Question
from training.arena.product import requests
from training.retrain.contenders import Check, Contender

MOST_TIME, MOST_SIZE = 1.25, 1.25
TIMED_QUESTIONS, TIMED_ROUNDS = 10, 3


def cost_checks(old: Contender, new: Contender, cases: Sequence[Case]) -> list[Check]:
    """The time of an answer, and the size of the files."""
    size = Check(
        "size, MB",
        old.size_bytes / 1e6,
        new.size_bytes / 1e6,
        f"{MOST_SIZE:.0%} of it",
        new.size_bytes <= MOST_SIZE * old.size_bytes,
    )
    questions = [question for case in cases for question in case.questions[:TIMED_QUESTIONS]]
    if not questions:
        return [size]

    old_ms, new_ms = _times_ms(old, new, questions)
    holds = new_ms <= MOST_TIME * old_ms
    return [Check("time of an answer, ms", old_ms, new_ms, f"{MOST_TIME:.0%} of it", holds), size]


def _times_ms(old: Contender, new: Contender, questions: Sequence[Question]) -> tuple[float, float]:
    """How long each works at an answer, in milliseconds, whatever else the machine does meanwhile."""
    asked = [requests(questions, contender.embed) for contender in (old, new)]
    shortest_s = np.full((2, len(questions)), np.inf)
    for _ in range(TIMED_ROUNDS):
        for question in range(len(questions)):
            for number, contender in enumerate((old, new)):
                began_s = time.thread_time()
                contender.recommender.recommend([asked[number][question]])
                took_s = time.thread_time() - began_s
                shortest_s[number, question] = min(shortest_s[number, question], took_s)

    old_ms, new_ms = 1000 * shortest_s.mean(axis=1)
    return float(old_ms), float(new_ms)
