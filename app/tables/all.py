"""Every table of the app, for those that need the whole schema: migrations and tests."""

from app.tables import cards, grades, interviews, review, revisions, topics, users
from app.tables.base import Base

METADATA = Base.metadata

__all__ = ["METADATA", "cards", "grades", "interviews", "review", "revisions", "topics", "users"]
