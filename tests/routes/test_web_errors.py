"""Error pages: each kind of trouble has a status, a title, a heading and words; a part has the words alone."""

import logging
import re
import sqlite3
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from app import schema
from app.db import Database
from app.domain.errors import GreenroomError
from app.main import create_app
from app.settings import Settings
from app.tables import users
from app.web import errors
from tests import make

PART = {"HX-Request-Type": "partial"}


@pytest.fixture
def careless(app):
    """A browser of an app with a page that crashes; crashes are answered, not raised, as a server does it."""

    @app.get("/broken")
    def broken():
        raise RuntimeError("what the database password is")

    @app.post("/broken-in-the-middle")
    def broken_in_the_middle():
        with app.state.database.write() as connection:
            users.add(connection, 7, make.NOON)
            raise RuntimeError

    return TestClient(app, base_url="http://greenroom.test", follow_redirects=False, raise_server_exceptions=False)


TROUBLE = {
    "unknown address": ("GET", "/nowhere", {}, 404),
    "unknown thing": ("GET", "/topics/nowhere", {}, 404),
    "wrong method": ("POST", "/topics", {}, 405),
    "unknown browser": ("POST", "/review/undo", {}, 401),
    "too large a body": ("POST", "/review/alpha/q1/reveal", {"data": {"text": "x" * 5_000_000}}, 413),
    "bad field": ("GET", f"/review?topic={'x' * 61}", {}, 422),
    "no form at all": (
        "POST",
        "/review/alpha/q1/reveal",
        {"content": b"--", "headers": {"Content-Type": "multipart/form-data"}},
        400,
    ),
    "crash": ("GET", "/broken", {}, 500),
}
each_trouble = pytest.mark.parametrize(("method", "path", "options", "status"), TROUBLE.values(), ids=TROUBLE)


def _words(html):
    found = re.findall(r'<p class="words">(.*?)</p>', html, re.DOTALL)
    assert len(found) == 1
    return make.plain(found[0])


def _assert_page(response, status):
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text.startswith("<!doctype html>")
    heading = make.h1(response.text)
    assert re.search(r"<title>(.*?) · Greenroom</title>", response.text)[1] == heading
    assert len(_words(response.text)) > 30, "words that say what to do"
    assert str(status) in make.plain(response.text)
    assert 'href="/"' in response.text, "a way out"


@each_trouble
def test_trouble_is_answered_by_a_page_with_words(careless, method, path, options, status):
    _assert_page(careless.request(method, path, **options), status)


@each_trouble
def test_trouble_of_a_part_is_answered_by_the_words_alone(careless, method, path, options, status):
    page = careless.request(method, path, **options)
    part = careless.request(method, path, **options | {"headers": options.get("headers", {}) | PART})
    assert part.status_code == status
    assert re.fullmatch(r'<p class="words">[^<]+</p>', part.text.strip())
    assert _words(part.text) == _words(page.text)
    # Beside what is open, never in its place: somebody may be typing there.
    assert (part.headers["hx-retarget"], part.headers["hx-reswap"]) == ("#problem", "innerHTML")
    assert "hx-retarget" not in page.headers


@pytest.mark.parametrize("chunks", [45, 60])
def test_a_body_too_large_is_refused_without_its_length_too(careless, app, chunks):
    def parts():
        yield b"text="
        for _ in range(chunks):
            yield b"x" * 100_000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    response = careless.post("/review/alpha/q1/reveal", content=parts(), headers=kind)
    _assert_page(response, 413)
    assert "4 MB" in _words(response.text)
    assert not any(make.rows(app).values())


def test_a_wrong_method_says_which_is_right(careless):
    response = careless.post("/topics")
    assert response.headers["allow"] == "GET"
    assert "does not take POST requests, only GET" in _words(response.text)


def test_a_method_nobody_knows_is_shown_as_text(careless):
    response = careless.request("<B>", "/topics")
    assert response.status_code == 405
    assert "<B>" not in response.text


def test_a_bad_field_is_named_and_its_value_not_repeated(careless):
    response = careless.get("/questions", params={"q": "<script>" * 20, "level": "y" * 200})
    assert "level, q" in _words(response.text)
    assert "script>" not in _words(response.text)
    assert "yyy" not in response.text


def test_a_crash_tells_the_user_nothing_and_the_log_everything(careless, caplog):
    with caplog.at_level(logging.ERROR):
        response = careless.get("/broken")
    assert "password" not in response.text
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text
    assert "RuntimeError" in caplog.text


def test_a_crash_in_the_middle_of_a_change_leaves_nothing_of_it(careless, app):
    before = make.rows(app)
    assert careless.post("/broken-in-the-middle").status_code == 500
    assert make.rows(app) == before
    make.review(careless, "alpha/q1")  # the next one can write: no lock was left behind


