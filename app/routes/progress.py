"""/progress: what all the practice so far adds up to."""

from fastapi import APIRouter, Request, Response

from app.deps import Bank, Db, Now, Visitor
from app.domain import calibration, progress
from app.tables import grades, interviews, topics
from app.web import render

router = APIRouter(prefix="/progress")


@router.get("", name="progress.show")
def show(request: Request, db: Db, bank: Bank, visitor: Visitor, now: Now) -> Response:
    with db.read() as connection:
        standings = topics.standings(connection, visitor, bank, now)
        found = interviews.newest(connection, visitor)
        given = grades.of_interviews(connection, visitor, [interview.id for interview in found])
        judged = grades.judged(connection, visitor)
    results = progress.results(found, given, now)
    return render.page(
        request,
        "progress/show.html",
        standings=[standing for standing in standings if standing.seen],
        results=results,
        exam_average=progress.exam_average(results),
        brier=calibration.brier(judged),
        reliability=calibration.reliability(judged),
        seen=sum(standing.seen for standing in standings),
        total=len(bank.questions),
    )
