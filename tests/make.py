"""Makes what tests need: banks, questions, and steps through the pages as a browser would take them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from threading import Barrier
from typing import Any

from itsdangerous import TimestampSigner
from sqlalchemy import select
from starlette.testclient import TestClient

from app.domain import history, interviews, scheduling
from app.domain.clock import Clock, Mode
from app.domain.grading import Verdict
from app.domain.history import Grade, Work
from app.domain.interviews import Interview
from app.domain.questions import Bank, KeyPoint, Level, Question, Topic
from app.domain.scheduling import Card
from app.tables import interviews as interview_rows
from app.tables.all import METADATA

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEVELS = (Level.INTRO, Level.CORE, Level.CORE, Level.ADVANCED)
TOPICS = ("alpha", "beta", "gamma")

BANK_TOML = """
title = "Testing"
licence = "CC BY 4.0"
[[topics]]
slug = "alpha"
title = "Alpha"
summary = "The first topic."
[[topics]]
slug = "beta"
title = "Beta"
summary = "The second topic."
[[topics]]
slug = "gamma"
title = "Gamma"
summary = "The third topic."
"""

QUESTION_FILE = """---
title: {title}
level: {level}
importance: {importance}
references:
  - https://example.org/{slug}
---
What is {title}, and when does it matter?

## Answer
{title} is one thing and not another. That is enough to know.

```python
answer = 42
```

## Key points
- (2) It is one thing
- It is not another
- It matters on **Mondays**

## Follow-ups
- And on Tuesdays?

## Check
```python
assert answer == 42
```
"""


def question(question_id: str = "alpha/q1", **changes: Any) -> Question:
    """A question with key points of weight 2, 1 and 1."""
    made = Question(
        id=question_id,
        topic=question_id.partition("/")[0],
        title=question_id,
        level=Level.CORE,
        importance=2,
        budget=timedelta(seconds=120),
        prompt=f"What is {question_id}?",
        answer="It is one thing.",
        key_points=(KeyPoint(1, "one", 2), KeyPoint(2, "two"), KeyPoint(3, "three")),
        follow_ups=("And then?",),
    )
    return replace(made, **changes)


def bank(topics: tuple[str, ...] = TOPICS, each: int = 4) -> Bank:
    """A bank of `each` questions per topic, levels as in LEVELS."""
    questions = {
        f"{topic}/q{n}": question(f"{topic}/q{n}", level=LEVELS[(n - 1) % len(LEVELS)])
        for topic in topics
        for n in range(1, each + 1)
    }
    return Bank(
        title="Testing",
        licence="CC BY 4.0",
        topics=tuple(Topic(topic, topic.title(), f"About {topic}.") for topic in topics),
        questions=questions,
    )


def bank_folder(folder: Path) -> Path:
    """The same kind of bank as files: alpha, beta and gamma with four questions each."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bank.toml").write_text(BANK_TOML)
    for topic in TOPICS:
        (folder / topic).mkdir(exist_ok=True)
        for number, level in enumerate(LEVELS, 1):
            text = QUESTION_FILE.format(
                title=f"{topic.title()} {number}", level=level, importance=1 + number % 3, slug=f"q{number}"
            )
            (folder / topic / f"q{number}.md").write_text(text)
    return folder


def clock(mode: Mode = Mode.EXAM, minutes: int = 10, started_at: datetime = NOON, **changes: Any) -> Clock:
    """A clock of `minutes`, started at noon."""
    return replace(Clock(started_at, timedelta(minutes=minutes), mode), **changes)


def start(client: TestClient, **form: Any) -> str:
    """Start an interview through the set-up page; its id. Defaults: 3 questions in 10 minutes, exam."""
    fields = {
        "scope": "all",
        "level": ["intro", "core", "advanced"],
        "preset": "own",
        "count": "3",
        "minutes": "10",
        "mode": "exam",
    }
    response = client.post("/interviews", data=fields | form)
    assert response.status_code == 303, response.text
    return response.headers["location"].removeprefix("/interviews/")


def draft(client: TestClient, interview: str, number: int, text: str, revision: int = 0, **form: Any) -> Any:
    """Save a draft as the page's script does; the response."""
    data = {"text": text, "revision": str(revision)} | form
    headers = {"HX-Request-Type": "partial"}
    return client.post(f"/interviews/{interview}/questions/{number}/draft", data=data, headers=headers)


def answer(
    client: TestClient, interview: str, number: int, text: str, go: str = "next", revision: int = 0, **form: Any
) -> Any:
    """Answer a question with the form's button; the response."""
    data = {"text": text, "revision": str(revision), "go": go} | form
    return client.post(f"/interviews/{interview}/questions/{number}/answer", data=data)


def submit(client: TestClient, interview: str) -> None:
    """Hand the interview in."""
    response = client.post(f"/interviews/{interview}/submission")
    assert response.status_code == 303, response.text


def grade(client: TestClient, interview: str, number: int, points: list[int], **form: Any) -> Any:
    """Grade an item; the response."""
    data = {"points": [str(point) for point in points]} | form
    return client.post(f"/interviews/{interview}/questions/{number}/grade", data=data)


def graded_interview(client: TestClient, points: list[int] | None = None, **form: Any) -> str:
    """A whole interview, every item answered and graded with the same ticks; its id."""
    interview = start(client, **form)
    count = int(form.get("count", 3))
    for number in range(1, count + 1):
        answer(client, interview, number, f"answer {number}")
    submit(client, interview)
    for number in range(1, count + 1):
        assert grade(client, interview, number, [1, 2, 3] if points is None else points).status_code == 303
    return interview


