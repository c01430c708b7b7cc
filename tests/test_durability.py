"""Nothing acknowledged is lost: a real server is killed with signal 9 between and during saves, and started again."""

import itertools
import os
import signal
import sqlite3
import stat
import threading
from contextlib import contextmanager

import httpx2
import pytest

from tests import make
from tests.processes import PATIENCE, server, until, workers

WAIT = httpx2.Timeout(30)
POEM = "Zwölf Boxkämpfer\n\n  – jagen <Viktor> & 🙂"


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def serve(data_dir, bank_folder):
    """`with serve() as running:` a server on the same data folder each time, with the secret it keeps there."""
    return lambda *arguments, port=0: server(*arguments, port=port, data_dir=data_dir, bank_dir=bank_folder)


@contextmanager
def browser(running, cookies=None):
    """A browser at the running server. Each one opens connections of its own; cookies are what it had before."""
    with httpx2.Client(base_url=running.url, cookies=cookies, timeout=WAIT, follow_redirects=False) as client:
        yield client


def stored(client, interview, number):
    """The text in the answer box of a question, as the page shows it after a reload."""
    page = client.get(f"/interviews/{interview}/questions/{number}")
    assert page.status_code == 200, page.text
    return make.textarea(page.text)


def revision(client, interview, number):
    return make.revision(client.get(f"/interviews/{interview}/questions/{number}").text)


def test_a_kill_between_two_saves_loses_nothing_and_the_cookie_stays_good(serve):
    with serve() as running:
        with browser(running) as ada:
            interview = make.start(ada)
            assert make.draft(ada, interview, 1, "first").status_code == 200
            assert make.draft(ada, interview, 1, "first and second", 1).status_code == 200
            assert make.draft(ada, interview, 2, POEM, confidence="certain").status_code == 200
            assert make.answer(ada, interview, 3, "answered", go="1").status_code == 303
            cookies = dict(ada.cookies)
        running.kill()
    with serve(port=running.port) as running, browser(running, cookies) as ada:
        assert ada.get("/readyz").status_code == 200
        assert stored(ada, interview, 1) == "first and second"
        assert stored(ada, interview, 2) == POEM
        assert stored(ada, interview, 3) == "answered"
        assert "set-cookie" not in ada.get(f"/interviews/{interview}").headers, "the old cookie needs no new one"
        assert make.draft(ada, interview, 1, "first, second and third", 2).status_code == 200
        assert stored(ada, interview, 1) == "first, second and third"


def save_until_the_server_is_gone(client, interview, acknowledged, under_way):
    """Save one longer text after the other to three questions in turn; note each when it is sent and when answered."""
    texts = {number: stored(client, interview, number) for number in (1, 2, 3)}
    revisions = {number: revision(client, interview, number) for number in (1, 2, 3)}
    for turn in itertools.count():
        number = turn % 3 + 1
        texts[number] += f"{turn} " * 20
        under_way[number] = texts[number]
        try:
            response = make.draft(client, interview, number, texts[number], revisions[number])
        except httpx2.TransportError:
            return
        assert response.status_code == 200, response.text
        revisions[number] += 1
        acknowledged.append((number, texts[number]))


@pytest.mark.parametrize("saves", [1, 8, 40])
def test_a_kill_during_saves_loses_nothing_that_was_acknowledged(serve, data_dir, saves):
    acknowledged, under_way = [], {}
    with serve() as running, browser(running) as ada:
        interview = make.start(ada)
        cookies = dict(ada.cookies)
        arguments = (ada, interview, acknowledged, under_way)
        typing = threading.Thread(target=save_until_the_server_is_gone, args=arguments)
        typing.start()
        try:
            until(lambda: len(acknowledged) >= saves or not typing.is_alive(), f"{saves} saves")
        finally:
            running.kill()
            typing.join(PATIENCE)
    assert len(acknowledged) >= saves
    with serve(port=running.port) as running, browser(running, cookies) as ada:
        for number, text in dict(acknowledged).items():
            # The last save may have been stored without its answer getting out; nothing before it may be missing.
            assert stored(ada, interview, number) in (text, under_way[number])
        running.kill()
    assert intact(data_dir)


def intact(data_dir):
    connection = sqlite3.connect(data_dir / "greenroom.sqlite3")
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def test_the_secret_is_kept_in_a_file_that_only_its_owner_can_read(serve, data_dir):
    with serve() as running:
        path = data_dir / "secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        first = path.read_text()
        assert len(first) >= 32
        assert sorted(file.name.partition(".")[0] for file in data_dir.iterdir() if "sqlite" not in file.name) == [
            "secret"
        ]
        running.kill()
    with serve():
        assert path.read_text() == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@contextmanager
def stopped(process_id):
    """The process stands still: it takes no request, and gives none back to others."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


def test_two_workers_answer_the_same_session(serve):
    with serve("--workers", "2") as running:
        supervisor = running.process.pid
        first, second = until(lambda: len(found := workers(supervisor)) == 2 and found, "two workers")
        with stopped(supervisor):  # it would replace a worker that stands still
            with stopped(second), browser(running) as ada:
                interview = make.start(ada)
                assert make.draft(ada, interview, 1, "by the first").status_code == 200
                cookies = dict(ada.cookies)
            with stopped(first), browser(running, cookies) as ada:
                assert stored(ada, interview, 1) == "by the first"
                assert make.draft(ada, interview, 1, "by the second", 1).status_code == 200
            with stopped(second), browser(running, cookies) as ada:
                assert stored(ada, interview, 1) == "by the second"
                make.submit(ada, interview)
            with stopped(first), browser(running, cookies) as ada:
                assert make.draft(ada, interview, 1, "too late", 2).status_code == 409
                assert make.grade(ada, interview, 1, [1]).status_code == 303
