"""/interviews/{id}/debrief and /report: self-grading after hand-in, and what the interview showed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Connection

from app.deps import Bank, Config, Db, Now, Number, User, Visitor
from app.domain import clock, grading, history, interviews, reports
from app.domain.errors import Closed, Invalid
from app.domain.grading import Verdict
from app.domain.history import Grade, Work
from app.domain.interviews import Interview
from app.domain.questions import Bank as BankValue
from app.tables import cards, grades, users
from app.tables import interviews as table
from app.web import render

router = APIRouter(prefix="/interviews")
DEBRIEF = "interviews/debrief.html"


@dataclass(frozen=True, slots=True)
class Typed:
    """The grade form as it was sent, to be shown again with what is wrong."""

    points: frozenset[int]
    verdict: str
    note: str
    words: str


@router.get("/{interview_id}/debrief", name="interviews.debrief")
def debrief(
    request: Request, interview_id: str, db: Db, bank: Bank, visitor: Visitor, now: Now,
    item: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Response:  # fmt: skip
    with db.read() as connection:
        interview = table.owned_by(connection, visitor, interview_id)
        given = grades.of_interview(connection, visitor, interview_id)
        last = grades.last(connection, visitor)
    if not clock.is_over(interview.clock, now):
        return render.see_other(request, f"/interviews/{interview_id}")
    return _debrief(request, bank, interview, given, item, last, now)


@router.post("/{interview_id}/questions/{number}/grade", name="interviews.grade")
def grade(
    request: Request, interview_id: str, number: Number, db: Db, bank: Bank, config: Config, user: User, now: Now,
    points: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
    verdict: Annotated[str, Form(max_length=20)] = "", note: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    with db.write() as connection:
        before = table.owned_by(connection, user, interview_id, lock=True)
        if not clock.is_over(before.clock, now):
            raise Closed("This interview is still running. Hand it in first; then its answers can be graded.")
        given = grades.of_interview(connection, user, interview_id)
        first = number not in given
        try:
            form = grading.form(bank.question(before.item(number).question_id), points, verdict, note)
        except Invalid as error:
            ticked = frozenset(int(point) for point in points if point.isascii() and point.isdigit() and len(point) < 3)
            typed = Typed(ticked, verdict, note, error.words)
            return _debrief(request, bank, before, given, number, None, now, typed=typed)
        interview = interviews.handed_in(before, now)
        table.store(connection, user, before, interview)
        saved = _save(connection, user, bank, config.retention, interview, number, form, given.get(number), now)
    given[number] = saved
    if len(given) == len(interview.items):
        return render.see_other(request, f"/interviews/{interview_id}/report")
    if render.is_partial(request):
        return _debrief(
            request,
            bank,
            interview,
            given,
            reports.next_ungraded(interview, given, number),
            saved if first else None,
            now,
        )
    following = reports.next_ungraded(interview, given, number)
    return render.see_other(request, f"/interviews/{interview_id}/debrief?item={following}")


@router.get("/{interview_id}/report", name="interviews.report")
def report(request: Request, interview_id: str, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        interview = table.owned_by(connection, visitor, interview_id)
        given = grades.of_interview(connection, visitor, interview_id)
        last = grades.last(connection, visitor)
    if not clock.is_over(interview.clock, now):
        return render.see_other(request, f"/interviews/{interview_id}")
    view: dict[str, Any] = {
        "interview": interview,
        "bank": bank,
        "last": last,
        "report": reports.report(interview, given, bank, now),
    }
    return render.page(request, "interviews/report.html", **view)


def _save(
    connection: Connection, user: int, bank: BankValue, retention: float, interview: Interview, number: int,
    form: grading.Form, before: Grade | None, now: datetime,
) -> Grade:  # fmt: skip
    """Store the grade; the same again changes nothing, another one corrects the first."""
    item = interview.item(number)
    question = bank.question(item.question_id)
    work = Work(question, item.spent, item.budget, item.confidence, interview.id, number)
    if before:
        users.lock(connection, user)
    # Taking the number locks the user too; what another grade may be changing is read after that.
    place = before.number if before else users.next_grade(connection, user)
    card = cards.of_question(connection, user, question.id)
    rep = before.rep if before else (card.reps if card else 0) + 1
    given = history.grade(work, place, rep, form.points, form.verdict, form.note, now)
    if before is None:
        grades.add(connection, user, given, card, retention)
        return given
    corrected = history.revised(before, given)
    if corrected != before:
        grades.revise(connection, user, corrected, retention)
    return corrected


def _debrief(
    request: Request, bank: BankValue, interview: Interview, given: dict[int, Grade], number: int | None,
    last: Grade | None, now: datetime, *, typed: Typed | None = None,
) -> Response:  # fmt: skip
    number = number or reports.next_ungraded(interview, given, 0) or 1
    item = interview.item(number)
    question = bank.question(item.question_id)
    spent: timedelta = interviews.spent_on(interview, item, now)
    response = render.page(
        request,
        DEBRIEF,
        part="debrief",
        status=422 if typed else 200,
        interview=interview,
        item=item,
        question=question,
        spent=spent,
        given=given,
        grade=given.get(number),
        typed=typed,
        last=last,
        verdicts=list(Verdict),
        proposals=grading.proposals(question, spent, item.budget),
        titles={other.number: bank.question(other.question_id).title for other in interview.items},
    )
    if render.is_partial(request):
        response.headers["HX-Push-Url"] = f"/interviews/{interview.id}/debrief?item={number}"
    return response
