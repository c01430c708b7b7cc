"""One interview: its items, which of them is in front of the user, and for how long each has been."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import clock, drafts
from app.domain.clock import Clock, Mode
from app.domain.errors import Closed, Missing
from app.domain.grading import Confidence
from app.domain.questions import Question


@dataclass(frozen=True, slots=True)
class Item:
    """One question in one interview. `text` is empty where it was not asked for; `answered` is always right."""

    number: int
    question_id: str
    topic: str
    budget: timedelta
    answered: bool = False
    flagged: bool = False
    text: str = ""
    revision: int = 0
    confidence: Confidence | None = None
    spent: timedelta = clock.NOTHING
    shown_at: datetime | None = None
    first_key_at: datetime | None = None
    saved_at: datetime | None = None
    tab: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview with its clock. `current` is the number of the item shown since `current_since`."""

    id: str
    seed: int
    clock: Clock
    current: int
    current_since: datetime
    items: tuple[Item, ...] = ()

    def item(self, number: int) -> Item:
        """The item with this number. Raise Missing if there is none."""
        if not 1 <= number <= len(self.items):
            raise Missing(f"This interview has {len(self.items)} questions, and no number {number}.")
        return self.items[number - 1]

    @property
    def unanswered(self) -> list[Item]:
        return [item for item in self.items if not item.answered]

    @property
    def flagged(self) -> list[Item]:
        return [item for item in self.items if item.flagged]


@dataclass(frozen=True, slots=True)
class Written:
    """What a save leads to: the interview and its item as they are to be stored, and how it was decided."""

    interview: Interview
    item: Item
    saved: drafts.Saved


def begin(
    interview_id: str, questions: Sequence[Question], limit: timedelta, mode: Mode, seed: int, now: datetime
) -> Interview:
    """A new interview over these questions that starts at `now` with the first of them."""
    items = tuple(
        Item(number, question.id, question.topic, question.budget, shown_at=now if number == 1 else None)
        for number, question in enumerate(questions, 1)
    )
    return Interview(interview_id, seed, Clock(now, limit, mode), current=1, current_since=now, items=items)


@dataclass(frozen=True, slots=True)
class Sent:
    """A text as it arrives: the revision it was typed on, and which tab sent it as its how-manieth save.

    Without scripts there is no tab; `text` is None where a step came without an answer box.
    """

    text: str | None
    base: int = 0
    sure: Confidence | None = None
    tab: str = ""
    turn: int = 0


def written(interview: Interview, number: int, sent: Sent, now: datetime) -> Written:
    """The interview with the sent text as the answer to item `number`, which is now the open one.

    A save that comes once more (a retry, a slow network) does not bring its item back in front of the user.
    Raise Closed when no more is taken, Missing for a wrong number, TooLarge and Invalid as `drafts` does.
    """
    must_accept(interview, now)
    item = interview.item(number)
    if sent.text is None:
        return Written(interview, item, drafts.Saved(drafts.Outcome.UNCHANGED, item.revision))
    clean = drafts.cleaned(sent.text)
    same_tab = bool(sent.tab) and sent.tab == item.tab
    late = same_tab and sent.turn < item.turn
    saved = drafts.save(item.text, item.revision, clean, sent.base, same_tab=same_tab, late=late)
    repeated = saved.outcome is drafts.Outcome.UNCHANGED and sent.base < item.revision
    before = interview if repeated or number == interview.current else shown(interview, number, now)
    item = before.item(number)
    if saved.outcome is not drafts.Outcome.UNCHANGED:
        item = replace(
            item,
            text=clean,
            revision=saved.revision,
            answered=bool(clean.strip()),
            first_key_at=item.first_key_at or (now if clean else None),
            saved_at=now,
            tab=sent.tab,
            turn=sent.turn,
        )
    elif same_tab:
        # Typed back to what is stored: what this tab sent before is late all the same.
        item = replace(item, turn=max(item.turn, sent.turn))
    if not late:
        item = replace(item, confidence=sent.sure or item.confidence)
    items = tuple(item if old.number == number else old for old in before.items)
    return Written(replace(before, items=items), item, saved)


