"""The work the two floors do: Greenroom's statements and a page as large as Greenroom's, without its rules."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from sqlalchemy import MetaData, Table, bindparam, case, create_engine, literal_column, select, update
from sqlalchemy.dialects import sqlite

HEAD = ["id", "seed", "mode", "limit_ms", "started_at", "paused_ms", "pauses", "paused_at", "submitted_at"]
HEAD += ["current_number", "current_since"]
ITEM = ["number", "question_id", "topic", "budget_ms", "answered", "flagged", "confidence", "revision", "spent_ms"]
ITEM += ["shown_at", "first_key_at", "saved_at"]
# Where the columns above stand in a row: an index reads rows of both drivers alike, and fast.
STARTED, CURRENT = HEAD.index("started_at"), HEAD.index("current_number")
SPENT, REVISION, TEXT = ITEM.index("spent_ms"), ITEM.index("revision"), len(ITEM)

SAVED_TEMPLATE = """\
<span id="saved" role="status" data-revision="{{ revision }}" data-now="{{ now }}" data-deadline="{{ deadline }}">\
Saved <time datetime="{{ now }}">{{ now }}</time></span>
"""
ROOM_TEMPLATE = """\
<div id="room" data-interview="{{ interview }}" data-number="{{ number }}">
  <form method="post" action="/interviews/{{ interview }}/questions/{{ number }}/answer">
    <input type="hidden" name="revision" value="{{ revision }}">
    <div id="timer" data-deadline="{{ deadline }}" data-now="{{ now }}">{{ now }}</div>
    <h1>Question {{ number }} of {{ items | length }}</h1>
    <textarea name="text">{{ text }}</textarea>
    {% for version in kept %}<textarea readonly>{{ version[2] }}</textarea>{% endfor %}
    <ol>
      {% for other in items %}
      <li><button name="go" value="{{ other[0] }}"
      class="{{ 'answered' if other[4] }}{{ ' flagged' if other[5] }}{{ ' current' if other[0] == number }}">\
{{ other[0] }}</button></li>
      {% endfor %}
    </ol>
  </form>