def test_even_without_templates_there_are_words(careless, app, caplog):
    del app.state.renderer.env.globals["bank_title"]
    response = careless.get("/nowhere")
    assert response.status_code == 404
    assert make.h1(response.text) == "Nothing here"
    assert "There is no page at this address" in response.text
    assert "the error page itself failed" in caplog.text


def test_without_templates_what_a_user_sent_is_still_text(careless, app):
    interview = make.start(careless)
    del app.state.renderer.env.globals["bank_title"]
    response = careless.post(f"/interviews/{interview}/questions/1/answer", data={"go": "<script>1</script>"})
    assert response.status_code == 404
    assert "<script" not in response.text


def test_every_kind_of_refusal_has_a_status_of_its_own():
    kinds = GreenroomError.__subclasses__()
    assert {kind: errors.status_of(kind("words")) for kind in kinds} == errors.STATUS
    assert len(set(errors.STATUS.values())) == len(kinds)


# The database away or busy


def test_who_holds_a_lock_too_long_makes_others_say_so_and_go_on(settings):
    app = create_app(settings.model_copy(update={"lock_wait_seconds": 0.1}))
    client = TestClient(app, base_url="http://greenroom.test", follow_redirects=False)
    make.review(client, "alpha/q1")
    client.post("/review/alpha/q2/reveal")
    before = make.rows(app)
    with app.state.database.write() as connection:
        users.lock(connection, make.user_id(client))
        response = client.post("/review/alpha/q2/grade", data={"points": "1"})
        _assert_page(response, 503)
        assert "The database is busy. Nothing was changed" in _words(response.text)
    assert make.rows(app) == before
    assert client.post("/review/alpha/q2/grade", data={"points": "1"}).status_code == 303
    assert make.rows(app) != before
    app.state.database.close()


# Only SQLite can be locked as a whole from outside, so these make a database of their own.


@pytest.fixture
def locked(tmp_path, bank_folder):
    """A browser of an app on SQLite that waits a tenth of a second, and a function that locks the file."""
    settings = Settings(
        data_dir=tmp_path, bank_dir=bank_folder, secret="a secret for tests only", lock_wait_seconds=0.1
    )
    database = Database(settings)
    schema.migrate(database)
    database.close()
    app = create_app(settings)
    client = TestClient(app, base_url="http://greenroom.test", follow_redirects=False)
    with closing(sqlite3.connect(tmp_path / "greenroom.sqlite3", isolation_level=None)) as other:
        yield client, other
    app.state.database.close()


def test_a_locked_database_is_said_and_nothing_is_changed(locked):
    client, other = locked
    interview = make.start(client)
    before = make.rows(client.app)
    other.execute("BEGIN IMMEDIATE")
    for path in ("/interviews", "/review/alpha/q1/reveal", "/review/undo", f"/interviews/{interview}/submission"):
        response = client.post(path, data={"preset": "5-10", "level": ["intro", "core", "advanced"]})
        _assert_page(response, 503)
        assert "The database is busy. Nothing was changed" in _words(response.text)
    other.execute("ROLLBACK")
    assert make.rows(client.app) == before


def test_a_locked_database_says_so_in_a_part(locked):
    client, other = locked
    other.execute("BEGIN IMMEDIATE")
    response = client.post("/review/alpha/q1/reveal", headers=PART)
    assert response.status_code == 503
    assert response.text.strip().startswith('<p class="words">The database is busy')


def test_pages_can_be_read_while_somebody_writes(locked):
    client, other = locked
    interview = make.start(client)
    other.execute("BEGIN IMMEDIATE")
    for path in ("/", f"/interviews/{interview}", "/review", "/readyz"):
        assert client.get(path).status_code == 200, path


def test_after_the_lock_everything_goes_on(locked):
    client, other = locked
    other.execute("BEGIN IMMEDIATE")
    assert client.post("/review/alpha/q1/reveal").status_code == 503
    assert "greenroom" not in client.cookies, "nobody was made, so nobody is to be remembered"
    other.execute("COMMIT")
    make.review(client, "alpha/q1")


def test_one_long_write_of_our_own_makes_the_next_one_wait_and_then_say_so(locked):
    client, _ = locked
    with client.app.state.database.write():
        response = client.post("/review/alpha/q1/reveal")
        _assert_page(response, 503)
    assert client.post("/review/alpha/q1/reveal").status_code == 303


def test_a_database_that_cannot_be_opened_is_said_on_every_page(tmp_path, bank_folder):
    app = create_app(
        Settings(data_dir=tmp_path, bank_dir=bank_folder, database_url=f"sqlite:///{tmp_path}/gone/greenroom.sqlite3")
    )
    client = TestClient(app, base_url="http://greenroom.test", follow_redirects=False)
    for response in (client.get("/"), client.get("/review"), client.post("/review/alpha/q1/reveal")):
        _assert_page(response, 503)
        assert "cannot be reached" in _words(response.text)
        assert "gone" not in response.text, "where the file lies is nobody's business"
    app.state.database.close()