def flagged(interview: Interview, number: int, on: bool) -> Interview:
    """The interview with item `number` marked for another look, or no longer."""
    marked = replace(interview.item(number), flagged=on)
    return replace(interview, items=tuple(marked if old.number == number else old for old in interview.items))


def spent_on(interview: Interview, item: Item, now: datetime) -> timedelta:
    """Working time on the item so far; the one that is open counts until now or until the end."""
    if item.number != interview.current:
        return item.spent
    return item.spent + clock.time_on_item(interview.clock, interview.current_since, now)


def shown(interview: Interview, number: int, now: datetime) -> Interview:
    """The interview with item `number` in front of the user from `now`, and the time on the one before it booked."""
    interview.item(number)
    at = max(now, interview.current_since)
    items = list(interview.items)
    before = interview.item(interview.current)
    items[before.number - 1] = replace(before, spent=spent_on(interview, before, now))
    if items[number - 1].shown_at is None:
        items[number - 1] = replace(items[number - 1], shown_at=at)
    return replace(interview, items=tuple(items), current=number, current_since=at)


def paused(interview: Interview, now: datetime) -> Interview:
    """The interview standing still, the time on the open item booked. Raise Closed where pausing is not allowed.

    A second pause changes nothing.
    """
    stopped = clock.pause(interview.clock, now)
    if stopped == interview.clock:
        return interview
    return replace(shown(interview, interview.current, now), clock=stopped)


def resumed(interview: Interview, now: datetime) -> Interview:
    """The interview running again, the open item's time counting from now; without an open pause nothing changes."""
    if interview.clock.paused_at is None:
        return interview
    return replace(interview, clock=clock.resume(interview.clock, now), current_since=max(now, interview.current_since))


def handed_in(interview: Interview, now: datetime) -> Interview:
    """The interview ended at `now` (an exam at its deadline at the latest), all time booked."""
    awake = interview if interview.clock.paused_at is None else resumed(interview, now)
    ended = clock.hand_in(awake.clock, now)
    return shown(replace(awake, clock=ended), awake.current, ended.submitted_at or now)


def left(interview: Interview, to: int | None, now: datetime) -> Interview:
    """The interview after leaving the open item for item `to`; None hands in if nothing is blank or flagged."""
    if to is not None:
        return shown(interview, to, now)
    return interview if interview.unanswered or interview.flagged else handed_in(interview, now)


def must_accept(interview: Interview, now: datetime) -> None:
    """Raise Closed unless answers may still be saved."""
    if not clock.accepts(interview.clock, now):
        raise Closed(
            "This interview has been handed in, so its answers can no longer change. "
            "The text in your box was not saved; copy it if you want to keep it."
        )
    if interview.clock.paused_at is not None and not clock.is_over(interview.clock, now):
        raise Closed("The interview is paused. Resume it, then go on typing: your text is still in the box.")


def target(interview: Interview, go: str, number: int) -> int | None:
    """The item to show after item `number`; None for `submission` and `summary`. Raise Missing for any other word.

    `skip` goes to the next item without an answer, round the end if need be.
    """
    count = len(interview.items)
    if go in ("submission", "summary"):
        return None
    if go == "next":
        return min(number + 1, count)
    if go == "previous":
        return max(number - 1, 1)
    if go == "skip":
        blank = [item.number for item in interview.unanswered if item.number != number]
        return next((other for other in blank if other > number), blank[0] if blank else min(number + 1, count))
    if go.isascii() and go.isdigit() and len(go) <= 3 and 1 <= int(go) <= count:
        return int(go)
    raise Missing(f"This interview has {count} questions; “{go[:20]}” is not one of them.")
