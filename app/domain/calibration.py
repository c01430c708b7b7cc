"""How well confidence and result agree."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.grading import PROBABILITY, Confidence

# An answer that earned at least half of its points counts as right when confidence is judged.
RIGHT_FROM = 50
SURE = frozenset({Confidence.FAIRLY_SURE, Confidence.CERTAIN})


@dataclass(frozen=True, slots=True)
class Level:
    """One level of confidence: how often it was stated, the share it promised and the share that came, 0-1."""

    confidence: Confidence
    count: int
    promised: float
    came: float | None


def brier(judged: Iterable[tuple[Confidence, int]]) -> float | None:
    """The mean squared distance of stated probability and outcome, 0 best; None without judgements.

    Always saying 50 % gives 0.25 (Brier 1950). Scores are 0-100.
    """
    losses = [(PROBABILITY[confidence] - (score >= RIGHT_FROM)) ** 2 for confidence, score in judged]
    return sum(losses) / len(losses) if losses else None


def reliability(judged: Iterable[tuple[Confidence, int]]) -> list[Level]:
    """For each level of confidence, what was promised against what came."""
    outcomes: dict[Confidence, list[bool]] = {confidence: [] for confidence in Confidence}
    for confidence, score in judged:
        outcomes[confidence].append(score >= RIGHT_FROM)
    return [
        Level(confidence, len(came), PROBABILITY[confidence], sum(came) / len(came) if came else None)
        for confidence, came in outcomes.items()
    ]


def sure_but_wrong(confidence: Confidence | None, score: int) -> bool:
    """True for the errors worth seeing first: made with confidence, they are corrected best (Fazio & Marsh 2009)."""
    return confidence in SURE and score < RIGHT_FROM
