"""/interviews: set-up, the room, hand-in, the debrief and the report."""

from app.routes.interviews import debrief, room, setup

# In the order in which addresses are matched: /interviews/new is no interview's id. Each is included by itself, because
# a router inside a router matches every address once more.
routers = (setup.router, room.router, debrief.router)
