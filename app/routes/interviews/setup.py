"""/interviews and /interviews/new: what was practised, and what comes next."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from app.deps import Bank, Db, Guests, Now, Visitor
from app.domain import interviews, planning, progress, scores
from app.domain.errors import Invalid
from app.domain.planning import Wish
from app.tables import grades, topics, users
from app.tables import interviews as table
from app.web import render

router = APIRouter(prefix="/interviews")
NEW = "interviews/new.html"
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no letters that are mistaken for digits


class SetupForm(BaseModel):
    """The set-up form's fields as they are sent, all text: what is wrong with them is said on the page."""

    scope: str = ""
    topic: list[str] = Field(default=[], max_length=200)
    level: list[str] = Field(default=[], max_length=10)
    preset: str = ""
    count: str = ""
    minutes: str = ""
    mode: str = ""
    seed: str = ""
    interview: str = ""

    def wish(self, *, first_look: bool = False) -> Wish:
        """The wish; on a first look the defaults stand in for what the address does not say."""
        default = Wish()
        return Wish(
            scope=self.scope or default.scope,
            topics=tuple(self.topic),
            levels=tuple(self.level) or (default.levels if first_look else ()),
            preset=self.preset or (default.preset if not self.count else planning.OWN),
            count=self.count or (default.count if first_look else ""),
            minutes=self.minutes,
            mode=self.mode or default.mode,
            seed=self.seed,
        )


@router.get("", name="interviews.index")
def index(request: Request, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        found = table.newest(connection, visitor)
        given = grades.of_interviews(connection, visitor, [interview.id for interview in found])
    results = progress.results(found, given, now)
    return render.page(request, "interviews/index.html", results=results, bank=bank)


@router.get("/new", name="interviews.new")
def new(
    request: Request, db: Db, bank: Bank, visitor: Visitor, now: Now, form: Annotated[SetupForm, Query()]
) -> Response:
    with db.read() as connection:
        weak = _weak(topics.standings(connection, visitor, bank, now))
    wish = form.wish(first_look=not (render.is_partial(request)))
    try:
        planning.plan(wish, bank, weak)
        wrong: dict[str, str] = {}
    except Invalid as error:
        # Somebody who has only opened the page has done nothing wrong yet.
        wrong = error.fields if render.is_partial(request) else {}
    return render.page(request, NEW, part="summary", **_view(bank, weak, wish, wrong, form.interview))


@router.post("", name="interviews.create")
def create(
    request: Request, db: Db, bank: Bank, visitor: Visitor, guests: Guests, now: Now, form: Annotated[SetupForm, Form()]
) -> Response:
    wish = form.wish()
    user_id = visitor or users.new_id()
    with db.write() as connection:
        weak = _weak(topics.standings(connection, visitor, bank, now))
        try:
            plan = planning.plan(wish, bank, weak)
        except Invalid as error:
            view = _view(bank, weak, wish, error.fields, form.interview)
            return render.page(request, NEW, part="setup", status=422, **(view | {"words": error.words}))
        users.add(connection, user_id, now)
        users.lock(connection, user_id)
        interview_id = _usable(form.interview)
        if not table.is_there(connection, user_id, interview_id):
            seed = plan.seed if plan.seed is not None else secrets.randbelow(planning.SEED_MOST)
            questions = plan.choose(seed, table.times_asked(connection, user_id))
            made = interviews.begin(interview_id, questions, plan.time_for(questions), plan.mode, seed, now)
            table.add(connection, user_id, made)
    response = render.see_other(request, f"/interviews/{interview_id}")
    guests.remember(request, response, user_id)
    return response


def _weak(standings: list[scores.Standing]) -> list[str]:
    return [standing.topic.slug for standing in scores.weak(standings)]


def _view(bank: Bank, weak: list[str], wish: Wish, wrong: dict[str, str], interview_id: str) -> dict[str, Any]:
    return {
        "bank": bank,
        "weak": weak,
        "wish": wish,
        "wrong": dict.fromkeys(planning.FIELDS, "") | wrong,
        "words": None,
        "outline": planning.outline(wish, bank, weak),
        "presets": planning.PRESETS,
        "interview_id": _usable(interview_id),
    }


def _usable(given: str) -> str:
    """The id the form brought along (so that sending it twice starts one interview), or a new one."""
    if len(given) == 10 and set(given) <= set(_ALPHABET):
        return given
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))