</div>
"""
View = dict[str, Any]
OWNER, INTERVIEW, NUMBER = bindparam("owner"), bindparam("interview"), bindparam("item")
TYPED, NOW = bindparam("typed"), bindparam("now")
Run = Callable[[Any, Mapping[str, Any]], Any]


class Statements:
    """What is sent, as Core statements over the columns that the database has.

    Each is built anew whenever it is read, as in an endpoint that says `select(…).where(…)`: that is how FastAPI with
    SQLAlchemy is written, and the floor that the budgets were set by. Built once they cost about a third less.
    """

    def __init__(self, database: Path) -> None:
        engine = create_engine(f"sqlite:///{database}")
        tables = [Table(name, MetaData(), autoload_with=engine) for name in ("interviews", "items", "revisions")]
        engine.dispose()
        self._interviews, self._items, self._revisions = (table.c for table in tables)

    @property
    def head(self) -> Any:
        c = self._interviews
        return select(*(c[name] for name in HEAD)).where(c.user_id == OWNER, c.id == INTERVIEW)

    @property
    def items(self) -> Any:
        return self._all_items(self._items.text)

    @property
    def items_with_one_text(self) -> Any:
        c = self._items
        return self._all_items(case((c.number == NUMBER, c.text), else_=literal_column("''")).label("text"))

    @property
    def save(self) -> Any:
        return self._update_item(text=TYPED, revision=bindparam("next"), saved_at=NOW)

    @property
    def answer(self) -> Any:
        draft = {"text": TYPED, "revision": bindparam("next"), "saved_at": NOW, "first_key_at": NOW}
        rest = {"answered": bindparam("yes"), "confidence": bindparam("sure"), "spent_ms": bindparam("spent")}
        return self._update_item(**draft, **rest)

    @property
    def show(self) -> Any:
        return self._update_item(shown_at=NOW)

    @property
    def move(self) -> Any:
        c = self._interviews
        own = update(c.id.table).where(c.user_id == OWNER, c.id == INTERVIEW)
        return own.values(current_number=NUMBER, current_since=NOW)

    @property
    def kept(self) -> Any:
        c = self._revisions
        own = select(c.revision, c.kept_at, c.text).where(c.user_id == OWNER, c.interview_id == INTERVIEW)
        return own.where(c.number == NUMBER).order_by(c.revision.desc())

    def _all_items(self, text: Any) -> Any:
        c = self._items
        own = select(*(c[name] for name in ITEM), text).where(c.user_id == OWNER, c.interview_id == INTERVIEW)
        return own.order_by(c.number)

    def _update_item(self, **values: Any) -> Any:
        c = self._items
        own = update(c.number.table).where(c.user_id == OWNER, c.interview_id == INTERVIEW, c.number == NUMBER)
        return own.values(values)


def raw(core: Statements) -> SimpleNamespace:
    """The same statements as text for sqlite3, made once."""
    dialect = sqlite.dialect(paramstyle="named")
    names = [name for name, member in vars(Statements).items() if isinstance(member, property)]
    return SimpleNamespace(**{name: str(getattr(core, name).compile(dialect=dialect)) for name in names})


def draft(run: Run, sql: Any, own: View, number: int, text: str, revision: int, now: Any) -> View:
    """Save draft: two selects, one update."""
    at = {**own, "item": number}
    head = run(sql.head, own).fetchone()
    run(sql.items_with_one_text, at).fetchall()
    run(sql.save, {**at, "typed": text, "next": revision + 1, "now": now})
    return {"revision": revision + 1, "now": now, "deadline": head[STARTED]}


def answer(run: Run, sql: Any, own: View, number: int, text: str, revision: int, sure: str, now: Any) -> View:
    """Answer and next question: three selects, three updates."""
    head = run(sql.head, own).fetchone()
    items = run(sql.items, own).fetchall()
    item, after = items[number - 1], min(number + 1, len(items))
    typed = {"typed": text, "next": revision + 1, "yes": True, "sure": sure, "spent": item[SPENT] + 1000}
    run(sql.answer, {**own, "item": number, "now": now, **typed})
    run(sql.show, {**own, "item": after, "now": now})
    run(sql.move, {**own, "item": after, "now": now})
    kept = run(sql.kept, {**own, "item": after}).fetchall()
    return _room_view(own["interview"], after, head, items, kept, now)


def room(run: Run, sql: Any, own: View, now: Any) -> View:
    """Show room: three selects."""
    head = run(sql.head, own).fetchone()
    items = run(sql.items, own).fetchall()
    kept = run(sql.kept, {**own, "item": head[CURRENT]}).fetchall()
    return _room_view(own["interview"], head[CURRENT], head, items, kept, now)


def _room_view(interview: str, number: int, head: Any, items: list[Any], kept: list[Any], now: Any) -> View:
    item = items[number - 1]
    shown = {"number": number, "revision": item[REVISION], "text": item[TEXT], "items": items, "kept": kept}
    return {"interview": interview, "now": now, "deadline": head[STARTED], **shown}


def templates(sizes: Mapping[str, int]) -> SimpleNamespace:
    """A template for each work, filled up so that it renders to about the given number of bytes."""
    env = jinja2.Environment(autoescape=True)
    items = [(n, "", "", 0, n < 10, False, None, 0, 0, None, None, None, "") for n in range(1, 21)]
    sample = {"revision": 1, "now": "n" * 26, "deadline": "d" * 26, "number": 9, "text": "", "items": items, "kept": []}
    made = {}
    for name, source in (("draft", SAVED_TEMPLATE), ("answer", ROOM_TEMPLATE), ("room", ROOM_TEMPLATE)):
        bare = len(env.from_string(source).render(sample, interview="i" * 10))
        made[name] = env.from_string(source + "<p>filler</p>\n" * ((sizes[name] - bare) // 14))
    return SimpleNamespace(**made)
