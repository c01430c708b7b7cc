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
Run = Callable[[Any, Mapping[str, Any]], Any]


def statements(database: Path) -> SimpleNamespace:
    """What is sent, as Core statements over the columns that the database has."""
    engine = create_engine(f"sqlite:///{database}")
    metadata = MetaData()
    interviews, items, revisions = (
        Table(name, metadata, autoload_with=engine).c for name in ("interviews", "items", "revisions")
    )
    engine.dispose()
    owner, interview, number = bindparam("owner"), bindparam("interview"), bindparam("item")
    own = interviews.user_id == owner, interviews.id == interview
    own_items = items.user_id == owner, items.interview_id == interview
    own_kept = revisions.user_id == owner, revisions.interview_id == interview, revisions.number == number
    item = [items[name] for name in ITEM]
    one_text = case((items.number == number, items.text), else_=literal_column("''")).label("text")
    draft = {"text": bindparam("typed"), "revision": bindparam("next"), "saved_at": bindparam("now")}
    answer = draft | {
        "answered": bindparam("yes"),
        "confidence": bindparam("sure"),
        "spent_ms": bindparam("spent"),
        "first_key_at": bindparam("now"),
    }
    write = update(items.number.table).where(*own_items, items.number == number)
    return SimpleNamespace(
        head=select(*(interviews[name] for name in HEAD)).where(*own),
        items_with_one_text=select(*item, one_text).where(*own_items).order_by(items.number),
        items=select(*item, items.text).where(*own_items).order_by(items.number),
        save=write.values(draft),
        answer=write.values(answer),
        show=write.values(shown_at=bindparam("now")),
        move=update(interviews.id.table)
        .where(*own)
        .values(current_number=bindparam("item"), current_since=bindparam("now")),
        kept=select(revisions.revision, revisions.kept_at, revisions.text)
        .where(*own_kept)
        .order_by(revisions.revision.desc()),
    )


def raw(core: SimpleNamespace) -> SimpleNamespace:
    """The same statements as text for sqlite3."""
    dialect = sqlite.dialect(paramstyle="named")
    return SimpleNamespace(**{name: str(one.compile(dialect=dialect)) for name, one in vars(core).items()})


def draft(run: Run, sql: SimpleNamespace, own: View, number: int, text: str, now: Any) -> View:
    """Save draft: two selects, one update."""
    at = {**own, "item": number}
    head = run(sql.head, own).fetchone()
    items = run(sql.items_with_one_text, at).fetchall()
    revision = items[number - 1][REVISION] + 1
    run(sql.save, {**at, "typed": text, "next": revision, "now": now})
    return {"revision": revision, "now": now, "deadline": head[STARTED]}


def answer(run: Run, sql: SimpleNamespace, own: View, number: int, text: str, sure: str, now: Any) -> View:
    """Answer and next question: three selects, three updates."""
    head = run(sql.head, own).fetchone()
    items = run(sql.items, own).fetchall()
    item, after = items[number - 1], min(number + 1, len(items))
    typed = {"typed": text, "next": item[REVISION] + 1, "yes": True, "sure": sure, "spent": item[SPENT] + 1000}
    run(sql.answer, {**own, "item": number, "now": now, **typed})
    run(sql.show, {**own, "item": after, "now": now})
    run(sql.move, {**own, "item": after, "now": now})
    kept = run(sql.kept, {**own, "item": after}).fetchall()
    return _room_view(own["interview"], after, head, items, kept, now)


def room(run: Run, sql: SimpleNamespace, own: View, now: Any) -> View:
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
