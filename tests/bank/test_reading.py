"""One question file: what is read out of it, and that everything wrong with it is said once, with its line."""

from datetime import timedelta

import pytest

from app.bank import reading
from app.domain.questions import KeyPoint, Level
from tests import make

TOPICS = ("alpha", "beta")


def read(folder, *changes, name="alpha/q1"):
    return reading.read(make.question_file(folder, *changes, name=name), TOPICS)


def said(file):
    """What is wrong with the file, as (line, words). A file with something wrong gives no question."""
    assert (file.question is None) == bool(file.problems)
    assert all(problem.path == file.path and "\n" not in str(problem) for problem in file.problems)
    return [(problem.line, problem.words) for problem in file.problems]


def test_a_sound_file_becomes_a_question(tmp_path):
    file = read(tmp_path, ("importance: 1", "importance: 3\ncovers: [52, 53]"))
    assert said(file) == []
    question = file.question
    assert question.id == file.id == "alpha/q1"
    assert (question.topic, question.slug) == ("alpha", "q1")
    assert (question.title, question.level, question.importance) == ("Alpha 1", Level.CORE, 3)
    assert question.prompt == "What is Alpha 1, and when does it matter?"
    assert question.answer == (
        "Alpha 1 is one thing and not another. That is enough to know.\n\n```python\nanswer = 42\n```"
    )
    assert question.key_points == (
        KeyPoint(1, "It is one thing", 2),
        KeyPoint(2, "It is not another", 1),
        KeyPoint(3, "It matters on **Mondays**", 1),
    )
    assert question.follow_ups == ("And on Tuesdays?",)
    assert question.references == ("https://example.org/q1",)
    assert question.covers == (52, 53)


def test_the_check_is_read_as_code_and_never_becomes_part_of_what_users_see(tmp_path):
    file = read(tmp_path)
    question = file.question
    assert file.checks == 1
    shown = [question.prompt, question.answer, *question.follow_ups, *(point.text for point in question.key_points)]
    assert not any("assert" in text for text in shown)


@pytest.mark.parametrize(
    ("level", "more", "seconds"),
    [
        ("intro", "", 90),
        ("core", "", 120),
        ("advanced", "", 180),
        ("intro", "code: true", 150),
        ("core", "code: true", 180),
        ("advanced", "code: true", 240),
        ("core", "code: false", 120),
        ("core", "budget_seconds: 45", 45),
        ("core", "code: true\nbudget_seconds: 300", 300),
    ],
)
def test_the_time_budget_follows_from_level_and_code_unless_it_is_given(tmp_path, level, more, seconds):
    file = read(tmp_path, ("level: core", f"level: {level}\n{more}"))
    assert file.question.budget == timedelta(seconds=seconds)


def test_windows_line_ends_change_nothing(tmp_path):
    path = make.question_file(tmp_path)
    plain = reading.read(path, TOPICS)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    windows = reading.read(path, TOPICS)
    assert windows.question == plain.question
    assert windows.code == plain.code


# The lines of the sound file: 1 `---`, 2 title, 3 level, 4 importance, 5-6 references, 7 `---`, 8 the prompt,
# 10 `## Answer`, 13-15 the example, 17 `## Key points`, 22 `## Follow-ups`, 25 `## Check`, 26-28 its code.
FRONT_MATTER = [
    ("no-opening", ("---\ntitle", "title"), 1, "front matter"),
    ("no-end", ("q1\n---\n", "q1\n"), 1, "front matter"),
    ("not-yaml", ("importance: 1", "importance: [1"), 5, "not valid YAML"),
    ("two-colons", ("importance: 1", "importance: 1: 2"), 4, "not valid YAML"),
    ("text-after-quotes", ("- https://example.org/q1", '- "a" b'), 6, "not valid YAML"),
    ("tab", ("level: core", "level:\n\tcore"), 4, "not valid YAML"),
    ("no-mapping", ("title: Alpha 1\nlevel: core\nimportance: 1\nreferences:\n", ""), 2, "key: value"),
    ("impossible-date", ("level: core", "level: 2026-13-45"), 1, "not valid YAML"),
    ("control-character", ("level: core", "level: co\x01re"), 1, "not valid YAML"),
    ("nul", ("level: core", "level: co\x00re"), 1, "not valid YAML"),
]


