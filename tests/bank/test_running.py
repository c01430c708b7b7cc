"""Running the code of question files: what fails is told with its line, nothing leaks, nothing stops the others."""

import importlib.metadata
import subprocess
import sys
from datetime import timedelta

import pytest

from app.bank import reading, running
from tests import make

EXAMPLE, CHECK = "answer = 42", "assert answer == 42"


def read(folder, *changes, name="alpha/q1"):
    file = reading.read(make.question_file(folder, *changes, name=name), ("alpha",))
    assert file.question is not None, file.problems
    return file


def outcome(*files, processes=None):
    """What running the files said, by id: None, or `line: words`."""
    found = {}
    for file, problem in running.run(files, processes):
        assert file.id not in found, "told twice"
        assert problem is None or (problem.path == file.path and "\n" not in str(problem))
        found[file.id] = problem and f"{problem.line}: {problem.words}"
    assert set(found) == {file.id for file in files}
    return found


def line_of(file, text):
    return file.path.read_text().splitlines().index(text) + 1


def test_examples_and_check_share_their_names(tmp_path):
    file = read(
        tmp_path, ("```\n\n## Key", "```\n\n```python\nanswer -= 1\n```\n\n## Key"), (CHECK, "assert answer == 41")
    )
    assert outcome(file) == {"alpha/q1": None}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (CHECK, "x = 1\nassert answer == 43", "assert answer == 43", "AssertionError"),
        (CHECK, "assert answer == 43, 'not so'", "assert answer == 43, 'not so'", "not so"),
        (EXAMPLE, "answer = 42\nanswer.nothing", "answer.nothing", "AttributeError"),
        (EXAMPLE, "answer = 42\ndef f(", "def f(", "SyntaxError"),
        (CHECK, "def check():\n    assert answer == 43\n\ncheck()", "    assert answer == 43", "AssertionError"),
        (CHECK, "import json\n\njson.loads('{')", "json.loads('{')", "JSONDecodeError"),
        (CHECK, "assert answer\n\neval('1 +')", "eval('1 +')", "SyntaxError"),
        (CHECK, "raise ValueError('one\\ntwo')", "raise ValueError('one\\ntwo')", "one two"),
    ],
    ids=["check", "message", "example", "syntax", "in-a-function", "error-with-its-own-line", "eval", "two-lines"],
)
def test_a_failure_is_told_with_its_line_in_the_markdown_file(tmp_path, old, new, line, words):
    file = read(tmp_path, (old, new))
    told = outcome(file)["alpha/q1"]
    assert told.startswith(f"{line_of(file, line)}: ")
    assert words in told


def test_the_text_of_the_failing_line_is_told(tmp_path):
    told = outcome(read(tmp_path, (CHECK, "assert answer == 43")))["alpha/q1"]
    assert "assert answer == 43" in told


def test_a_failure_in_a_library_is_told_at_the_line_that_called_it(tmp_path):
    code = "from pydantic import BaseModel\n\nclass A(BaseModel):\n    n: int\n\nA(n='x')"
    file = read(tmp_path, (CHECK, code))
    line = line_of(file, "A(n='x')")
    assert outcome(file)["alpha/q1"].startswith(f"{line}: ValidationError")


@pytest.mark.parametrize(
    "code",
    [
        "import warnings\nwarnings.warn('old', DeprecationWarning)",
        "import warnings\nwarnings.warn('hm')",
        "from fastapi import FastAPI, Query\napp = FastAPI()\n@app.get('/')\ndef f(q: str = Query(regex='x')): ...",
    ],
)
def test_a_warning_is_a_failure(tmp_path, code):
    told = outcome(read(tmp_path, (EXAMPLE, f"answer = 42\n{code}")))["alpha/q1"]
    assert told is not None
    assert "Warning" in told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys\nsys.exit(0)", "SystemExit"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os\nos._exit(0)", "died"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "died"),
    ],
    ids=["sys-exit", "system-exit", "interrupt", "os-exit", "killed"],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_code_that_ends_the_process_is_told_and_stops_no_other(tmp_path, code, words, processes):
    sound = [read(tmp_path, name=f"alpha/sound-{n}") for n in range(3)]
    ending = read(tmp_path, (EXAMPLE, f"answer = 42\n{code}"), name="alpha/ending")
    found = outcome(sound[0], ending, *sound[1:], processes=processes)
    assert words in found.pop("alpha/ending")
    assert set(found.values()) == {None}


