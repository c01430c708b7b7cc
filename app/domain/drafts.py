"""Rules of saving an answer: what is stored, which version wins, what is kept aside."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Invalid, TooLarge

LIMIT_BYTES = 64 * 1024  # about 10 000 words; a pasted log file is a mistake, not an answer


class Outcome(StrEnum):
    UNCHANGED = "unchanged"
    SAVED = "saved"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save leads to: the revision now current, and the text it displaced if that was never seen."""

    outcome: Outcome
    revision: int
    displaced: str | None = None


def cleaned(text: str) -> str:
    """The text as it is stored: one kind of line end; NUL and lone surrogates, which no database keeps, replaced.

    Raise TooLarge above LIMIT_BYTES of UTF-8.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        size = len(text.encode())
    if size > LIMIT_BYTES:
        raise TooLarge(
            f"An answer may hold 64 KB; this one has {size // 1024} KB. Shorten it and save again: "
            "nothing was thrown away, your text is still in the box."
        )
    return text


def save(current: str, revision: int, text: str, base: int) -> Saved:
    """Decide on `text`, typed on revision `base`, when `current` is stored as `revision`.

    The newer text wins. If it was typed without having seen `current`, the displaced text is returned so that it can be
    kept, unless the new text merely goes on from it. The same text again changes nothing.
    """
    if base < 0 or base > revision:
        raise Invalid("This page does not fit the stored answer any more. Copy your text, reload and paste it.")
    if text == current:
        return Saved(Outcome.UNCHANGED, revision)
    if base == revision or not current or text.startswith(current):
        return Saved(Outcome.SAVED, revision + 1)
    return Saved(Outcome.CONFLICT, revision + 1, displaced=current)
