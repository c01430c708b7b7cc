"""The bank that is shipped: sound, large enough, mixed, and all its code runs under the FastAPI that is installed."""

import ast
import re
from collections import Counter

import pytest

from app.bank import loading, running
from app.settings import ROOT

FOLDER = ROOT / "data" / "banks" / "fastapi"
LOADED = loading.load(FOLDER)
QUESTIONS = LOADED.bank.questions.values()
# Whose word on FastAPI and what it stands on counts: the projects' own pages, the standards and MDN.
OFFICIAL = re.compile(
    r"https://(fastapi\.tiangolo\.com|starlette\.dev|uvicorn\.dev|docs\.pydantic\.dev|docs\.sqlalchemy\.org"
    r"|docs\.python\.org|docs\.pytest\.org|developer\.mozilla\.org|www\.rfc-editor\.org|peps\.python\.org)/"
)
# What was left to do, and how a question came about, is nothing for those who read it.
LEFTOVER = re.compile(
    r"/tmp/|/home/|\bissue #?\d|\bTODO\b|\bFIXME\b|\bXXX\b|lorem ipsum|\bI (ran|checked|verified)\b|\bGreenroom\b",
    re.IGNORECASE,
)


def check_code(file):
    return "\n".join(code.text for code in file.code[len(file.code) - file.checks :])


def test_the_bank_has_no_problems():
    assert [str(problem) for problem in LOADED.problems] == []


def test_it_has_at_least_48_questions_in_at_least_8_topics_and_none_of_its_topics_is_empty():
    topics = Counter(question.topic for question in QUESTIONS)
    assert len(QUESTIONS) >= 48
    assert len(topics) >= 8
    assert set(topics) == {topic.slug for topic in LOADED.bank.topics}
    assert len(LOADED.files) == len(list(FOLDER.rglob("*.md"))), "a file outside a topic's folder is never read"


def test_it_says_its_licence_and_the_versions_it_was_checked_with():
    assert LOADED.bank.licence == "CC BY 4.0"
    assert LOADED.bank.versions == running.versions(), "after an upgrade, say so in bank.toml"


def test_all_code_of_all_files_runs_under_what_is_installed():
    failed = [str(problem) for _file, problem in running.run(LOADED.files) if problem is not None]
    assert failed == [], "\n" + "\n".join(sorted(failed))


@pytest.mark.parametrize("file", LOADED.files, ids=lambda file: file.id)
def test_a_question_is_complete(file):
    question = file.question
    asserted = [node for node in ast.walk(ast.parse(check_code(file))) if isinstance(node, ast.Assert)]
    assert file.checks >= 1, "no ## Check"
    assert any(_can_fail(node.test) for node in asserted), "## Check asserts nothing"
    assert question.follow_ups, "no follow-ups"
    assert question.references, "no references"
    assert all(OFFICIAL.match(url) for url in question.references), question.references


def _can_fail(test):
    """`assert True` proves nothing; an assertion names something that was computed."""
    return any(isinstance(node, ast.Name) for node in ast.walk(test))


def test_titles_are_unique():
    titles = Counter(question.title.casefold() for question in QUESTIONS)
    assert [title for title, count in titles.items() if count > 1] == []


def test_no_key_point_of_a_question_is_written_twice():
    for question in QUESTIONS:
        texts = [point.text.casefold() for point in question.key_points]
        assert len(texts) == len(set(texts)), question.id


def test_every_topic_mixes_levels():
    alike = [slug for slug, group in LOADED.bank.by_topic.items() if len({question.level for question in group}) < 2]
    assert alike == []


def test_nothing_left_over_stands_in_what_is_asked_and_said():
    found = [
        f"{file.path}:{number}: {line}"
        for file in LOADED.files
        for number, line in enumerate(file.path.read_text(encoding="utf-8").splitlines(), 1)
        if LEFTOVER.search(line)
    ]
    about = FOLDER / "bank.toml"
    found += [line for line in about.read_text(encoding="utf-8").splitlines() if LEFTOVER.search(line)]
    assert found == []
