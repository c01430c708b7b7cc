"""/account: what is kept about this guest, and the way to delete it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.deps import Db, Guests, User, Visitor
from app.domain.errors import Invalid
from app.tables import cards, interviews, review, users
from app.web import render

router = APIRouter(prefix="/account")
PAGE = "account/show.html"


@router.get("", name="account.show")
def show(request: Request, db: Db, visitor: Visitor) -> Response:
    return _page(request, db, visitor)


@router.post("/deletion", name="account.delete")
def delete(
    request: Request, db: Db, user: User, guests: Guests, sure: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    if sure != "yes":
        return _page(request, db, user, Invalid("Tick the box to say that you mean it. Nothing was deleted."))
    with db.write() as connection:
        users.forget(connection, user)
    response = render.see_other(request, "/")
    guests.forget(request, response)
    response.headers["Clear-Site-Data"] = '"storage"'  # copies of answers that the room keeps in the browser
    return response


def _page(request: Request, db: Db, visitor: int | None, error: Invalid | None = None) -> Response:
    with db.read() as connection:
        kept = {
            "interviews": interviews.how_many(connection, visitor),
            "cards": len(cards.of_user(connection, visitor)),
            "open": review.attempt(connection, visitor) is not None,
        }
    return render.page(request, PAGE, status=422 if error else 200, kept=kept, error=error)