@pytest.mark.parametrize(
    ("change", "line", "words"), [case[1:] for case in FRONT_MATTER], ids=[c[0] for c in FRONT_MATTER]
)
def test_broken_front_matter_is_one_problem_at_its_line(tmp_path, change, line, words):
    found = said(read(tmp_path, change))
    assert len(found) == 1, "what could not be read is not also called missing"
    assert found[0][0] == line
    assert words in found[0][1]


def test_an_empty_file_is_told_what_it_needs(tmp_path):
    path = make.question_file(tmp_path)
    path.write_text("")
    words = " ".join(words for _, words in said(reading.read(path, TOPICS)))
    assert all(needed in words for needed in ("front matter", "prompt", "## Answer", "## Key points"))


def test_a_file_that_is_not_utf_8_is_a_problem_of_that_file(tmp_path):
    path = make.question_file(tmp_path)
    path.write_bytes(path.read_bytes() + "naïve".encode("latin-1"))
    ((line, words),) = said(reading.read(path, TOPICS))
    assert line == 1
    assert "UTF-8" in words


def test_a_folder_that_ends_in_md_is_a_problem_of_that_path(tmp_path):
    path = tmp_path / "alpha" / "q1.md"
    path.mkdir(parents=True)
    assert len(said(reading.read(path, TOPICS))) == 1


VALUES = [
    ("no-title", ("title: Alpha 1\n", ""), 1, "`title`"),
    ("short-title", ("title: Alpha 1", "title: ab"), 2, "`title`"),
    ("long-title", ("title: Alpha 1", f"title: {'x' * 71}"), 2, "`title`"),
    ("title-is-a-number", ("title: Alpha 1", "title: 12345"), 2, "`title`"),
    ("no-level", ("level: core\n", ""), 1, "`level`"),
    ("unknown-level", ("level: core", "level: expert"), 3, "intro, core, advanced"),
    ("level-is-a-list", ("level: core", "level: [core]"), 3, "`level`"),
    ("level-is-a-mapping", ("level: core", "level: {core: 1}"), 3, "`level`"),
    ("no-importance", ("importance: 1\n", ""), 1, "`importance`"),
    ("importance-0", ("importance: 1", "importance: 0"), 4, "`importance`"),
    ("importance-4", ("importance: 1", "importance: 4"), 4, "`importance`"),
    ("importance-yes", ("importance: 1", "importance: yes"), 4, "`importance`"),
    ("importance-is-a-list", ("importance: 1", "importance: [1]"), 4, "`importance`"),
    ("budget-29", ("importance: 1", "importance: 1\nbudget_seconds: 29"), 5, "`budget_seconds`"),
    ("budget-1801", ("importance: 1", "importance: 1\nbudget_seconds: 1801"), 5, "`budget_seconds`"),
    ("budget-in-words", ("importance: 1", "importance: 1\nbudget_seconds: two minutes"), 5, "`budget_seconds`"),
    ("budget-0", ("importance: 1", "importance: 1\nbudget_seconds: 0"), 5, "`budget_seconds`"),
    ("covers-no-list", ("importance: 1", "importance: 1\ncovers: 52"), 5, "`covers`"),
    ("covers-words", ("importance: 1", "importance: 1\ncovers: [many]"), 5, "`covers`"),
    ("covers-yes", ("importance: 1", "importance: 1\ncovers: [yes]"), 5, "`covers`"),
    ("stamp-is-text", ("importance: 1", "importance: 1\nchecked_with: 0.165"), 5, "`checked_with`"),
    ("stamp-is-a-list", ("importance: 1", "importance: 1\nchecked_with: [fastapi]"), 5, "`checked_with`"),
    (
        "references-text",
        ("references:\n  - https://example.org/q1", "references: https://a.example"),
        5,
        "`references`",
    ),
    ("references-http", ("https://", "http://"), 5, "`references`"),
    ("references-script", ("https://example.org/q1", "javascript:alert(1)"), 5, "`references`"),
    ("references-number", ("https://example.org/q1", "52"), 5, "`references`"),
    ("unknown-key", ("importance: 1", "importance: 1\nbudget: 60"), 5, "“budget”"),
    ("misspelt-key", ("importance: 1", "covers: [1]\nimportance: 1\ncover: [2]"), 6, "“cover”"),
]


