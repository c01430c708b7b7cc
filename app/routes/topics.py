"""/topics: where the user stands, weakest first, and one topic with its questions."""

from fastapi import APIRouter, Request, Response

from app.deps import Bank, Db, Now, Visitor
from app.domain import scores
from app.domain.errors import Missing
from app.tables import cards
from app.tables import topics as table
from app.web import render

router = APIRouter(prefix="/topics")


@router.get("", name="topics.index")
def index(request: Request, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        standings = table.standings(connection, visitor, bank, now)
    return render.page(request, "topics/index.html", now=now, standings=standings, weak=scores.weak(standings))


@router.get("/{slug}", name="topics.show")
def show(request: Request, slug: str, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    if slug not in bank.topic:
        raise Missing("There is no topic of this name in the bank. All topics are on the topics page.")
    with db.read() as connection:
        own = cards.of_user(connection, visitor)
        found = scores.standings(bank, own, table.scores(connection, visitor), now)
    rows = [
        {
            "question": question,
            "card": own.get(question.id),
        }
        for question in bank.by_topic[slug]
    ]
    standing = next(standing for standing in found if standing.topic.slug == slug)
    return render.page(request, "topics/show.html", now=now, standing=standing, rows=rows)
