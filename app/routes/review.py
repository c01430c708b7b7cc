"""/review: today's queue, one question at a time, and the undo of the last grade wherever it was given."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Connection

from app.deps import Bank, Config, Db, Guests, Now, User, Visitor, daily_limits
from app.domain import drafts, grading, history, reviewing, scheduling, scores
from app.domain.errors import Invalid, Missing, TooLarge
from app.domain.grading import Confidence, Verdict
from app.domain.history import Grade, Work
from app.domain.questions import Bank as BankValue
from app.domain.questions import Question
from app.domain.reviewing import Entry, Limits
from app.settings import Settings
from app.tables import cards, grades, topics, users
from app.tables import review as table
from app.web import errors, render

router = APIRouter(prefix="/review")
PAGE = "review/show.html"
Topic = Annotated[str, Form(max_length=60)]


@router.get("", name="review.show")
def show(
    request: Request, db: Db, bank: Bank, config: Config, visitor: Visitor, now: Now,
    topic: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    with db.read() as connection:
        view = _view(connection, bank, config, visitor, topic, now)
        view["last"] = grades.last(connection, visitor)
    return render.page(request, PAGE, part="review", **view)


@router.post("/undo", name="review.undo")
def undo(request: Request, db: Db, config: Config, user: User, grade: Annotated[int | None, Form()] = None) -> Response:
    with db.write() as connection:
        users.lock(connection, user)
        last = grades.last(connection, user)
        if last is not None and grade in (None, last.number):
            grades.remove(connection, user, last, config.retention)
    if last is not None and last.interview_id is not None:
        return render.see_other(request, f"/interviews/{last.interview_id}/debrief?item={last.item}")
    return render.see_other(request, "/review")


@router.post("/{card:path}/reveal", name="review.reveal")
def reveal(
    request: Request, card: str, db: Db, bank: Bank, config: Config, visitor: Visitor, guests: Guests, now: Now,
    text: Annotated[str, Form()] = "", confidence: Annotated[str, Form(max_length=20)] = "", topic: Topic = "",
) -> Response:  # fmt: skip
    question = _question(bank, card)
    user_id = visitor or users.new_id()
    try:
        attempt = table.Attempt(card, grading.confidence(confidence), now, drafts.cleaned(text))
    except (TooLarge, Invalid) as error:
        with db.read() as connection:
            view = _view(connection, bank, config, visitor, topic, now, question=question)
        view |= {"text": text, "words": error.words}
        return render.page(request, PAGE, part="review", status=errors.status_of(error), **view)
    with db.write() as connection:
        users.add(connection, user_id, now)
        table.reveal(connection, user_id, attempt)
        view = _view(connection, bank, config, user_id, topic, now) if render.is_partial(request) else {}
    partial = render.is_partial(request)
    response = render.page(request, PAGE, part="review", **view) if partial else _back(request, topic)
    guests.remember(request, response, user_id)
    return response


@router.post("/{card:path}/grade", name="review.grade")
def grade(
    request: Request, card: str, db: Db, bank: Bank, config: Config, user: User, now: Now,
    points: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
    verdict: Annotated[str, Form(max_length=20)] = "", note: Annotated[str, Form()] = "", topic: Topic = "",
    rep: Annotated[int | None, Form()] = None,
) -> Response:  # fmt: skip
    question = _question(bank, card)
    try:
        form = grading.form(question, points, verdict, note)
    except Invalid as error:
        with db.read() as connection:
            view = _view(connection, bank, config, user, topic, now)
        view |= {"ticked": points, "verdict": verdict, "note": note, "words": error.words}
        return render.page(request, PAGE, part="review", status=422, **view)
    with db.write() as connection:
        given = _save(connection, user, question, form, rep, config.retention, now)
        closed = given is not None
        view = _view(connection, bank, config, user, topic, now, closed=closed) if render.is_partial(request) else {}
        last = given or grades.last(connection, user)  # a second click does not take the "Undo" of the first away
    if render.is_partial(request):
        return render.page(request, PAGE, part="review", **(view | {"last": last}))
    return _back(request, topic)


def _save(
    connection: Connection, user: int, question: Question, form: grading.Form, rep: int | None, retention: float,
    now: datetime,
) -> Grade | None:  # fmt: skip
    """Store the grade of the open question; None if it is not open (any more), which makes a repeat harmless.

    Another tab may have opened another question since: then `rep`, how often this one had been graded when the form was
    drawn, tells a grade that is still to be given from a repeated one.
    """
    attempt = table.take(connection, user, question.id)
    if attempt is None:
        users.lock(connection, user)
    card = cards.of_question(connection, user, question.id)
    reps = card.reps if card else 0
    if attempt is None and rep != reps:
        return None
    number = users.next_grade(connection, user)
    work = Work(question, timedelta(0), question.budget, attempt.confidence if attempt else None)
    given = history.grade(work, number, reps + 1, form.points, form.verdict, form.note, now)
    grades.add(connection, user, given, card, retention)
    return given


def _view(
    connection: Connection, bank: BankValue, config: Settings, user: int | None, topic: str, now: datetime,
    *, question: Question | None = None, closed: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The page: `question`, else the one that is open (none, where `closed` says so) or first in the queue."""
    own = cards.of_user(connection, user)
    attempt = None if closed or question else table.attempt(connection, user)
    if attempt is not None and attempt.question_id not in bank.questions:
        attempt = None
    drilled = bank.topic.get(topic)
    if attempt is not None and drilled and not attempt.question_id.startswith(f"{drilled.slug}/"):
        attempt = None  # it waits in the plain review
    if drilled:
        queue = reviewing.drill(bank, own, drilled.slug, now)
    else:
        found = scores.standings(bank, own, topics.scores(connection, user), now)
        weak = [standing.topic.slug for standing in scores.weak(found)]
        queue = reviewing.today(bank, own, weak, now, _limits(connection, user, config, now))
    shown = question or (bank.questions[attempt.question_id] if attempt else queue[0].question if queue else None)
    return {
        "now": now,
        "bank": bank,
        "drilled": drilled,
        "attempt": attempt,
        "question": shown,
        "entry": _entry(queue, shown),
        "card": own.get(shown.id) if shown else None,
        "topic": bank.topic[shown.topic] if shown else None,
        "left": len(queue),
        "waiting": 0 if drilled else sum(scheduling.is_due(card, now) for card in own.values()),
        "started": bool(own),
        "next_due": min((card.due_at for card in own.values() if card.due_at > now), default=None),
        "leech": bool(shown and shown.id in own and scheduling.is_leech(own[shown.id])),
        "verdicts": list(Verdict),
        "confidences": list(Confidence),
        "proposals": grading.proposals(shown, timedelta(0), shown.budget) if shown else [],
        "text": attempt.text if attempt else "",
        "ticked": [],
        "verdict": "",
        "note": "",
        "words": None,
        "last": None,
    }


def _limits(connection: Connection, user: int | None, config: Settings, now: datetime) -> Limits:
    done = grades.reviews_since(connection, user, reviewing.start_of_day(now)) if user else (0, 0)
    return reviewing.left_today(daily_limits(config), *done)


def _entry(queue: list[Entry], question: Question | None) -> Entry | None:
    return next((entry for entry in queue if question and entry.question.id == question.id), None)


def _question(bank: BankValue, card: str) -> Question:
    if card not in bank.questions:
        raise Missing("There is no such question in the bank. It may have been retired.")
    return bank.questions[card]


def _back(request: Request, topic: str) -> Response:
    return render.see_other(request, f"/review?topic={topic}" if topic.replace("-", "").isalnum() else "/review")