@pytest.mark.parametrize(("change", "line", "words"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
def test_a_wrong_value_is_one_problem_at_its_line(tmp_path, change, line, words):
    found = said(read(tmp_path, change))
    assert len(found) == 1
    assert found[0][0] == line
    assert words in found[0][1]


def test_the_line_of_a_value_is_looked_for_in_the_front_matter_only(tmp_path):
    file = read(tmp_path, ("title: Alpha 1\n", ""), ("What is", "title: what is"))
    assert [line for line, _ in said(file)] == [1]


def test_several_problems_are_told_in_one_go(tmp_path):
    file = read(tmp_path, ("level: core", "level: expert"), ("importance: 1", "importance: 9"), ("https:", "http:"))
    assert [line for line, _ in said(file)] == [3, 4, 5]


POINTS = "- (2) It is one thing\n- It is not another\n- It matters on **Mondays**\n"
SECTIONS = [
    ("no-prompt", ("What is Alpha 1, and when does it matter?", ""), 8, "prompt is missing"),
    ("no-points", ("## Key points\n" + POINTS, ""), 1, "## Key points"),
    ("empty-points", (POINTS, ""), 17, "0 key points"),
    ("one-point", (POINTS, "- Only this\n"), 17, "1 key points"),
    ("seven-points", (POINTS, "".join(f"- Idea {n}\n" for n in range(7))), 17, "7 key points"),
    ("points-without-dashes", (POINTS, "One idea\nAnother idea\n"), 17, "0 key points"),
    ("blank-point", ("- It is not another", "- "), 17, "key point 2"),
    ("weight-0", ("(2)", "(0)"), 17, "weight 0"),
    ("weight-6", ("(2)", "(6)"), 17, "weight 6"),
    ("unknown-section", ("## Follow-ups", "## Notes"), 22, "## Notes"),
    ("answer-twice", ("## Follow-ups", "## Answer"), 22, "## Answer"),
    ("check-twice", ("## Follow-ups\n- And on Tuesdays?", "## Check"), 24, "## Check"),
    ("fence-left-open", ("assert answer == 42\n```", "assert answer == 42"), 26, "never closed"),
    ("example-not-run", ("```python\nanswer", "```py\nanswer"), 13, "```python"),
    ("example-not-run-3", ("```python\nanswer", "```python3\nanswer"), 13, "```python"),
]


@pytest.mark.parametrize(
    ("change", "line", "words"), [case[1:] for case in SECTIONS], ids=[case[0] for case in SECTIONS]
)
def test_what_is_wrong_with_a_section_is_said_at_its_line(tmp_path, change, line, words):
    found = said(read(tmp_path, change))
    assert any(at == line and words in text for at, text in found), found


@pytest.mark.parametrize("count", [2, 6])
def test_two_to_six_key_points_are_taken(tmp_path, count):
    file = read(tmp_path, (POINTS, "".join(f"- Idea {n}\n" for n in range(count))))
    assert said(file) == []
    assert [point.number for point in file.question.key_points] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("- (1) Light", KeyPoint(1, "Light", 1)),
        ("- (5) Heavy", KeyPoint(1, "Heavy", 5)),
        ("- No weight", KeyPoint(1, "No weight", 1)),
        ("- (see below) is no weight", KeyPoint(1, "(see below) is no weight", 1)),
        ("- A status (404) in the middle", KeyPoint(1, "A status (404) in the middle", 1)),
        ("- (3) It goes on\n  over two lines", KeyPoint(1, "It goes on over two lines", 3)),
    ],
)
def test_a_key_point_has_the_weight_in_front_of_it_or_one(tmp_path, written, point):
    file = read(tmp_path, ("- (2) It is one thing", written))
    assert said(file) == []
    assert file.question.key_points[0] == point
    assert len(file.question.key_points) == 3


