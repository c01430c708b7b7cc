"""/healthz and /readyz: is the process alive, and can it do its work. For balancers and supervisors."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from app import schema
from app.deps import Bank, Db
from app.domain.errors import Unavailable

router = APIRouter()


@router.get("/healthz", name="health.alive")
async def alive() -> JSONResponse:
    return JSONResponse({"status": "ok"})


@router.get("/readyz", name="health.ready")
def ready(db: Db, bank: Bank) -> JSONResponse:
    try:
        migrated = schema.is_current(db)
        database = "ok" if migrated else "needs migration"
    except Unavailable:
        database = "unreachable"
    found = {"database": database, "bank": "ok" if bank.questions else "empty"}
    return JSONResponse(found, 200 if set(found.values()) == {"ok"} else 503)
