"""What can go wrong, in words a person can act on. No HTTP here: `web/errors.py` gives each kind its status."""


class GreenroomError(Exception):
    """Base of everything the app refuses on purpose. `words` is shown to the user as it stands."""

    title = "That did not work"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Missing(GreenroomError):
    """The thing does not exist, or it is somebody else's: the two are not told apart."""

    title = "Nothing here"


class Unknown(GreenroomError):
    """The browser sent no cookie, or one we did not sign, so there is no owner to look things up for."""

    title = "We do not know this browser any more"


class Forbidden(GreenroomError):
    """The request came from another site."""

    title = "That came from another site"


class Closed(GreenroomError):
    """The thing has reached a state in which this step is no longer, or not yet, possible."""

    title = "Not at this point"


class Invalid(GreenroomError):
    """A value cannot be used. `fields` maps a form field to the words that go beside it."""

    title = "Please check what you sent"

    def __init__(self, words: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.fields = fields or {}


class TooLarge(GreenroomError):
    """More text than an answer may hold."""

    title = "That is too long"


class Unavailable(GreenroomError):
    """The database is busy, full or away; nothing was changed and trying again may work."""

    title = "The answer could not be stored"