def test_sixty_words_are_a_first_paragraph_and_sixty_one_are_not(tmp_path):
    opening = "Alpha 1 is one thing and not another. That is enough to know."
    assert said(read(tmp_path, (opening, "word " * 60))) == []
    ((line, words),) = said(read(tmp_path, (opening, "word " * 61)))
    assert line == 10
    assert "61 words" in words
    assert said(read(tmp_path, (opening, "word " * 60 + "\n\n" + "word " * 200))) == []


@pytest.mark.parametrize("language", ["python", "text", ""])
def test_headings_inside_fenced_code_do_not_split_sections(tmp_path, language):
    block = f"```{language}\n## Key points\n## Nonsense\n```\n\n"
    file = read(tmp_path, ("```python\nanswer", f"{block}```python\nanswer"))
    assert said(file) == []
    assert "## Nonsense" in file.question.answer
    assert len(file.question.key_points) == 3


def test_a_heading_inside_indented_code_does_not_split_sections_either(tmp_path):
    file = read(tmp_path, ("```python\nanswer", "- Like so:\n\n  ```\n## Nonsense\n  ```\n\n```python\nanswer"))
    assert said(file) == []
    assert "## Nonsense" in file.question.answer


@pytest.mark.parametrize("fence", ["~~~", "````"])
def test_other_fences_than_three_backticks_are_refused_and_not_misread_in_silence(tmp_path, fence):
    found = said(read(tmp_path, ("```python\nanswer", f"{fence}\n## Nonsense\n{fence}\n\n```python\nanswer")))
    assert (13, "code opens and closes with exactly three backticks") in found


def test_code_knows_its_line_in_the_file(tmp_path):
    more = "```\n\nMore.\n\n```python\n\n# two\nb = 2\n```\n\n```json\n{}\n```\n\n## Key points"
    file = read(tmp_path, ("```\n\n## Key points", more))
    lines = file.path.read_text().splitlines()
    assert [(code.line, code.text) for code in file.code] == [
        (14, "answer = 42\n"),
        (20, "\n# two\nb = 2\n"),
        (lines.index("assert answer == 42") + 1, "assert answer == 42\n"),
    ]
    assert file.checks == 1


def test_an_indented_example_is_run_too(tmp_path):
    inside = "1. First:\n\n   ```python\n   answer = 42\n   if answer:\n       more = 1\n   ```\n"
    file = read(tmp_path, ("```python\nanswer = 42\n```\n", inside))
    assert said(file) == []
    assert [(code.line, code.text) for code in file.code][:1] == [(16, "answer = 42\nif answer:\n    more = 1\n")]
    assert len(file.code) == 2


def test_the_folder_must_be_a_topic_of_the_bank(tmp_path):
    ((line, words),) = said(read(tmp_path, name="omega/q1"))
    assert line == 1
    assert "“omega”" in words


@pytest.mark.parametrize("slug", ["Q1", "q_1", "q 1", "-q1", "q1-", "q--1", "é"])
def test_a_file_name_that_is_no_slug_is_refused(tmp_path, slug):
    assert any("file name" in words for _, words in said(read(tmp_path, name=f"alpha/{slug}")))


def test_an_id_in_the_front_matter_must_be_the_one_of_the_path(tmp_path):
    assert said(read(tmp_path, ("level: core", "level: core\nid: alpha/q1"))) == []
    ((line, words),) = said(read(tmp_path, ("level: core", "level: core\nid: alpha/other")))
    assert line == 4
    assert "alpha/q1" in words
    assert "alpha/other" in words


def test_the_stamp_is_read(tmp_path):
    file = read(tmp_path, ("importance: 1", "importance: 1\nchecked_with: {fastapi: 0.165.0, pydantic: 2.14}"))
    assert file.checked_with == {"fastapi": "0.165.0", "pydantic": "2.14"}
