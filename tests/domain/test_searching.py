"""Finding questions by words, topic and level."""

import pytest

from app.domain import searching
from app.domain.questions import Bank, Level, Topic
from tests import make

QUESTIONS = [
    make.question("alpha/body", title="Request bodies", prompt="What reads JSON?", answer="A Pydantic model."),
    make.question("alpha/path", title="Path parameters", prompt="What is in the URL?", answer="JSON is not."),
    make.question(
        "beta/json", title="Größe of JSON", level=Level.ADVANCED, prompt="How large?", answer="That depends."
    ),
    make.question("beta/depends", title="Depends", level=Level.INTRO, prompt="What is it?", answer="Path too. 100%_"),
]
BANK = Bank(
    "Testing",
    "CC BY 4.0",
    (Topic("alpha", "Alpha", ""), Topic("beta", "Beta", "")),
    {question.id: question for question in QUESTIONS},
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pydantic", ["alpha/body"]),
        ("PYDANTIC", ["alpha/body"]),
        ("größe", ["beta/json"]),
        ("  json  ", ["beta/json", "alpha/body", "alpha/path"]),  # in the title first, then as in the bank
        ("path", ["alpha/path", "beta/depends"]),
        ("json url", ["alpha/path"]),  # every word, wherever it stands
        ("url json", ["alpha/path"]),
        ("json nowhere", []),
        ("beta/depends", ["beta/depends"]),
        ("para", ["alpha/path"]),
        ("100%_", ["beta/depends"]),
        ("%", ["beta/depends"]),
        (".*", []),
        ("", ["alpha/body", "alpha/path", "beta/json", "beta/depends"]),
        (" \t\n", ["alpha/body", "alpha/path", "beta/json", "beta/depends"]),
    ],
)
def test_every_word_has_to_be_found_in_any_case(words, found):
    assert [question.id for question in searching.search(BANK, words)] == found


@pytest.mark.parametrize(
    ("words", "topic", "level", "found"),
    [
        ("", "alpha", "", ["alpha/body", "alpha/path"]),
        ("", "", "advanced", ["beta/json"]),
        ("", "beta", "intro", ["beta/depends"]),
        ("", "alpha", "advanced", []),
        ("json", "alpha", "", ["alpha/body", "alpha/path"]),
        ("", "gamma", "", []),
        ("", "", "expert", []),
    ],
)
def test_topic_and_level_narrow_the_search(words, topic, level, found):
    assert [question.id for question in searching.search(BANK, words, topic, level)] == found
