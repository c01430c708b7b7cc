"""`python -m app` as a shell sees it: what it prints, where, and the exit status. Every test runs the real thing."""

import re
import socket
import sqlite3
import urllib.request

import pytest

from app.settings import Settings
from tests import make
from tests.processes import greenroom, server


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


def refused(done, *words):
    """The one line on stderr of a command that could not do its work, and did nothing else."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.endswith("\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("greenroom: ")
    missing = [word for word in words if word not in line]
    assert not missing, line
    return line


def test_help_lists_the_commands_and_says_where_settings_come_from():
    done = greenroom("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for word in ("run", "migrate", "check-bank", "GREENROOM_DATA_DIR", "GREENROOM_DATABASE_URL", "GREENROOM_SECRET"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["migrate", "--help"], ["check-bank", "--help"]])
def test_help_imports_nothing_that_is_slow(arguments):
    done = greenroom(*arguments, python=("-X", "importtime"))
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "argparse" in imported, "the list of imports was read"
    assert not imported & {"fastapi", "starlette", "pydantic", "sqlalchemy", "alembic", "uvicorn", "jinja2", "asyncio"}


@pytest.mark.parametrize("command", ["run", "check-bank"])
def test_help_of_a_command_names_its_options(command):
    options = {"run": ["--host", "--port", "--workers", "--behind-proxy"], "check-bank": ["path", "--run", "--stamp"]}
    text = greenroom(command, "--help").stdout
    assert all(option in text for option in options[command])


@pytest.mark.parametrize("arguments", [[], ["serve"], ["run", "--prot", "1"], ["check-bank", "a", "b"]])
def test_what_is_no_command_is_answered_with_usage_and_status_2(arguments):
    done = greenroom(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: python -m app")
    assert "Traceback" not in done.stderr


WRONG = [
    ("PORT", "abc"),
    ("PORT", "70000"),
    ("DATABASE_URL", "mysql://x"),
    ("DATABASE_URL", "postgresql:///greenroom"),
    ("DATABASE_URL", "postgres://ada@db:port/greenroom"),
    ("SECRET", "short"),
    ("RETENTION", "0.5"),
    ("WORKERS", "0"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name}={value}" for name, value in WRONG])
def test_a_wrong_setting_stops_the_start_and_says_which(data_dir, name, value):
    line = refused(greenroom("run", data_dir=data_dir, **{name.lower(): value}), f"setting GREENROOM_{name} is wrong: ")
    assert not line.endswith(": ")
    assert not data_dir.exists(), "nothing was begun"


@pytest.mark.parametrize("name", ["host", "data_dir", "database_url", "secret", "port"])
def test_an_empty_setting_is_no_setting(monkeypatch, name):
    # As shells and compose files leave them: GREENROOM_DATA_DIR= must not put the database into the current folder.
    monkeypatch.setenv(f"GREENROOM_{name.upper()}", "")
    assert getattr(Settings(), name) == Settings.model_fields[name].default


def test_a_secret_that_is_too_short_is_not_printed(data_dir):
    assert "hunter2" not in refused(greenroom("run", data_dir=data_dir, secret="hunter2"))


def test_an_option_goes_before_the_environment(data_dir):
    line = refused(greenroom("run", "--port", "x", data_dir=data_dir, port=0))
    assert "GREENROOM_PORT" in line


def test_a_taken_port_is_named(data_dir):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = greenroom("run", "--port", str(port), data_dir=data_dir)
    refused(done, f"127.0.0.1:{port}", "in use")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_named(data_dir, host):
    refused(greenroom("run", "--host", host, "--port", "0", data_dir=data_dir), host)


@pytest.mark.parametrize(
    ("command", "place"),
    [("run", "file"), ("run", "file/below"), ("migrate", "file"), ("check-bank", "file/below"), ("run", "/proc")],
)
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path, command, place):
    (tmp_path / "file").write_text("not a folder")  # refused to root too, as a mode would not be
    folder = tmp_path / place
    refused(greenroom(command, data_dir=folder), "data folder", str(folder))
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_missing_bank_is_named(tmp_path, data_dir):
    folder = tmp_path / "no-bank"
    line = refused(greenroom("run", "--port", "0", data_dir=data_dir, bank_dir=folder), str(folder / "bank.toml"))
    assert line.count(str(folder)) == 1


def test_a_broken_bank_toml_is_named(tmp_path, data_dir):
    folder = make.bank_folder(tmp_path / "bank")
    (folder / "bank.toml").write_text("title = ")
    refused(greenroom("run", "--port", "0", data_dir=data_dir, bank_dir=folder), str(folder / "bank.toml"))


def test_a_database_of_a_newer_version_is_one_line_and_left_alone(data_dir):
    assert greenroom("migrate", data_dir=data_dir).returncode == 0
    connection = sqlite3.connect(data_dir / "greenroom.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = _schema(data_dir)
    refused(greenroom("run", "--port", "0", data_dir=data_dir), "cannot be used", "another version", "9999")
    assert _schema(data_dir) == before


UNUSABLE = [
    ("nowhere", "sqlite:////no-such-folder/greenroom.sqlite3", "unable to open database file"),
    ("nobody-listens", "postgresql://ada@127.0.0.1:1/greenroom", "127.0.0.1"),
    ("driver-not-installed", "postgresql+nodriver://ada@127.0.0.1/greenroom", "nodriver"),
]


@pytest.mark.parametrize(("url", "words"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
@pytest.mark.parametrize("command", [["migrate"], ["run", "--port", "0"]], ids=["migrate", "run"])
def test_a_database_that_cannot_be_reached_is_one_line(data_dir, command, url, words):
    refused(greenroom(*command, data_dir=data_dir, database_url=url), "the database cannot be used", words)


def test_a_file_that_is_no_database_is_one_line_and_left_alone(data_dir):
    data_dir.mkdir()
    path = data_dir / "greenroom.sqlite3"
    path.write_text("These are the notes I took before my last interview.\n" * 20)
    before = path.read_bytes()
    refused(greenroom("migrate", data_dir=data_dir), "not a database")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["", "\n", "cut off"])
def test_a_secret_file_that_holds_no_secret_is_named_and_signs_no_cookie(data_dir, bank_folder, content):
    data_dir.mkdir()
    (data_dir / "secret").write_text(content)
    done = greenroom("run", "--port", "0", data_dir=data_dir, bank_dir=bank_folder)
    refused(done, str(data_dir / "secret"))


def test_migrating_twice_changes_nothing_the_second_time(data_dir):
    first = greenroom("migrate", data_dir=data_dir)
    assert (first.returncode, first.stdout, first.stderr) == (0, "The database is now up to date.\n", "")
    schema = _schema(data_dir)
    assert {"interviews", "items", "alembic_version"} <= set(schema)
    second = greenroom("migrate", data_dir=data_dir)
    assert (second.returncode, second.stdout, second.stderr) == (0, "The database was up to date already.\n", "")
    assert _schema(data_dir) == schema


def _schema(data_dir):
    connection = sqlite3.connect(data_dir / "greenroom.sqlite3")
    try:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master"))
    finally:
        connection.close()


def test_migrating_makes_the_data_folder_and_leaves_only_the_database(data_dir):
    nested = data_dir / "a" / "b"
    assert greenroom("migrate", data_dir=nested).returncode == 0
    assert [path.name for path in nested.iterdir()] == ["greenroom.sqlite3"]


def test_port_0_takes_a_free_port_and_prints_the_one_it_took(data_dir, bank_folder):
    with server(data_dir=data_dir, bank_dir=bank_folder) as running:
        assert running.port > 0
        with urllib.request.urlopen(f"{running.url}/readyz", timeout=30) as response:
            assert response.status == 200
            assert response.read() == b'{"database":"ok","bank":"ok"}'


def test_a_broken_question_file_is_told_and_does_not_stop_the_server(tmp_path, data_dir):
    folder = make.bank_folder(tmp_path / "bank")
    make.question_file(folder, ("level: core", "level: expert"), name="alpha/q2")
    with server(data_dir=data_dir, bank_dir=folder) as running:
        assert _status(f"{running.url}/questions/alpha/q1") == 200
        assert _status(f"{running.url}/questions/alpha/q2") == 404
        assert f"{folder / 'alpha' / 'q2.md'}:3: `level`" in running.said()


def _status(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


SUMMARY = re.compile(r"(\d+) files, (\d+) questions in (\d+) topics, (\d+) problems")


def checked(done):
    """The lines of a check-bank before its last, and the four numbers of that one."""
    assert done.stderr == ""
    *lines, last = done.stdout.splitlines()
    return lines, tuple(map(int, SUMMARY.fullmatch(last).groups()))


def test_a_sound_bank_passes_the_check(bank_folder, data_dir):
    done = greenroom("check-bank", str(bank_folder))
    assert checked(done) == ([], (12, 12, 3, 0))
    assert done.returncode == 0


def test_without_a_path_the_bank_that_is_served_is_checked(bank_folder, data_dir):
    done = greenroom("check-bank", bank_dir=bank_folder, data_dir=data_dir)
    assert checked(done) == ([], (12, 12, 3, 0))


def test_every_problem_of_a_bank_is_a_line_with_file_and_line_number(tmp_path):
    folder = make.bank_folder(tmp_path / "bank")
    make.question_file(folder, ("level: core", "level: expert"), name="alpha/q1")
    make.question_file(folder, ("importance: 1", "importance: [1"), name="alpha/q2")
    make.question_file(folder, ("Alpha 1", "Beta 9"), ("level: core", "level: core\nid: beta/q2"), name="beta/q1")
    make.question_file(folder, ("Alpha 1", "Omega 1"), name="omega/q1")
    (folder / "gamma" / "q4.md").write_bytes(b"\xff")
    done = greenroom("check-bank", str(folder))
    lines, numbers = checked(done)
    assert done.returncode == 1
    found = [re.fullmatch(r"(.+\.md):(\d+): (.+)", line) for line in lines]
    assert all(found), lines
    assert [(match[1].removeprefix(f"{folder}/"), int(match[2])) for match in found] == [
        ("alpha/q1.md", 3),
        ("alpha/q2.md", 5),
        ("beta/q1.md", 4),
        ("beta/q1.md", 1),
        ("gamma/q4.md", 1),
        ("omega/q1.md", 1),
    ]
    assert numbers == (13, 8, 3, 6)


def test_a_folder_without_a_bank_fails_the_check(tmp_path):
    done = greenroom("check-bank", str(tmp_path / "no-bank"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"{tmp_path / 'no-bank' / 'bank.toml'}: No such file or directory\n"


def test_code_is_run_only_when_asked_for(tmp_path):
    folder = make.bank_folder(tmp_path / "bank")
    path = make.question_file(folder, ("assert answer == 42", "assert answer == 43"))
    assert checked(greenroom("check-bank", str(folder))) == ([], (12, 12, 3, 0))
    done = greenroom("check-bank", "--run", str(folder))
    lines, numbers = checked(done)
    assert done.returncode == 1
    assert numbers == (12, 12, 3, 1)
    assert [line.partition(" ")[0] for line in lines] == [f"{path}:27:"]


def test_what_examples_print_is_not_mixed_with_the_problems(tmp_path):
    folder = make.bank_folder(tmp_path / "bank")
    code = "import sys\nprint('to stdout')\nprint('to stderr', file=sys.stderr)\nassert answer == 42"
    make.question_file(folder, ("assert answer == 42", code))
    assert checked(greenroom("check-bank", "--run", str(folder))) == ([], (12, 12, 3, 0))


def test_a_stamp_is_written_into_the_files_that_passed_and_no_others(tmp_path):
    folder = make.bank_folder(tmp_path / "bank")
    failing = make.question_file(folder, ("assert answer == 42", "assert answer == 43"))
    broken = make.question_file(folder, ("level: core", "level: expert"), name="alpha/q2")
    assert greenroom("check-bank", "--run", "--stamp", str(folder)).returncode == 1
    stamped = {path for path in folder.glob("*/*.md") if "checked_with: {fastapi: " in path.read_text()}
    assert stamped == set(folder.glob("*/*.md")) - {failing, broken}
    texts = {path: path.read_text() for path in stamped}
    assert checked(greenroom("check-bank", "--run", "--stamp", str(folder)))[1] == (12, 11, 3, 2)
    assert {path: path.read_text() for path in stamped} == texts
