"""GET /progress: what all the practice so far adds up to."""

import re

from tests import make


def _page(client):
    response = client.get("/progress")
    assert response.status_code == 200
    return response.text


def _figures(html):
    boxes = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return {name: make.plain(value) for name, value in boxes}


def _section(html, title):
    """What stands under a heading, as text."""
    return make.plain(html.partition(f">{title}</h2>")[2].partition("</section>")[0])


def _graded(client, points, sure="", **form):
    """An interview of one question, answered, handed in and graded."""
    interview = make.start(client, count="1", **form)
    make.answer(client, interview, 1, "An answer", confidence=sure)
    make.submit(client, interview)
    make.grade(client, interview, 1, points)
    return interview


def test_without_practice_the_page_says_how_to_begin(ada):
    page = _page(ada)
    assert make.h1(page) == "Progress"
    assert "Nothing to show yet" in page
    assert 'href="/interviews/new"' in page


def test_the_average_counts_exams_only(ada):
    _graded(ada, [1, 2, 3])
    _graded(ada, [1])
    _graded(ada, [], mode="relaxed")
    assert _figures(_page(ada))["Average in exams"] == "75 %"


def test_relaxed_mocks_alone_give_no_average(ada):
    _graded(ada, [1, 2, 3], mode="relaxed")
    assert _figures(_page(ada))["Average in exams"] == "–"


def test_a_mock_that_is_not_graded_yet_has_no_score_and_does_not_count(ada):
    _graded(ada, [1, 2, 3])
    interview = make.start(ada, count="1")
    make.answer(ada, interview, 1, "An answer")
    make.submit(ada, interview)
    page = _page(ada)
    assert _figures(page)["Average in exams"] == "100 %"
    assert "open exam" in _section(page, "Mocks")


def test_unanswered_questions_count_as_zero_without_a_grade(ada):
    interview = make.start(ada, count="2")
    make.answer(ada, interview, 1, "An answer")
    make.submit(ada, interview)
    make.grade(ada, interview, 1, [1, 2, 3])
    assert _figures(_page(ada))["Average in exams"] == "50 %"


def test_mocks_come_newest_first_with_score_and_conditions(ada, time):
    old = _graded(ada, [1])
    time.forward(days=2)
    new = _graded(ada, [1, 2, 3], mode="relaxed")
    page = _page(ada)
    assert re.findall(r'href="/interviews/([a-z0-9]{10})/report"', page) == [new, old]
    assert re.search(r"24 Nov 2026.* 100 % relaxed 22 Nov 2026.* 50 % exam", _section(page, "Mocks"))


def test_the_bank_covered_counts_questions_not_answers(ada):
    make.review(ada, "alpha/q1")
    make.review(ada, "alpha/q1")
    make.review(ada, "beta/q2", ())
    page = _page(ada)
    assert _figures(page)["Bank covered"] == "2 of 12"
    assert re.search(r"Alpha 25 % 1 of 4", _section(page, "Strength by topic"))
    assert "No mock yet" in page


def test_calibration_sets_what_was_said_against_what_came(ada):
    # (0.95 - 1)² + (0.95 - 0)² + (0.25 - 0)² over three is 0.3225: worse than a coin.
    _graded(ada, [1, 2, 3], "certain")
    _graded(ada, [], "certain")
    _graded(ada, [], "guessing")
    _graded(ada, [], "")
    page = _page(ada)
    assert _figures(page)["Calibration"] == "0.32"
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    assert {name: make.plain(cells) for name, cells in rows} == {
        "Guessing": "1 25 % 0 %",
        "Unsure": "0 50 % –",
        "Fairly sure": "0 75 % –",
        "Certain": "2 95 % 50 %",
    }


def test_confidence_from_reviews_counts_as_well(ada):
    make.review(ada, "alpha/q1", confidence="unsure")
    assert _figures(_page(ada))["Calibration"] == "0.25"


def test_a_stranger_sees_none_of_it(ada, cy):
    interview = _graded(ada, [1, 2, 3], "certain")
    _graded(cy, [])
    page = _page(cy)
    assert _figures(page)["Average in exams"] == "0 %"
    assert interview not in page
    for kind in make.COOKIES_REFUSED:
        assert "Nothing to show yet" in _page(make.with_cookie(ada, kind))


def test_the_page_cannot_be_posted_to_and_has_no_parts(ada):
    assert ada.post("/progress").status_code == 405
    assert ada.get("/progress", headers={"HX-Request-Type": "partial"}).text.startswith("<!doctype html>")


def test_what_follows_the_address_is_not_looked_at(ada):
    assert ada.get("/progress", params={"round": "x" * 500}).status_code == 200
    assert ada.get("/progress/more").status_code == 404


def test_the_page_takes_few_statements_whatever_the_history(ada, statements):
    make.graded_interview(ada, count="1")
    with statements() as first:
        _page(ada)
    for _ in range(4):
        make.graded_interview(ada, count="10")
    with statements() as later:
        _page(ada)
    assert 0 < len(later) <= 8
    assert len(later) == len(first)
    assert all(statement.lstrip().startswith("SELECT") for statement in later), "a GET never writes"
