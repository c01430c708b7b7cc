"""/account: what is kept about a guest, and the way to delete it."""

import pytest

from app.tables import interviews
from tests import make

PART = {"HX-Request-Type": "partial"}


def _page(client):
    response = client.get("/account")
    assert response.status_code == 200
    return response.text


def _delete(client, headers=None, **form):
    return client.post("/account/deletion", data=form, headers=headers)


def _owners(app):
    """Who has rows in which table."""
    return {table: {row[0] for row in rows} for table, rows in make.rows(app).items()}


def _busy(client):
    """Leave a row in every table."""
    make.graded_interview(client)
    interview = make.start(client)
    make.draft(client, interview, 1, "The first text, which is long enough to be missed")
    make.draft(client, interview, 1, "Another text from a second tab, also long enough")
    make.review(client, "alpha/q1")
    client.post("/review/beta/q1/reveal", data={"text": "Said"})


def test_without_practice_nothing_is_kept_and_nothing_can_be_deleted(ada, app):
    page = _page(ada)
    assert make.h1(page) == "Your data"
    assert "0 interviews and 0 questions" in make.plain(page)
    assert "Delete" not in page
    assert not any(make.rows(app).values())


def test_the_page_counts_what_is_kept(ada):
    make.graded_interview(ada)
    make.start(ada)
    page = make.plain(_page(ada))
    assert "2 interviews and 3 questions with a grade" in page
    assert "Delete everything" in page


def test_deleting_takes_every_row_and_the_cookie(ada, cy, app):
    _busy(ada)
    _busy(cy)
    me, other = make.user_id(ada), make.user_id(cy)
    assert all(owners == {me, other} for owners in _owners(app).values()), _owners(app)
    response = _delete(ada, sure="yes")
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert all(owners == {other} for owners in _owners(app).values())
    assert response.headers["clear-site-data"] == '"storage"', "copies of answers in the browser go as well"
    assert "greenroom" not in ada.cookies
    assert make.h1(ada.get("/").text) == "Rehearse your technical interview"


def test_deleting_from_a_part_sends_the_browser_to_the_start_page(ada):
    make.start(ada)
    response = _delete(ada, PART, sure="yes")
    assert (response.status_code, response.headers["hx-redirect"]) == (204, "/")
    assert "greenroom" not in ada.cookies


@pytest.mark.parametrize("form", [{}, {"sure": ""}, {"sure": "no"}, {"sure": "YES"}, {"sure": "yesyesyesyes"}])
def test_without_the_tick_nothing_is_deleted(ada, app, form):
    _busy(ada)
    before = make.rows(app)
    response = _delete(ada, **form)
    assert response.status_code == 422
    assert make.rows(app) == before
    assert ada.get("/account").status_code == 200
    assert "greenroom" in ada.cookies


def test_the_forgotten_tick_is_asked_for_beside_the_button(ada):
    make.start(ada)
    page = _delete(ada).text
    assert "Tick the box to say that you mean it" in page
    assert make.h1(page) == "Your data"
    assert 'name="sure"' in page


@pytest.mark.parametrize("kind", make.COOKIES_REFUSED)
def test_somebody_without_a_valid_cookie_deletes_nothing(ada, app, kind):
    _busy(ada)
    before = make.rows(app)
    response = _delete(make.with_cookie(ada, kind), sure="yes")
    assert response.status_code == 401
    assert make.rows(app) == before


def test_a_stranger_sees_and_deletes_only_their_own(ada, cy, app):
    _busy(ada)
    make.start(cy)
    assert "1 interview and 0 questions" in make.plain(_page(cy))
    _delete(cy, sure="yes")
    assert _owners(app)["users"] == {make.user_id(ada)}
    assert "2 interviews" in make.plain(_page(ada))


def test_a_tab_left_open_after_the_deletion_does_no_harm(ada, app):
    # It still has the cookie of a user that is gone: nothing of theirs may come back, and nothing may break.
    interview = make.start(ada)
    make.review(ada, "alpha/q1")
    ada.post("/review/alpha/q2/reveal")
    tab = make.tab(ada)
    _delete(ada, sure="yes")
    assert make.draft(tab, interview, 1, "Too late").status_code == 404
    assert tab.post("/review/alpha/q2/grade", data={"points": ["1"]}).status_code == 303
    assert tab.post("/review/undo").status_code == 303
    assert _delete(tab, sure="yes").status_code == 303
    assert not any(make.rows(app).values())


def test_a_tab_left_open_can_begin_anew(ada, app):
    make.start(ada)
    tab = make.tab(ada)
    me = make.user_id(ada)
    _delete(ada, sure="yes")
    make.graded_interview(tab)
    assert _owners(app)["users"] == {me}


def test_deleting_twice_at_once_is_harmless(ada, app):
    _busy(ada)
    tabs = [make.tab(ada), make.tab(ada)]
    answers = make.at_once(*(lambda tab=tab: _delete(tab, sure="yes") for tab in tabs))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert not any(make.rows(app).values())


def test_wrong_methods_are_refused(ada, app):
    make.start(ada)
    before = make.rows(app)
    assert ada.get("/account/deletion", params={"sure": "yes"}).status_code == 405
    assert ada.post("/account").status_code == 405
    assert ada.delete("/account").status_code == 405
    assert make.rows(app) == before


def test_a_guest_who_only_looked_at_an_answer_can_delete_that_too(ada, app):
    ada.post("/review/alpha/q1/reveal", data={"text": "What I typed is kept, so it must be possible to delete it"})
    assert 'action="/account/deletion"' in _page(ada)
    _delete(ada, sure="yes")
    assert not any(make.rows(app).values())


def test_more_interviews_than_a_list_shows_are_counted_right(ada, app):
    make.start(ada)
    with app.state.database.write() as connection:
        for number in range(220):
            interviews.add(connection, make.user_id(ada), make.asked(f"x{number:09}", count=1))
    assert "221 interviews" in make.plain(_page(ada))
