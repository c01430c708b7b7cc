"""What handlers may ask for, as annotations. Each is read once per request."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.db import Database, Db, Now
from app.domain.questions import Bank as BankValue
from app.domain.reviewing import Limits
from app.settings import Settings
from app.web.auth import Guests as GuestCookies
from app.web.auth import User, Visitor, must_be_known


async def _bank(request: Request) -> BankValue:
    bank: BankValue = request.app.state.bank
    return bank


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _guests(request: Request) -> GuestCookies:
    guests: GuestCookies = request.app.state.guests
    return guests


def daily_limits(settings: Settings) -> Limits:
    """The day's limits for reviews as they are set."""
    return Limits(settings.reviews_per_day, settings.new_cards_per_day)


Bank = Annotated[BankValue, Depends(_bank)]
Config = Annotated[Settings, Depends(_settings)]
Guests = Annotated[GuestCookies, Depends(_guests)]
Number = Annotated[int, Path(ge=1, le=1000)]  # of a question in an address; more than any interview has

__all__ = [
    "Bank",
    "Config",
    "Database",
    "Db",
    "Guests",
    "Now",
    "Number",
    "User",
    "Visitor",
    "daily_limits",
    "must_be_known",
]
