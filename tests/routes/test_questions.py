"""/questions and /questions/{topic}/{slug}: the bank, its search, and one question with the user's own history."""

import re

import pytest

from tests import make

PART = {"HX-Request-Type": "partial"}
ALL = [f"{topic}/q{number}" for topic in make.TOPICS for number in (1, 2, 3, 4)]


def _search(client, headers=None, **query):
    response = client.get("/questions", params=query, headers=headers)
    assert response.status_code == 200
    return response.text


def _found(html):
    return re.findall(r'href="/questions/([a-z]+/[a-z0-9]+)"', html)


def _show(client, card):
    response = client.get(f"/questions/{card}")
    assert response.status_code == 200
    return response.text


def test_the_whole_bank_is_listed_in_the_order_of_study(ada):
    page = _search(ada)
    assert _found(page) == ALL
    assert "12 questions" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "beta 3"}, ["beta/q3"]),
        ({"q": "  BETA   3 "}, ["beta/q3"]),
        ({"q": "3 beta"}, ["beta/q3"]),
        ({"topic": "gamma"}, ["gamma/q1", "gamma/q2", "gamma/q3", "gamma/q4"]),
        ({"level": "advanced"}, ["alpha/q4", "beta/q4", "gamma/q4"]),
        ({"topic": "beta", "level": "core"}, ["beta/q2", "beta/q3"]),
        ({"q": "gamma", "topic": "beta"}, []),
        ({"q": "nonsense"}, []),
        ({"topic": "delta"}, []),
        ({"level": "impossible"}, []),
        ({"q": "\x00"}, []),
        ({"q": "%"}, []),
    ],
)
def test_search_narrows_the_list(ada, query, expected):
    assert _found(_search(ada, **query)) == expected


def test_one_match_is_not_called_matches(ada):
    assert "1 question" in make.plain(_search(ada, q="beta 3"))
    assert "1 questions" not in make.plain(_search(ada, q="beta 3"))


def test_no_match_says_what_to_try(ada):
    page = _search(ada, q="nonsense")
    assert "Nothing matches" in page
    assert "Show all questions" in page


def test_the_search_form_keeps_what_was_chosen_and_shows_it_as_text(ada):
    page = _search(ada, q='"><script>alert(1)</script>', topic="beta", level="core")
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert '<option value="beta" selected>' in page
    assert "<option selected>core</option>" in page


def test_while_somebody_types_only_the_list_is_sent(ada):
    part = _search(ada, PART, q="beta")
    assert part.strip().startswith('<div id="found">')
    assert len(_found(part)) == 4
    assert "<form" not in part


@pytest.mark.parametrize("name", ["q", "topic", "level"])
def test_a_search_of_impossible_length_is_refused_with_words(ada, name):
    assert ada.get("/questions", params={name: "a" * 100}).status_code == 200
    response = ada.get("/questions", params={name: "a" * 101})
    assert response.status_code == 422
    assert name in make.plain(response.text)


def test_a_question_shows_prompt_answer_and_key_points(ada):
    page = _show(ada, "beta/q4")
    assert make.h1(page) == "Beta 4"
    words = make.plain(page)
    assert "What is Beta 4, and when does it matter?" in words
    assert "Beta 4 is one thing and not another." in words
    assert "It matters on Mondays" in words
    assert "And on Tuesdays?" in words
    assert "https://example.org/q4" in page
    assert "assert answer" not in words, "the checks of an answer are for tests, not for users"
    assert 'href="/review?topic=beta"' in page


def test_the_answer_stays_folded_until_somebody_asks_for_it(ada):
    page = _show(ada, "beta/q4")
    folded = page[page.index("<details") : page.index("</details>")]
    assert "is one thing and not another" in folded
    assert "is one thing and not another" not in page.replace(folded, "")
    assert not re.search(r"<details[^>]* open", page)


def test_ones_own_history_comes_newest_first_with_where_it_happened(ada, time):
    assert "You have not been asked this yet" in _show(ada, "beta/q1")
    make.review(ada, "beta/q1", (), note="First <try>")
    time.forward(days=3)
    interview = make.graded_interview(ada, [1, 2, 3], count="4", scope="chosen", topic=["beta"])
    words = make.plain(_show(ada, "beta/q1").partition("Your history")[2])
    assert re.search(r"solid 100 % in a mock, 25 Nov 2026.*missed 0 % First <try> in review, 22 Nov 2026", words)
    assert interview


def test_a_grade_marks_its_question_in_the_list(ada):
    make.review(ada, "beta/q1", verdict="easy")
    [row] = re.findall(r'<a class="row" href="/questions/beta/q1">.*?</a>', _search(ada), re.DOTALL)
    assert "easy" in make.plain(row)
    assert "verdict-" not in _search(ada).replace(row, "")


def test_a_question_that_does_not_exist_is_not_found(ada):
    for path in ("/questions/alpha/q9", "/questions/delta/q1", "/questions/alpha", "/questions/alpha/q1/x"):
        response = ada.get(path)
        assert response.status_code == 404, path
        assert make.h1(response.text) == "Nothing here"


def test_questions_cannot_be_posted_to(ada):
    assert ada.post("/questions").status_code == 405
    assert ada.post("/questions/alpha/q1").status_code == 405


def test_a_stranger_sees_the_bank_but_nobodys_history(ada, cy):
    make.review(ada, "beta/q1", note="What ada noted")
    make.review(cy, "alpha/q1")
    for client in (cy, *(make.with_cookie(ada, kind) for kind in make.COOKIES_REFUSED)):
        page = _show(client, "beta/q1")
        assert "What ada noted" not in page
        assert "You have not been asked this yet" in page
        [row] = re.findall(r'<a class="row" href="/questions/beta/q1">.*?</a>', _search(client), re.DOTALL)
        assert "verdict-" not in row


def test_the_pages_take_few_statements_whatever_the_history(ada, statements):
    counts = []
    for interviews, count in [(1, "1"), (4, "10")]:
        for _ in range(interviews):
            make.graded_interview(ada, count=count)
        for path in ("/questions", "/questions/beta/q1"):
            with statements() as seen:
                ada.get(path)
            counts.append(len(seen))
            assert all(statement.lstrip().startswith("SELECT") for statement in seen), "a GET never writes"
    assert counts[:2] == counts[2:]
    assert max(counts) <= 2
