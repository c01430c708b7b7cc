"""A bank from its folder: bank.toml, the order of what is in it, doubles, and that a broken file stops no other."""

import pytest

from app.bank import loading
from tests import make

ALL = [f"{topic}/q{number}" for topic in ("alpha", "beta", "gamma") for number in (1, 2, 3, 4)]


@pytest.fixture
def folder(tmp_path):
    return make.bank_folder(tmp_path / "bank")


def told(folder, loaded):
    """The problems as `alpha/q1.md:3`."""
    return [f"{problem.path.relative_to(folder)}:{problem.line}" for problem in loaded.problems]


def test_a_sound_bank_has_its_topics_in_the_order_of_bank_toml(folder):
    text = make.BANK_TOML
    head, alpha, beta, gamma = text.split("[[topics]]")
    (folder / "bank.toml").write_text("[[topics]]".join([head, gamma, alpha, beta]))
    loaded = loading.load(folder)
    assert loaded.problems == ()
    assert [topic.slug for topic in loaded.bank.topics] == ["gamma", "alpha", "beta"]
    assert list(loaded.bank.questions) == ALL[8:] + ALL[:8]
    assert (loaded.bank.title, loaded.bank.licence) == ("Testing", "CC BY 4.0")
    assert loaded.bank.topics[1].title == "Alpha"
    assert loaded.bank.topics[1].summary == "The first topic."


def test_the_versions_it_was_checked_with_are_read(folder):
    (folder / "bank.toml").write_text(make.BANK_TOML + '[checked_with]\nfastapi = "0.165.0"\n')
    assert loading.load(folder).bank.versions == {"fastapi": "0.165.0"}


def test_only_files_in_topic_folders_are_questions(folder):
    (folder / "README.md").write_text("# About this bank\n")
    (folder / "alpha" / "notes.txt").write_text("to do")
    loaded = loading.load(folder)
    assert loaded.problems == ()
    assert list(loaded.bank.questions) == ALL


