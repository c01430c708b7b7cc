"""Rules of saving an answer: what is stored, which version wins, what is kept aside."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Invalid, TooLarge

LIMIT_BYTES = 64 * 1024  # about 10 000 words; a pasted log file is a mistake, not an answer
MISSED_FROM = 20  # characters; less is typed again sooner than looked for


class Outcome(StrEnum):
    UNCHANGED = "unchanged"
    SAVED = "saved"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save leads to: the revision now current, and the text it displaced if that is worth keeping."""

    outcome: Outcome
    revision: int
    displaced: str | None = None


def storable(text: str) -> str:
    """The text with one kind of line end; NUL and lone surrogates, which no database keeps, replaced."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def cleaned(text: str) -> str:
    """The text as it is stored. Raise TooLarge above LIMIT_BYTES of UTF-8."""
    text = storable(text)
    size = len(text.encode())
    if size > LIMIT_BYTES:
        raise TooLarge(
            f"An answer may hold 64 KB; this one has {-(-size // 1024)} KB. Shorten it and save again: "
            "nothing was thrown away, your text is still in the box."
        )
    return text


def save(current: str, revision: int, text: str, base: int, *, same_tab: bool = False, late: bool = False) -> Saved:
    """Decide on `text`, typed on revision `base`, when `current` is stored as `revision`.

    `same_tab`: the tab that wrote `current` sends this too, so it knows `current` even if the answer to its save was
    lost. `late`: it sent this before what is stored, and a slow network turned the two round; nothing changes then.

    The newer text wins. The one it displaces is returned, to be kept aside, if nobody had seen it (and the new text
    does not merely go on from it) or if most of it is gone at one stroke. The same text again changes nothing.
    """
    if base < 0 or base > revision:
        raise Invalid("This page does not fit the stored answer any more. Copy your text, reload and paste it.")
    if late or text == current:
        return Saved(Outcome.UNCHANGED, revision)
    if same_tab or base == revision or not current or text.startswith(current):
        return Saved(Outcome.SAVED, revision + 1, displaced=current if _drops_most(current, text) else None)
    return Saved(Outcome.CONFLICT, revision + 1, displaced=current)


def _drops_most(current: str, text: str) -> bool:
    """Whether `text` keeps less than half of a text that would be missed: a slip, or the other tab's text taken."""
    if len(current) < MISSED_FROM:
        return False
    head = _shared(current, text)
    tail = _shared(current[head:][::-1], text[head:][::-1])
    return 2 * (head + tail) < len(current)


def _shared(one: str, other: str) -> int:
    """How many characters the two begin with in common. By halving: a save of 64 KB must not take milliseconds."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
