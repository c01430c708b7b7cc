"""/interviews/{id}: the room while the clock runs, saving, moving about, pausing and handing in."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.deps import Bank, Db, Now, Number, User, Visitor, must_be_known
from app.domain import clock, drafts, interviews
from app.domain.errors import Closed, GreenroomError, Invalid, TooLarge, Unavailable, Unknown
from app.domain.grading import Confidence, confidence
from app.domain.interviews import Interview, Sent, Written
from app.tables import interviews as table
from app.tables import revisions
from app.tables.revisions import Kept
from app.web import errors, render

router = APIRouter(prefix="/interviews")
ROOM = "interviews/room.html"
LATE = "interviews/late.html"
# What is refused here comes back with the text that was typed, instead of as an error page.
RETURNED = (Closed, TooLarge, Invalid, Unavailable, Unknown)

WHOLE = 2**31 - 1


class AnswerForm(BaseModel):
    """The answer as every button of the room sends it along, so that no step loses text.

    An emptied box arrives as no text at all: the revision beside it tells whether there was a box. `tab` and `turn`
    come from the page's script.
    """

    text: str = ""
    revision: int | None = Field(default=None, ge=0, le=WHOLE)
    confidence: str = Field(default="", max_length=20)
    tab: str = Field(default="", max_length=16)
    turn: int = Field(default=0, ge=0, le=WHOLE)

    def sent(self) -> Sent:
        """The text as the domain takes it; none if the form had no answer box."""
        if not self.text and self.revision is None:
            return Sent(None)
        return Sent(self.text, self.revision or 0, confidence(self.confidence), drafts.storable(self.tab), self.turn)


class GoForm(AnswerForm):
    go: str = Field(default="next", max_length=20)


class FlagForm(AnswerForm):
    flagged: bool


class PauseForm(AnswerForm):
    number: int = Field(default=1, ge=1, le=1000)


@router.get("/{interview_id}", name="interviews.show")
def show(request: Request, interview_id: str, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    return _show(request, db, bank, visitor, interview_id, None, now)


@router.get("/{interview_id}/questions/{number}", name="interviews.question")
def question(
    request: Request, interview_id: str, number: Number, db: Db, bank: Bank, visitor: Visitor, now: Now
) -> Response:
    return _show(request, db, bank, visitor, interview_id, number, now)


@router.post("/{interview_id}/questions/{number}/draft", name="interviews.draft")
def draft(
    request: Request, interview_id: str, number: Number, db: Db, user: User, now: Now,
    form: Annotated[AnswerForm, Form()],
) -> Response:  # fmt: skip
    with db.write() as connection:
        before = table.owned_by(connection, user, interview_id, texts=[number], lock=True)
        sent = replace(form.sent(), text=form.text)
        written = interviews.written(before, number, sent, now)
        _store(connection, user, before, written, now)
    conflict = written.saved.outcome is drafts.Outcome.CONFLICT
    view = {"interview": written.interview, "item": written.item, **_clock_view(written.interview, now)}
    view["other"] = Kept(written.saved.revision - 1, now, written.saved.displaced or "")
    renderer: render.Renderer = request.app.state.renderer
    body = renderer.text(ROOM, view, "conflict" if conflict else "saved")
    return Response(body, 409 if conflict else 200, {"Cache-Control": "no-store"}, "text/html")


@router.post("/{interview_id}/questions/{number}/answer", name="interviews.answer")
def answer(
    request: Request, interview_id: str, number: Number, db: Db, bank: Bank, visitor: Visitor, now: Now,
    form: Annotated[GoForm, Form()],
) -> Response:  # fmt: skip
    try:
        with db.write() as connection:
            user = must_be_known(visitor)
            before = table.owned_by(connection, user, interview_id, lock=True)
            to = interviews.target(before, form.go, number)
            written = interviews.written(before, number, form.sent(), now)
            conflict = written.saved.outcome is drafts.Outcome.CONFLICT
            stays = conflict or form.go == "summary"
            after = written.interview if stays else interviews.left(written.interview, to, now)
            _store(connection, user, before, replace(written, interview=after), now)
            shown = number if conflict or to is None else to
            kept = revisions.kept(connection, user, interview_id, shown)
    except RETURNED as error:
        return _returned(request, db, bank, visitor, interview_id, number, form.text, error, now)
    if conflict or (to is not None and render.is_partial(request)):
        return _room(request, bank, after, shown, kept, now, status=409 if conflict else 200, conflict=conflict)
    if to is not None:
        return render.see_other(request, f"/interviews/{interview_id}/questions/{to}")
    over = clock.is_over(after.clock, now)
    return render.see_other(request, f"/interviews/{interview_id}/{'debrief' if over else 'submission'}")


@router.post("/{interview_id}/questions/{number}/flag", name="interviews.flag")
def flag(
    request: Request, interview_id: str, number: Number, db: Db, bank: Bank, visitor: Visitor, now: Now,
    form: Annotated[FlagForm, Form()],
) -> Response:  # fmt: skip
    try:
        with db.write() as connection:
            user = must_be_known(visitor)
            before = table.owned_by(connection, user, interview_id, lock=True)
            written = interviews.written(before, number, form.sent(), now)
            after = interviews.flagged(written.interview, number, form.flagged)
            _store(connection, user, before, replace(written, interview=after), now)
            kept = revisions.kept(connection, user, interview_id, number)
    except RETURNED as error:
        return _returned(request, db, bank, visitor, interview_id, number, form.text, error, now)
    if render.is_partial(request):
        return _room(request, bank, after, number, kept, now)
    return render.see_other(request, f"/interviews/{interview_id}/questions/{number}")


@router.post("/{interview_id}/pause", name="interviews.pause")
def pause(
    request: Request, interview_id: str, db: Db, bank: Bank, visitor: Visitor, now: Now,
    form: Annotated[PauseForm, Form()],
) -> Response:  # fmt: skip
    number = form.number
    try:
        with db.write() as connection:
            user = must_be_known(visitor)
            before = table.owned_by(connection, user, interview_id, lock=True)
            sent = form.sent()
            unsaved = sent.text is not None and drafts.cleaned(sent.text) != before.item(number).text
            if before.clock.paused_at is None or unsaved:
                written = interviews.written(before, number, sent, now)
                after = interviews.paused(written.interview, now)
                _store(connection, user, before, replace(written, interview=after), now)
    except RETURNED as error:
        return _returned(request, db, bank, visitor, interview_id, number, form.text, error, now)
    return render.see_other(request, f"/interviews/{interview_id}")


@router.post("/{interview_id}/resumption", name="interviews.resumption")
def resumption(request: Request, interview_id: str, db: Db, user: User, now: Now) -> Response:
    with db.write() as connection:
        before = table.owned_by(connection, user, interview_id, texts=[], lock=True)
        if before.clock.paused_at is not None:
            table.store(connection, user, before, interviews.resumed(before, now))
    return render.see_other(request, f"/interviews/{interview_id}")


@router.get("/{interview_id}/submission", name="interviews.submission")
def submission(request: Request, interview_id: str, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        interview = table.owned_by(connection, visitor, interview_id, texts=[])
    if clock.is_over(interview.clock, now):
        return render.see_other(request, f"/interviews/{interview_id}/debrief")
    view: dict[str, Any] = {"interview": interview, "bank": bank, "item": interview.item(interview.current)}
    return render.page(request, "interviews/submission.html", part="room", **view, **_clock_view(interview, now))


@router.post("/{interview_id}/submission", name="interviews.submit")
def submit(request: Request, interview_id: str, db: Db, user: User, now: Now) -> Response:
    with db.write() as connection:
        before = table.owned_by(connection, user, interview_id, texts=[], lock=True)
        table.store(connection, user, before, interviews.handed_in(before, now))
    return render.see_other(request, f"/interviews/{interview_id}/debrief")


def _show(
    request: Request, db: Db, bank: Bank, visitor: int | None, interview_id: str, number: int | None, now: datetime
) -> Response:
    with db.read() as connection:
        interview = table.owned_by(connection, visitor, interview_id)
        number = number or interview.current
        interview.item(number)
        kept = revisions.kept(connection, visitor, interview_id, number)
    if clock.is_over(interview.clock, now):
        return render.see_other(request, f"/interviews/{interview_id}/debrief")
    return _room(request, bank, interview, number, kept, now)


def _room(
    request: Request, bank: Bank, interview: Interview, number: int, kept: list[Kept], now: datetime,
    *, status: int = 200, typed: str | None = None, words: str | None = None, conflict: bool = False,
) -> Response:  # fmt: skip
    """The room at a question: `typed` stands in the box instead of what is stored, `words` say why it was not taken."""
    item = interview.item(number)
    response = render.page(
        request,
        ROOM,
        part="room",
        status=status,
        interview=interview,
        item=item,
        question=bank.question(item.question_id),
        text=item.text if typed is None else typed,
        words=words,
        other=kept[0] if conflict else None,
        kept=kept,
        confidences=list(Confidence),
        **_clock_view(interview, now),
    )
    if render.is_partial(request):
        address = f"/interviews/{interview.id}/questions/{number}"
        here = urlsplit(request.headers.get("hx-current-url", "")).path == address
        response.headers["HX-Replace-Url" if here else "HX-Push-Url"] = address
    return response


def _returned(
    request: Request, db: Db, bank: Bank, visitor: int | None, interview_id: str, number: int, text: str,
    error: GreenroomError, now: datetime,
) -> Response:  # fmt: skip
    """Nothing was stored: what was typed comes back with the reason, in the room while it is open."""
    status = errors.status_of(error)
    if isinstance(error, Unknown):
        return render.page(request, LATE, part="room", status=status, text=text, error=error, interview=None)
    with db.read() as connection:
        interview = table.owned_by(connection, visitor, interview_id)
        kept = revisions.kept(connection, visitor, interview_id, number)
    if clock.is_over(interview.clock, now):
        return render.page(request, LATE, part="room", status=status, text=text, error=error, interview=interview)
    return _room(request, bank, interview, number, kept, now, status=status, typed=text, words=error.words)


def _store(connection: Connection, user: int, before: Interview, written: Written, now: datetime) -> None:
    table.store(connection, user, before, written.interview)
    if written.saved.displaced is not None:
        number, revision = written.item.number, written.saved.revision - 1
        revisions.keep(connection, user, before.id, number, revision, written.saved.displaced, now)


def _clock_view(interview: Interview, now: datetime) -> dict[str, Any]:
    """What every response of the room says about time, for the page and for the script that counts it down."""
    state = clock.state(interview.clock, now)
    return {
        "now": now,
        "state": state,
        "deadline": clock.deadline(interview.clock, now),
        "remaining": clock.remaining(interview.clock, now),
        "overtime": clock.overtime(interview.clock, now),
        "warnings": clock.warnings(interview.clock.limit),
    }