BROKEN = {
    "no-front-matter": ("---\ntitle", "title"),
    "not-yaml": ("importance: 1", "importance: [1"),
    "impossible-date": ("level: core", "level: 2026-13-45"),
    "level-is-a-list": ("level: core", "level: [core]"),
    "stamp-is-text": ("level: core", "level: core\nchecked_with: today"),
    "no-key-points": ("- (2) It is one thing\n- It is not another\n- It matters on **Mondays**\n", ""),
    "unknown-level": ("level: core", "level: expert"),
    "false-id": ("level: core", "level: core\nid: alpha/q9"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_and_left_out_and_the_others_stay(folder, change):
    path = make.question_file(folder, change, name="alpha/q2")
    loaded = loading.load(folder)
    assert list(loaded.bank.questions) == [known for known in ALL if known != "alpha/q2"]
    assert len(loaded.files) == 12
    assert {problem.path for problem in loaded.problems} == {path}


def test_a_file_that_is_not_text_stops_no_other(folder):
    (folder / "alpha" / "q2.md").write_bytes(b"\xff\xfe\x00binary")
    loaded = loading.load(folder)
    assert len(loaded.bank.questions) == 11
    assert told(folder, loaded) == ["alpha/q2.md:1"]


def test_a_file_of_an_unknown_topic_is_told_and_left_out(folder):
    make.question_file(folder, name="omega/q1")
    loaded = loading.load(folder)
    assert list(loaded.bank.questions) == ALL
    assert told(folder, loaded)[0] == "omega/q1.md:1"
    assert "“omega”" in loaded.problems[0].words


def test_a_topic_without_files_is_there_with_none(folder):
    for path in (folder / "beta").iterdir():
        path.unlink()
    loaded = loading.load(folder)
    assert loaded.problems == ()
    assert loaded.bank.by_topic["beta"] == ()


@pytest.mark.parametrize(("thief", "victim"), [("alpha/q2", "alpha/q1"), ("alpha/q1", "alpha/q2")])
def test_a_file_that_claims_the_id_of_another_is_left_out_and_the_other_stays(folder, thief, victim):
    change = [("Alpha 1", "Thief"), ("level: core", f"level: core\nid: {victim}")]
    path = make.question_file(folder, *change, name=thief)
    loaded = loading.load(folder)
    assert list(loaded.bank.questions) == [known for known in ALL if known != thief]
    assert {problem.path for problem in loaded.problems} == {path}
    duplicate = [problem for problem in loaded.problems if "duplicate id" in problem.words]
    assert len(duplicate) == 1
    assert f"“{victim}”" in duplicate[0].words
    assert str(folder / f"{victim}.md") in duplicate[0].words


def test_two_files_that_claim_the_same_foreign_id_are_both_told(folder):
    for name in ("alpha/q2", "beta/q2"):
        title = name.replace("/", " ")
        make.question_file(folder, ("Alpha 1", title), ("level: core", "level: core\nid: alpha/new"), name=name)
    loaded = loading.load(folder)
    assert len(loaded.bank.questions) == 10
    assert sum("duplicate id" in problem.words for problem in loaded.problems) == 1
    assert {problem.path.parent.name for problem in loaded.problems} == {"alpha", "beta"}


def test_the_same_question_asked_twice_is_told_at_the_second(folder):
    make.question_file(folder, ("What is Alpha 1, and", "what  IS alpha 1,\nand"), name="gamma/q2")
    loaded = loading.load(folder)
    assert "gamma/q2" not in loaded.bank.questions
    assert "alpha/q1" in loaded.bank.questions
    assert told(folder, loaded) == ["gamma/q2.md:1"]
    assert str(folder / "alpha" / "q1.md") in loaded.problems[0].words


def test_a_folder_without_bank_toml_is_no_bank(tmp_path):
    with pytest.raises(loading.NoBank) as error:
        loading.load(tmp_path / "nowhere")
    assert str(error.value) == f"{tmp_path / 'nowhere' / 'bank.toml'}: No such file or directory"


@pytest.mark.parametrize("content", [b"title = ", b'title = "\xe9"', b"\x00", b"title: Testing\n"])
def test_a_bank_toml_that_cannot_be_understood_is_no_bank(folder, content):
    (folder / "bank.toml").write_bytes(content)
    with pytest.raises(loading.NoBank) as error:
        loading.load(folder)
    assert str(error.value).startswith(f"{folder / 'bank.toml'}: ")
    assert "\n" not in str(error.value)


TOPIC = '[[topics]]\nslug = "alpha"\ntitle = "Alpha"\nsummary = "First."\n'
ABOUT = [
    ("empty", "", "lists no topics"),
    ("no-topics", 'licence = "x"', "lists no topics"),
    ("topics-are-text", 'licence = "x"\ntopics = "alpha"', "lists no topics"),
    ("topics-are-a-number", 'licence = "x"\ntopics = 3', "lists no topics"),
    ("one-bracket", 'licence = "x"\n' + TOPIC.replace("[[topics]]", "[topics]"), "lists no topics"),
    ("topics-are-names", 'licence = "x"\ntopics = ["alpha"]', "topic 1 needs"),
    ("no-summary", 'licence = "x"\n' + TOPIC.replace('summary = "First."\n', ""), "topic 1 needs"),
    ("blank-title", 'licence = "x"\n' + TOPIC.replace('"Alpha"', '""'), "topic 1 needs"),
    ("number-as-slug", 'licence = "x"\n' + TOPIC.replace('"alpha"', "3"), "topic 1 needs"),
    ("twice", 'licence = "x"\n' + TOPIC + TOPIC, "listed twice"),
    ("no-licence", TOPIC, "`licence`"),
    ("stamp-is-text", 'licence = "x"\nchecked_with = "0.165"\n' + TOPIC, "`checked_with`"),
]


@pytest.mark.parametrize(("content", "words"), [case[1:] for case in ABOUT], ids=[case[0] for case in ABOUT])
def test_what_is_wrong_in_bank_toml_is_a_problem_of_that_file(folder, content, words):
    (folder / "bank.toml").write_text(content)
    loaded = loading.load(folder)
    about = [problem.words for problem in loaded.problems if problem.path == folder / "bank.toml"]
    assert any(words in found for found in about), about
