"""/interviews/{id}/debrief, …/grade and …/report: self-grading after hand-in, and what one interview showed."""

import re
from datetime import timedelta

import pytest

from app.tables import cards, topics
from tests import make

PARTIAL = {"HX-Request-Type": "partial"}


def _answered(client, count=3, **form):
    """An interview with an answer to each question, handed in."""
    interview = make.start(client, count=str(count), **form)
    for number in range(1, count + 1):
        make.answer(client, interview, number, f"answer {number}")
    make.submit(client, interview)
    return interview


def _debrief(client, interview, item=None):
    page = client.get(f"/interviews/{interview}/debrief" + (f"?item={item}" if item else ""))
    assert page.status_code == 200, page.text
    return page.text


def _report(client, interview):
    page = client.get(f"/interviews/{interview}/report")
    assert page.status_code == 200, page.text
    return page.text


def _plain(html):
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def _figure(html, name):
    """What a report says beside one of its four names."""
    return _plain(re.search(rf"<dt>{name}</dt>(.*?)</div>", html, re.DOTALL)[1]).strip()


def _lines(html):
    """The report's table, a list of cells per question."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    found = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[_plain(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)] for line in found]


def _ticked(html, name="points"):
    return re.findall(rf'name="{name}" value="([^"]*)"[^>]* checked', html)


def _counts(app):
    """How many rows there are of what a grade changes."""
    rows = make.rows(app)
    return {table: len(rows[table]) for table in ("grades", "cards", "topic_scores")}


def _without_owner(rows):
    """Rows of what grades lead to, without the user (and, for grades, the interview) they belong to."""
    return {
        "cards": sorted(row[1:] for row in rows["cards"]),
        "topic_scores": sorted(row[1:] for row in rows["topic_scores"]),
        "grades": sorted(row[1:4] + row[5:] for row in rows["grades"]),
    }


# The debrief


@pytest.mark.parametrize("path", ["debrief", "report"])
def test_before_hand_in_debrief_and_report_lead_back_to_the_room(ada, path):
    interview = make.start(ada)
    page = ada.get(f"/interviews/{interview}/{path}")
    assert (page.status_code, page.headers["location"]) == (303, f"/interviews/{interview}")
    part = ada.get(f"/interviews/{interview}/{path}", headers=PARTIAL)
    assert (part.status_code, part.headers["hx-redirect"]) == (204, f"/interviews/{interview}")


def test_the_debrief_shows_ones_own_answer_beside_the_model_answer(ada):
    interview = make.start(ada)
    make.answer(ada, interview, 1, "what <b>I</b> said\n  and how", confidence="unsure")
    make.submit(ada, interview)
    page = _debrief(ada, interview)
    assert "what &lt;b&gt;I&lt;/b&gt; said\n  and how" in page
    assert "you were unsure" in page
    assert "is one thing and not another. That is enough to know." in page
    assert re.findall(r'name="points" value="(\d)"', page) == ["1", "2", "3"]
    assert re.findall(r'name="verdict" value="(\w+)"', page) == ["missed", "shaky", "solid", "easy"]
    assert "And on Tuesdays?" in page
    assert ">Save grade<" in page
    assert page.count("<h1") == 1
    assert page.count("</textarea>") == 1
    assert "You left this one blank" in _debrief(ada, interview, 2)


def test_the_debrief_opens_at_the_first_question_without_a_grade(ada):
    interview = _answered(ada)
    assert "answer 1" in _debrief(ada, interview)
    make.grade(ada, interview, 1, [1])
    page = _debrief(ada, interview)
    assert "answer 2" in page
    assert "1 of 3 graded" in page


def test_any_question_can_be_opened_in_the_debrief(ada):
    interview = _answered(ada)
    page = _debrief(ada, interview, 3)
    assert "answer 3" in page
    assert "answer 1" not in page
    part = ada.get(f"/interviews/{interview}/debrief?item=3", headers=PARTIAL)
    assert part.text.lstrip().startswith("<title>Debrief")
    assert "answer 3" in part.text
    assert "<main" not in part.text


def test_a_question_that_does_not_exist_cannot_be_opened_in_the_debrief(ada):
    interview = _answered(ada)
    for item, status in (("4", 404), ("1000", 404), ("0", 422), ("-1", 422), ("abc", 422), ("9" * 30, 422)):
        for headers in ({}, PARTIAL):
            page = ada.get(f"/interviews/{interview}/debrief?item={item}", headers=headers)
            assert page.status_code == status, item
            assert '<p class="words">' in page.text


def test_a_grade_shows_again_where_it_was_given(ada):
    interview = _answered(ada)
    make.grade(ada, interview, 1, [1, 3], verdict="easy", note="say “Monday”\nfirst")
    page = _debrief(ada, interview, 1)
    assert _ticked(page) == ["1", "3"]
    assert _ticked(page, "verdict") == ["easy"]
    assert make.textarea(page, "note") == "say “Monday”\nfirst"


def test_an_exam_opened_a_week_late_ended_at_its_deadline_with_the_last_saved_text(ada, time):
    interview = make.start(ada)
    time.forward(minutes=4)
    make.draft(ada, interview, 1, "the last saved text")
    time.forward(days=7)
    room = ada.get(f"/interviews/{interview}")
    assert (room.status_code, room.headers["location"]) == (303, f"/interviews/{interview}/debrief")
    assert "the last saved text" in _debrief(ada, interview)
    report = _report(ada, interview)
    assert _figure(report, "Time") == "10 min of 10 min"
    assert _lines(report)[0][3].startswith("10 min of ")
    assert "running" not in ada.get("/interviews").text


def test_grading_an_exam_that_was_never_handed_in_ends_it_at_its_deadline(ada, time):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "all I had")
    time.forward(days=7)
    assert make.grade(ada, interview, 1, [1]).status_code == 303
    assert make.stored(ada, interview).clock.submitted_at == make.NOON + timedelta(minutes=10)
    assert _figure(_report(ada, interview), "Time") == "10 min of 10 min"


# Grading


def test_a_grade_leads_to_the_next_question_and_the_last_one_to_the_report(ada):
    interview = _answered(ada)
    first = make.grade(ada, interview, 1, [1])
    assert (first.status_code, first.headers["location"]) == (303, f"/interviews/{interview}/debrief?item=2")
    last_of_all = make.grade(ada, interview, 3, [1])  # 2 still waits
    assert last_of_all.headers["location"] == f"/interviews/{interview}/debrief?item=2"
    last = make.grade(ada, interview, 2, [1])
    assert (last.status_code, last.headers["location"]) == (303, f"/interviews/{interview}/report")


def test_htmx_gets_the_next_question_to_grade_and_after_the_last_one_the_report(ada):
    interview = _answered(ada, count=2)
    path = f"/interviews/{interview}/questions"
    part = ada.post(f"{path}/1/grade", data={"points": ["1", "2"]}, headers=PARTIAL)
    assert part.status_code == 200
    assert part.headers["hx-push-url"] == f"/interviews/{interview}/debrief?item=2"
    assert "answer 2" in part.text
    assert "1 of 2 graded" in part.text
    assert ">Undo<" in part.text
    assert "<main" not in part.text
    last = ada.post(f"{path}/2/grade", data={"points": "1"}, headers=PARTIAL)
    assert (last.status_code, last.headers["hx-redirect"]) == (204, f"/interviews/{interview}/report")


@pytest.mark.parametrize(
    ("points", "score", "verdict"),
    [
        ([], "0 %", "missed"),
        ([2], "25 %", "missed"),
        ([1], "50 %", "shaky"),
        ([2, 3], "50 %", "shaky"),
        ([1, 2], "75 %", "solid"),
        ([1, 2, 3], "100 %", "solid"),
        ([1, 1, 1], "50 %", "shaky"),
    ],
)
def test_the_ticks_propose_the_verdict(ada, points, score, verdict):
    interview = _answered(ada)
    make.grade(ada, interview, 1, points)
    assert _lines(_report(ada, interview))[0][1:3] == [verdict, score]


def test_more_than_one_and_a_half_times_the_budget_is_not_solid(ada, time):
    interview = make.start(ada, mode="relaxed", level="intro", count="2")  # 90 s each
    time.forward(seconds=135)
    make.answer(ada, interview, 1, "in time")
    time.forward(seconds=136)
    make.answer(ada, interview, 2, "a second too long")
    make.submit(ada, interview)
    for number in (1, 2):
        make.grade(ada, interview, number, [1, 2, 3])
    assert [line[1] for line in _lines(_report(ada, interview))] == ["solid", "shaky"]


@pytest.mark.parametrize("verdict", ["missed", "shaky", "solid", "easy"])
def test_another_verdict_than_the_proposed_one_is_stored_as_an_override(ada, verdict):
    interview = _answered(ada)
    make.grade(ada, interview, 1, [1], verdict=verdict)
    assert _lines(_report(ada, interview))[0][1] == ("shaky" if verdict == "shaky" else f"{verdict} proposed shaky")


def test_a_grade_changes_grade_card_and_topic_score_together(ada, app):
    interview = _answered(ada, count=1)
    assert _counts(app) == {"grades": 0, "cards": 0, "topic_scores": 0}
    make.grade(ada, interview, 1, [1, 2])
    assert _counts(app) == {"grades": 1, "cards": 1, "topic_scores": 1}
    topic = make.stored(ada, interview).item(1).topic
    assert "75 %" in ada.get(f"/topics/{topic}").text


def test_grading_a_running_interview_is_refused_and_stores_nothing(ada, app, time):
    for mode, minutes in (("exam", 9), ("relaxed", 90)):
        interview = make.start(ada, mode=mode)
        make.draft(ada, interview, 1, "text")
        before = make.rows(app)
        time.forward(minutes=minutes)
        for headers in ({}, PARTIAL):
            page = ada.post(f"/interviews/{interview}/questions/1/grade", data={"points": "1"}, headers=headers)
            assert page.status_code == 409
            assert "This interview is still running" in page.text
            assert "is one thing and not another" not in page.text  # nor is the model answer given away
            assert ("<main" in page.text) == (not headers)
        assert make.rows(app) == before


def test_a_key_point_of_another_question_is_refused_and_the_form_comes_back(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    for foreign in ("0", "4", "-1", "99", "9999", "1.0", "x", "²", "٣", "1; DROP TABLE grades", ""):
        for headers in ({}, PARTIAL):
            form = {"points": ["1", "3", foreign], "verdict": "easy", "note": "my note"}
            page = ada.post(f"/interviews/{interview}/questions/2/grade", data=form, headers=headers)
            assert page.status_code == 422, foreign
            assert "does not belong to this question" in page.text
            assert "answer 2" in page.text
            assert _ticked(page.text) == ["1", "3"]
            assert _ticked(page.text, "verdict") == ["easy"]
            assert make.textarea(page.text, "note") == "my note"
            assert ("<main" in page.text) == (not headers)
    assert make.rows(app) == before


def test_more_points_than_any_question_has_are_refused(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    assert make.grade(ada, interview, 1, [1] * 21).status_code == 422
    assert make.rows(app) == before


def test_a_verdict_outside_the_four_is_refused_and_the_form_comes_back(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    for verdict in ("good", "Easy", "1", "solid ", "missed,easy", "\x00"):
        for headers in ({}, PARTIAL):
            form = {"points": ["1", "2"], "verdict": verdict, "note": "my note"}
            page = ada.post(f"/interviews/{interview}/questions/1/grade", data=form, headers=headers)
            assert page.status_code == 422, verdict
            assert "The verdict is one of missed, shaky, solid or easy" in page.text
            assert _ticked(page.text) == ["1", "2"]
            assert make.textarea(page.text, "note") == "my note"
            assert ("<main" in page.text) == (not headers)
    assert make.rows(app) == before


def test_a_note_too_long_is_refused_and_comes_back(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    for length in (2001, 1024 * 1024):
        page = make.grade(ada, interview, 1, [1], note="n" * length)
        assert page.status_code == 422
        assert f"A note may have 2000 characters; this one has {length}" in page.text
        assert make.textarea(page.text, "note") == "n" * length
    assert make.rows(app) == before
    assert make.grade(ada, interview, 1, [1], note="n" * 2000).status_code == 303


def test_a_grade_of_five_megabytes_is_refused_with_words(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    page = make.grade(ada, interview, 1, [1], note="n" * 5 * 1024 * 1024)
    assert page.status_code == 413
    assert "larger than anything Greenroom takes" in page.text
    assert make.rows(app) == before


def test_nul_and_lone_surrogates_in_a_note_are_replaced(ada, cy):
    interview = _answered(ada)
    path = f"/interviews/{interview}/questions"
    assert make.multipart(ada, f"{path}/1/grade", "unicode_escape", note=b"a\\x00b\\ud800c", points="1").is_redirect
    assert make.textarea(_debrief(ada, interview, 1), "note") == "a\ufffdb\ufffdc"
    encoded = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ada.post(f"{path}/2/grade", content=b"note=a%00b%ED%A0%80&points=1", headers=encoded).is_redirect
    assert make.textarea(_debrief(ada, interview, 2), "note").startswith("a\ufffdb\ufffd")
    # A driver that broke off in the middle of such a text would now give others the wrong rows.
    for browser in (ada, cy):
        assert browser.get("/interviews").status_code == 200
        make.start(browser)


def test_lone_surrogates_in_a_form_that_is_refused_come_back_as_well_as_they_can(ada, app):
    interview = _answered(ada)
    before = make.rows(app)
    path = f"/interviews/{interview}/questions/1/grade"
    page = make.multipart(ada, path, "unicode_escape", note=b"my \\ud800 note", points="9")
    assert page.status_code == 422
    assert make.textarea(page.text, "note").startswith("my ")
    assert make.rows(app) == before


# Once, and corrected


def test_a_grade_that_is_sent_twice_counts_once(ada, app, time):
    interview = _answered(ada)
    assert make.grade(ada, interview, 1, [1, 2], note="n").status_code == 303
    before = make.rows(app)
    time.forward(minutes=2)
    again = make.grade(ada, interview, 1, [1, 2], note="n")
    assert (again.status_code, again.headers["location"]) == (303, f"/interviews/{interview}/debrief?item=2")
    assert make.rows(app) == before


def test_a_grade_that_is_sent_twice_at_once_counts_once(ada, app):
    interview = _answered(ada, count=4)
    tabs = [make.tab(ada), make.tab(ada)]
    for number in range(1, 5):
        responses = make.at_once(
            *[lambda tab=tab, number=number: make.grade(tab, interview, number, [1, 2]) for tab in tabs]
        )
        assert {response.status_code for response in responses} == {303}
    rows = make.rows(app)
    assert len(rows["grades"]) == len(rows["cards"]) == 4
    with app.state.database.read() as connection:
        assert {card.reps for card in cards.of_user(connection, make.user_id(ada)).values()} == {1}
        assert sum(score.answered for score in topics.scores(connection, make.user_id(ada)).values()) == 4


def test_grades_of_two_interviews_given_at_once_count_both(ada, app):
    # The same questions in both: the same cards and the same topic scores are at stake, twelve times.
    same = {"count": 12, "seed": "1"}
    interviews = _answered(ada, **same), _answered(ada, **same)
    tabs = [make.tab(ada), make.tab(ada)]
    for number in range(1, 13):
        responses = make.at_once(
            *[
                lambda tab=tab, interview=interview, number=number: make.grade(tab, interview, number, [1])
                for tab, interview in zip(tabs, interviews, strict=True)
            ]
        )
        assert {response.status_code for response in responses} == {303}
    with app.state.database.read() as connection:
        assert [card.reps for card in cards.of_user(connection, make.user_id(ada)).values()] == [2] * 12
        scores = topics.scores(connection, make.user_id(ada))
    assert {(score.answered, score.earned, score.possible) for score in scores.values()} == {(8, 16, 32)}


def test_grading_again_corrects_the_grade_as_if_the_first_had_never_been(ada, cy, app):
    same = {"seed": "3", "count": 3}
    interview = _answered(ada, **same)
    make.grade(ada, interview, 1, [], note="too harsh")
    make.grade(ada, interview, 2, [1])
    make.grade(ada, interview, 1, [1, 2, 3], verdict="easy", note="fair")
    corrected = make.rows(app)
    assert ada.post("/account/deletion", data={"sure": "yes"}).status_code == 303
    interview = _answered(cy, **same)
    make.grade(cy, interview, 1, [1, 2, 3], verdict="easy", note="fair")
    make.grade(cy, interview, 2, [1])
    assert _without_owner(make.rows(app)) == _without_owner(corrected)
    assert len(corrected["grades"]) == 2


def test_a_corrected_grade_keeps_the_moment_at_which_it_was_given(ada, app, time):
    interview = _answered(ada)
    make.grade(ada, interview, 1, [1])
    time.forward(days=3)
    make.grade(ada, interview, 1, [1, 2, 3])
    with app.state.database.read() as connection:
        (card,) = cards.of_user(connection, make.user_id(ada)).values()
    assert card.reviewed_at == make.NOON
    assert (card.reps, card.score) == (1, 100)


def test_grading_again_when_everything_is_graded_leads_back_to_the_report(ada):
    interview = make.graded_interview(ada, points=[1])
    again = make.grade(ada, interview, 2, [1, 2, 3])
    assert again.headers["location"] == f"/interviews/{interview}/report"
    assert _figure(_report(ada, interview), "Score") == "67 %"


def test_the_last_grade_can_be_undone_from_debrief_and_report(ada, app):
    interview = _answered(ada, count=2)
    before = make.rows(app)
    make.grade(ada, interview, 1, [1])
    for path in ("debrief", "report"):
        assert ">Undo<" in ada.get(f"/interviews/{interview}/{path}").text
    undone = ada.post("/review/undo")
    assert undone.headers["location"] == f"/interviews/{interview}/debrief?item=1"
    after = make.rows(app)
    assert {name: after[name] for name in ("grades", "cards", "topic_scores")} == {
        name: before[name] for name in ("grades", "cards", "topic_scores")
    }


def test_grading_needs_no_more_than_nine_statements(ada, statements):
    # The first grade ever, then one in a topic that has a score, then one of a question that has a card.
    for _ in range(2):
        interview = _answered(ada, count=3, scope="chosen", topic="alpha", seed="5")
        for number in (1, 2, 3):
            with statements() as seen:
                assert make.grade(ada, interview, number, [1, 2]).status_code == 303
            assert 0 < len(seen) <= 9, seen


# The report


def test_the_score_is_the_mean_of_all_questions_and_what_is_unanswered_counts_nothing(ada):
    interview = make.start(ada, count="4")
    for number in (1, 2, 3):
        make.answer(ada, interview, number, f"answer {number}")
    make.submit(ada, interview)
    for number, points in ((1, [1, 2, 3]), (2, [1, 2]), (3, [1])):
        make.grade(ada, interview, number, points)
    report = _report(ada, interview)
    assert _figure(report, "Score") == "56 %"  # (100 + 75 + 50 + 0) / 4
    assert _figure(report, "Answered") == "3 of 4"
    assert [line[1:3] for line in _lines(report)] == [
        ["solid", "100 %"],
        ["solid", "75 %"],
        ["shaky", "50 %"],
        ["unanswered", "0 %"],
    ]


def test_the_report_says_how_many_answers_still_wait_for_a_grade(ada):
    interview = _answered(ada)
    make.grade(ada, interview, 1, [1])
    report = _report(ada, interview)
    assert "Report, 2 answers still to grade" in report
    assert [line[1] for line in _lines(report)] == ["shaky", "to grade", "to grade"]
    assert f'href="/interviews/{interview}/debrief"' in report


def test_a_report_without_any_grade_has_no_score(ada):
    interview = _answered(ada)
    assert _figure(_report(ada, interview), "Score") == "–"


def test_the_report_gives_each_topic_its_own_score(ada):
    interview = _answered(ada, count=3)  # one of each topic
    asked = [item.topic for item in make.stored(ada, interview).items]
    assert set(asked) == {"alpha", "beta", "gamma"}
    for number, points in ((1, [1, 2, 3]), (2, [1]), (3, [])):
        make.grade(ada, interview, number, points)
    standings = re.findall(r'href="/topics/(\w+)">.*?class="figure">([\d ]+%)', _report(ada, interview), re.DOTALL)
    assert standings == [(asked[2], "0 %"), (asked[1], "50 %"), (asked[0], "100 %")]  # the weakest first


def test_overtime_and_pauses_are_printed_in_the_report(ada, time):
    interview = make.start(ada, mode="relaxed", minutes="30")
    for minutes in (3, 4):
        time.forward(minutes=10)
        ada.post(f"/interviews/{interview}/pause")
        time.forward(minutes=minutes)
        ada.post(f"/interviews/{interview}/resumption")
    time.forward(minutes=16)
    make.submit(ada, interview)
    report = _report(ada, interview)
    assert _figure(report, "Time") == "36 min of 30 min, 6 min over, 2 pauses, 7 min paused"
    assert "Relaxed ·" in report


def test_an_interview_without_pauses_and_overtime_says_nothing_of_them(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=8)
    make.submit(ada, interview)
    assert _figure(_report(ada, interview), "Time") == "8 min of 10 min"


def test_the_time_on_each_question_stands_against_its_budget_and_adds_up(ada, time):
    interview = make.start(ada, level="intro", minutes="20")  # 90 s each
    for number, seconds in ((1, 60), (2, 91), (3, 149)):
        time.forward(seconds=seconds)
        make.answer(ada, interview, number, "text", go="submission" if number == 3 else "next")
    report = _report(ada, interview)
    assert [line[3] for line in _lines(report)] == [
        "1 min of 1 min 30 s",
        "1 min 31 s of 1 min 30 s",
        "2 min 29 s of 1 min 30 s",
    ]
    assert _figure(report, "Time") == "5 min of 20 min"
    assert "over budget" not in _debrief(ada, interview, 1)
    assert "over budget" in _debrief(ada, interview, 2)


def test_errors_made_with_high_confidence_stand_before_everything_else(ada):
    interview = make.start(ada)
    for number, sure in ((1, "certain"), (2, "certain"), (3, "guessing")):
        make.answer(ada, interview, number, "text", confidence=sure)
    make.submit(ada, interview)
    for number, points in ((1, [1, 2, 3]), (2, []), (3, [])):
        make.grade(ada, interview, number, points)
    report = _report(ada, interview)
    listed = re.search(r"Sure but wrong</h2>.*?<ul>(.*?)</ul>", report, re.DOTALL)[1]
    assert re.findall(r"item=(\d)", listed) == ["2"]
    assert report.index("Sure but wrong") < report.index("By topic") < report.index("Question by question")
    # Brier: 0.95 for all of it, 0.95 for nothing, 0.25 for nothing.
    assert _figure(report, "Calibration").startswith("0.32")


def test_the_report_is_a_whole_page_for_htmx_too(ada):
    interview = make.graded_interview(ada)
    page = ada.get(f"/interviews/{interview}/report", headers=PARTIAL)
    assert page.status_code == 200
    assert "<main" in page.text


@pytest.mark.parametrize("path", ["debrief", "report"])
def test_a_page_sends_as_many_statements_for_many_questions_and_interviews_as_for_one(ada, statements, path):
    few = make.graded_interview(ada, count="1")
    with statements() as with_few:
        assert ada.get(f"/interviews/{few}/{path}").status_code == 200
    for _ in range(5):
        many = make.graded_interview(ada, count="6")
    with statements() as with_many:
        assert ada.get(f"/interviews/{many}/{path}").status_code == 200
    assert 0 < len(with_many) == len(with_few) <= 6