def test_nothing_of_one_question_is_seen_by_the_next(tmp_path):
    leave = """
import builtins, json, os, sys, types, warnings
from fastapi import FastAPI
from pathlib import Path
app = FastAPI()
sys.modules["leaked"] = types.ModuleType("leaked")
json.leaked = builtins.leaked = True
FastAPI.leaked = True
os.environ["LEAKED"] = "1"
Path("leaked.txt").write_text("x")
warnings.simplefilter("ignore")
"""
    look = """
import builtins, json, os, sys
from fastapi import FastAPI
from pathlib import Path
assert "leaked" not in sys.modules
assert not hasattr(json, "leaked") and not hasattr(builtins, "leaked")
assert not hasattr(FastAPI, "leaked")
assert "app" not in globals() and "app" not in vars(sys.modules["question"])
assert "LEAKED" not in os.environ
assert not list(Path().iterdir())
"""
    leaving = [read(tmp_path, (EXAMPLE, EXAMPLE + leave), name=f"alpha/leaving-{n}") for n in range(3)]
    looking = [read(tmp_path, (EXAMPLE, EXAMPLE + look), name=f"alpha/looking-{n}") for n in range(3)]
    mixed = [file for pair in zip(leaving, looking, strict=True) for file in pair]
    assert outcome(*mixed, processes=1) == dict.fromkeys(file.id for file in mixed)
    assert not (tmp_path / "leaked.txt").exists()


def test_names_of_an_example_are_found_by_those_who_read_annotations(tmp_path):
    code = """
from typing import Annotated
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
app = FastAPI()
def number() -> int:
    return 7
@app.get("/")
def f(n: "Annotated[int, Depends(number)]") -> int:
    return n
assert TestClient(app).get("/").json() == 7
"""
    assert outcome(read(tmp_path, (EXAMPLE, EXAMPLE + code))) == {"alpha/q1": None}


def test_the_versions_are_the_installed_ones():
    assert running.versions() == {
        name: importlib.metadata.version(name) for name in ("fastapi", "starlette", "pydantic")
    }


CHECKED = {"fastapi": "0.165.0", "pydantic": "2.14.3"}
STAMP = "checked_with: {fastapi: 0.165.0, pydantic: 2.14.3}\n"


@pytest.mark.parametrize(
    "old",
    [
        "",
        "checked_with: {fastapi: 0.1.0}\n",
        STAMP,
        "checked_with:\n  fastapi: 0.1.0\n  pydantic: 1.0\n",
    ],
    ids=["none", "older", "the-same", "over-lines"],
)
def test_a_stamp_is_written_once_and_changes_nothing_else(tmp_path, old):
    plain = read(tmp_path, name="alpha/plain")
    file = read(tmp_path, ("references:", f"{old}references:"))
    assert running.stamp(file, CHECKED) is (old != STAMP)
    text = file.path.read_text()
    assert text == plain.path.read_text().replace("references:", f"{STAMP}references:")
    assert running.stamp(file, CHECKED) is False
    assert file.path.read_text() == text
    again = reading.read(file.path, ("alpha",))
    assert again.problems == []
    assert again.checked_with == CHECKED
    assert again.question.budget == timedelta(seconds=120)


def test_a_file_without_references_is_stamped_at_the_end_of_its_front_matter(tmp_path):
    file = read(tmp_path, ("references:\n  - https://example.org/q1\n", ""))
    assert running.stamp(file, CHECKED) is True
    assert f"importance: 1\n{STAMP}---\n" in file.path.read_text()


ENDLESS = """
import sys
from pathlib import Path
from app.bank import reading, running
running.SECONDS_MOST = 1
path = Path(sys.argv[1])
print(running._run_one(path, reading.read(path, ("alpha",)).code))
"""


def test_code_that_never_ends_is_reported(tmp_path):
    file = read(tmp_path, (CHECK, "while True:\n    pass"))
    # In a process of its own, with the limit lowered there: the pool's processes would read the usual one.
    told = subprocess.run([sys.executable, "-c", ENDLESS, file.path], capture_output=True, text=True, timeout=60)
    assert "TimeoutError: still running after 1 s" in told.stdout
