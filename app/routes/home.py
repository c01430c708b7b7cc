"""/: the one thing to do next."""

from fastapi import APIRouter, Request, Response

from app.deps import Bank, Config, Db, Now, Visitor, daily_limits
from app.domain import clock, picking, reviewing, scores
from app.tables import cards, grades, interviews, topics
from app.web import render

router = APIRouter()


@router.get("/", name="home.show")
def show(request: Request, db: Db, bank: Bank, config: Config, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        running = interviews.running(connection, visitor)
        own = cards.of_user(connection, visitor)
        found = scores.standings(bank, own, topics.scores(connection, visitor), now)
        done = grades.reviews_since(connection, visitor, reviewing.start_of_day(now)) if visitor else (0, 0)
        ungraded = interviews.ungraded(connection, visitor)
    weak = scores.weak(found)
    limits = reviewing.left_today(daily_limits(config), *done)
    queue = reviewing.today(bank, own, [standing.topic.slug for standing in weak], now, limits)
    open_ones = [interview for interview in running if not clock.is_over(interview.clock, now)]
    current = open_ones[0] if open_ones else None
    return render.page(
        request,
        "home/show.html",
        now=now,
        bank=bank,
        current=current,
        current_state=clock.state(current.clock, now) if current else None,
        remaining=clock.remaining(current.clock, now) if current else None,
        deadline=clock.deadline(current.clock, now) if current else None,
        ungraded=[found for found in ungraded if found not in {interview.id for interview in open_ones}],
        queue=queue,
        weak=weak[:3],
        practised=[standing for standing in found if standing.seen],
        total=len(bank.questions),
        warm_up=None if current else picking.of_the_day(list(bank.questions.values()), now.date()),
    )
