"""/interviews: set-up, the room, hand-in, the debrief and the report."""

from fastapi import APIRouter

from app.routes.interviews import debrief, room, setup

router = APIRouter()
router.include_router(setup.router)
router.include_router(room.router)
router.include_router(debrief.router)
