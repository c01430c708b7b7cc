"""/questions: the bank, and one question with the user's own history."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.deps import Bank, Db, Visitor
from app.domain import searching
from app.domain.errors import Missing
from app.domain.questions import Level
from app.tables import cards, grades
from app.web import render

router = APIRouter(prefix="/questions")
Filter = Annotated[str, Query(max_length=100)]


@router.get("", name="questions.index")
def index(
    request: Request, db: Db, bank: Bank, visitor: Visitor, q: Filter = "", topic: Filter = "", level: Filter = ""
) -> Response:
    with db.read() as connection:
        own = cards.of_user(connection, visitor)
    found = searching.search(bank, q, topic, level)
    view: dict[str, Any] = {
        "bank": bank,
        "found": found,
        "cards": own,
        "q": q,
        "topic": topic,
        "level": level,
        "levels": list(Level),
    }
    return render.page(request, "questions/index.html", part="found", **view)


@router.get("/{topic}/{slug}", name="questions.show")
def show(request: Request, topic: str, slug: str, db: Db, bank: Bank, visitor: Visitor) -> Response:
    question = bank.questions.get(f"{topic}/{slug}")
    if question is None:
        raise Missing("There is no such question in the bank. It may have been retired.")
    with db.read() as connection:
        history = grades.of_question(connection, visitor, question.id)
    view: dict[str, Any] = {"question": question, "topic": bank.topic[topic], "history": history}
    return render.page(request, "questions/show.html", **view)