def textarea(html: str, name: str = "text") -> str:
    """What stands in the named textarea of a page, as a browser reads it."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found, f"no textarea {name}"
    return unescape(found[1]).removeprefix("\n")


def revision(html: str) -> int:
    """The revision the page's form was rendered for."""
    found = re.search(r'name="revision" value="(\d+)"', html)
    assert found, "no revision in the page"
    return int(found[1])


def asked(interview_id: str = "aaaaaaaaaa", count: int = 3, started_at: datetime = NOON, **changes: Any) -> Interview:
    """An interview value over the first questions of `bank()`, as it is on the first look at question 1."""
    questions = list(bank().questions.values())[:count]
    mode, minutes = changes.pop("mode", Mode.EXAM), changes.pop("minutes", 10)
    made = interviews.begin(interview_id, questions, timedelta(minutes=minutes), mode, 7, started_at)
    return replace(made, **changes)


def given(number: int = 1, question_id: str = "alpha/q1", points: tuple[int, ...] = (1, 2, 3), **changes: Any) -> Grade:
    """A grade value for a question of `bank()`: by default everything ticked, at noon, in review."""
    work = Work(question(question_id), timedelta(seconds=60), timedelta(seconds=120), None)
    made = history.grade(work, number, 1, frozenset(points), None, "", NOON)
    return replace(made, **changes)


def user_id(client: TestClient) -> int:
    """The user that the browser's cookie stands for."""
    cookie = next(cookie for cookie in client.cookies.jar if cookie.name.endswith("greenroom"))
    return int(str(cookie.value).partition(".")[0])


def question_text(*changes: tuple[str, str]) -> str:
    """The text of a sound question file, with each `(old, new)` put in; `old` must be there."""
    text = QUESTION_FILE.format(title="Alpha 1", level="core", importance=1, slug="q1")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def question_file(folder: Path, *changes: tuple[str, str], name: str = "alpha/q1") -> Path:
    """That text as `<name>.md` below the folder; the path."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(question_text(*changes), encoding="utf-8")
    return path


def card(
    question_id: str = "alpha/q1", verdict: Verdict = Verdict.EASY, score: int = 100, now: datetime = NOON
) -> Card:
    """The card of a question graded once, at `now`; an easy one has no learning steps before it."""
    return scheduling.graded(None, question_id, question_id.partition("/")[0], verdict, score, now)


def tab(client: TestClient) -> TestClient:
    """Another tab of the same browser: the same cookies, its own connection."""
    return TestClient(client.app, base_url=str(client.base_url), follow_redirects=False, cookies=client.cookies)


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run the steps at the same moment, each in a thread of its own; their results in order."""
    ready = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> Any:
        ready.wait(timeout=10)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [running.result(timeout=60) for running in [pool.submit(run, step) for step in steps]]


def rows(app: Any) -> dict[str, list[Any]]:
    """Everything the database holds, by table."""
    with app.state.database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


def stored(client: TestClient, interview: str) -> Interview:
    """The interview of this browser as it is in the database, with all its texts."""
    with client.app.state.database.read() as connection:
        return interview_rows.owned_by(connection, user_id(client), interview)


def multipart(client: TestClient, path: str, charset: str = "utf-8", **fields: str | bytes) -> Any:
    """Post a form as multipart, in any charset: the way in for characters that percent-encoding cannot say."""
    body = b""
    for name, value in fields.items():
        raw = value if isinstance(value, bytes) else value.encode()
        body += b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), raw)
    kind = f"multipart/form-data; boundary=edge; charset={charset}"
    return client.post(path, content=body + b"--edge--\r\n", headers={"Content-Type": kind})


COOKIES_REFUSED = ("none", "garbage", "forged", "truncated", "another number", "expired")


def with_cookie(client: TestClient, kind: str) -> TestClient:
    """A browser with the cookie of `client` made unusable in one of the ways of COOKIES_REFUSED, or "old" but good."""
    good = client.cookies["greenroom"]
    number, dot, rest = good.partition(".")
    secret = client.app.state.settings.secret.get_secret_value()
    value = {
        "garbage": "1.2.3",
        "forged": _signed(number, "a secret of somebody else's", days=0),
        "truncated": good[:-4],
        "another number": f"{int(number) + 1}{dot}{rest}",
        "expired": _signed(number, secret, days=401),
        "old": _signed(number, secret, days=399),
    }.get(kind)
    cookies = {} if value is None else {"greenroom": value}
    return TestClient(client.app, base_url=str(client.base_url), follow_redirects=False, cookies=cookies)


def _signed(value: str, secret: str, *, days: int) -> str:
    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - days * 24 * 3600

    return Then(secret, salt="greenroom.guest").sign(value).decode()


def h1(html: str) -> str:
    """The words of the page's one main heading."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert len(found) == 1, found
    return " ".join(plain(found[0]).split())


def plain(html: str) -> str:
    """The text of some HTML as somebody reads it, tags gone and white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def review(client: TestClient, card: str, points: tuple[int, ...] = (1, 2, 3), **form: Any) -> None:
    """Review one question from "Show answer" to its grade."""
    said = {name: form.pop(name) for name in ("text", "confidence") if name in form}
    assert client.post(f"/review/{card}/reveal", data=said).status_code == 303
    data = {"points": [str(point) for point in points]} | form
    assert client.post(f"/review/{card}/grade", data=data).status_code == 303
