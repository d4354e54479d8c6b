"""What a new recommender has to show before it is published, beside the one in use.

Both are asked the same: about playlists that neither has learned from, in the four ways of the arena, and about lessons
that neither has learned. No case may get worse by more than a margin, what creators taught has to be followed better,
and coverage, speed and size have to hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.arena.cases import Case
from training.arena.evaluation import ALL, CUTOFF, SEED, TOTAL, Difference, Result, compare, evaluate, scores
from training.arena.metrics import interval, mean, resampled_means
from training.arena.product import records
from training.ndcg import ndcg
from training.retrain.contenders import Check, Contender
from training.retrain.costs import cost_checks
from training.retrain.questions import LessonQuestions

# What all cases together may lose of their nDCG, whatever chance may have done to it; and a single case, of which fewer
# questions tell, where chance is no explanation, or three times as much in any event.
MARGIN = 0.01
MOST_LOSS = 3 * MARGIN
# With fewer nobody could tell a gain from chance.
FEWEST_LESSONS = 10
FIRST_SONGS = 20
LEAST_COVERAGE = 0.95


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    Attributes:
        checks: All that was held against limits.
        reasons: Why the new recommender is not published; empty where it may be.
    """

    checks: list[Check]
    reasons: list[str]

    @property
    def is_passed(self) -> bool:
        """Whether the new recommender may be published."""
        return not self.reasons


def judge(
    old: Contender, new: Contender, cases: Sequence[Case], lessons: LessonQuestions, needs_gain: bool = True
) -> Verdict:
    """Hold the new recommender against the one in use.

    Args:
        old: The one in use.
        new: The new one.
        cases: Questions about playlists that neither has learned from.
        lessons: Titles that creators taught, which neither has learned.
        needs_gain: Whether it has to follow what creators taught better; not where it has to forget.
    """
    checks, reasons = [], []
    for check in (*_case_checks(old, new, cases), *cost_checks(old, new, cases)):
        checks.append(check)
        if check.holds is False:
            reasons.append(f"{check.name}: {check.old:.4g} in use, {check.new:.4g} now; allowed is {check.limit}.")

    lesson_checks = _lesson_checks(old, new, lessons)
    checks += lesson_checks
    reasons += _why_lessons_do_not_do(lesson_checks, len(lessons), needs_gain)
    return Verdict(checks, reasons)


def _case_checks(old: Contender, new: Contender, cases: Sequence[Case]) -> list[Check]:
    """The nDCG of each case and of their mix, and the coverage."""
    if not cases or not cases[0].questions:
        return []

    results = [[_result(contender, case) for case in cases] for contender in (old, new)]
    old_scores, new_scores = (scores(cases, of_contender) for of_contender in results)
    differences = compare(cases, results[1], results[0])

    checks = []
    for place, difference in differences.items():
        if np.isnan(difference.mean):
            continue
        is_total = place == (ALL, TOTAL)
        name = "all cases together" if is_total else f"{place[0]}, {place[1]}s"
        holds = difference.low >= -MARGIN if is_total else not _has_fallen(difference)
        figures = (old_scores[place], new_scores[place])
        checks.append(Check(name, *figures, f"a loss of {MARGIN}", holds, difference.low, difference.high))

    old_coverage, new_coverage = (float(np.mean([result.coverage for result in part])) for part in results)
    holds = new_coverage >= LEAST_COVERAGE * old_coverage
    checks.append(Check("coverage", old_coverage, new_coverage, f"{LEAST_COVERAGE:.0%} of it", holds))
    return checks


def _has_fallen(difference: Difference) -> bool:
    """Whether a case has lost more than it may."""
    is_certain = difference.high < 0
    return difference.mean < (-MARGIN if is_certain else -MOST_LOSS)


def _result(contender: Contender, case: Case) -> Result:
    answers = list(records(contender.recommender, case.questions, contender.embed))
    return evaluate(case, answers, contender.song_count)


def _lesson_checks(old: Contender, new: Contender, lessons: LessonQuestions) -> list[Check]:
    """How well both follow what creators taught: what they kept, and what they took out."""
    if not len(lessons):
        return []
    old_songs, new_songs = (
        [answer["songs"] for answer in records(contender.recommender, lessons.questions, contender.embed)]
        for contender in (old, new)
    )

    def kept(songs: list[list[int]]) -> np.ndarray:
        return np.array([ndcg(wanted, ranked, CUTOFF) for wanted, ranked in zip(lessons.songs, songs, strict=True)])

    def repeated(songs: list[list[int]]) -> np.ndarray:
        """The share of what was taken out that is recommended again among the first songs."""
        shares = []
        for dropped, ranked in zip(lessons.dropped, songs, strict=True):
            shares.append(len(dropped.intersection(ranked[:FIRST_SONGS])) / len(dropped) if dropped else np.nan)
        return np.array(shares)

    checks = []
    for name, measure, sign in (("taught: kept songs", kept, 1), ("taught: removed songs again", repeated, -1)):
        old_values, new_values = measure(old_songs), measure(new_songs)
        if np.isnan(old_values).all():
            continue
        difference = paired_difference(new_values, old_values)
        gains = difference.low > 0 if sign > 0 else difference.high < 0
        loses = difference.high < -MARGIN if sign > 0 else difference.low > MARGIN
        holds = True if gains else (False if loses else None)
        checks.append(
            Check(
                name,
                float(mean(old_values)),
                float(mean(new_values)),
                "a gain" if sign > 0 else "a fall",
                holds,
                difference.low,
                difference.high,
            )
        )
    return checks


def paired_difference(new: np.ndarray, old: np.ndarray) -> Difference:
    """The mean of new − old with its interval; NaN is passed over, float64 [questions] each."""
    differences = (new - old)[:, np.newaxis]
    low, high = interval(resampled_means(differences, np.random.default_rng(SEED))[:, 0])
    return Difference(float(mean(differences)[0]), low, high)


def _why_lessons_do_not_do(checks: Sequence[Check], count: int, needs_gain: bool) -> list[str]:
    """Why what creators taught does not speak for the new recommender."""
    lost = [check for check in checks if check.holds is False]
    if lost and count >= FEWEST_LESSONS:
        return [
            f"{check.name}: {check.old:.4g} in use, {check.new:.4g} now; wanted is {check.limit}." for check in lost
        ]
    if not needs_gain:
        return []
    if count < FEWEST_LESSONS:
        return [
            f"{count} lessons to ask about are too few to tell a gain from chance; {FEWEST_LESSONS} are needed. "
            "One title in five is kept for that."
        ]
    if not any(check.holds for check in checks):
        return ["What creators taught is not followed better than before, as far as the lessons kept for that tell."]
    return []
