"""Runs the code of question files: the answer's examples, then the check, in a process of its own for each question."""

import importlib.metadata
import io
import linecache
import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from app.bank.reading import Code, Problem, QuestionFile

# Loaded once before the processes are forked off, so that each question does not pay for the imports again.
_PRELOAD = ["fastapi", "fastapi.testclient", "pydantic", "sqlalchemy.orm", "pytest"]
SECONDS_MOST = 30  # for the code of one question; an endless loop must not hold up the others for ever
STAMPED = ("fastapi", "starlette", "pydantic")


def run(files: Sequence[QuestionFile], processes: int | None = None) -> Iterator[tuple[QuestionFile, Problem | None]]:
    """Run each file's code; yield the file and what failed, in the order in which they finish."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    waiting, broken = {}, []
    with ProcessPoolExecutor(processes or os.cpu_count(), mp_context=context, max_tasks_per_child=1) as pool:
        for file in files:
            try:
                waiting[pool.submit(_run_one, file.path, file.code)] = file
            except BrokenProcessPool:
                broken.append(file)
        for done in as_completed(waiting):
            try:
                yield waiting[done], _problem(waiting[done], done)
            except BrokenProcessPool:
                broken.append(waiting[done])
    for file in broken:  # one death ends the whole pool; alone, each file shows whether it was the one
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            try:
                yield file, _problem(file, pool.submit(_run_one, file.path, file.code))
            except BrokenProcessPool:
                yield file, Problem(file.path, 1, "the process that ran this file's code died")


def _problem(file: QuestionFile, done: Future[tuple[int, str] | None]) -> Problem | None:
    failed = done.result()
    return Problem(file.path, *failed) if failed else None


def versions() -> dict[str, str]:
    """The installed versions that answers are checked with."""
    return {name: importlib.metadata.version(name) for name in STAMPED}


def stamp(file: QuestionFile, checked: dict[str, str]) -> bool:
    """Write `checked_with` into the file's front matter; True if that changed the file."""
    lines = file.path.read_text(encoding="utf-8").splitlines(keepends=True)
    end = lines.index("---\n", 1)
    line = "checked_with: {" + ", ".join(f"{name}: {version}" for name, version in checked.items()) + "}\n"
    meta = list(lines[1:end])
    old = next((number for number, text in enumerate(meta) if text.startswith("checked_with:")), len(meta))
    del meta[old : old + 1]
    while meta[old : old + 1] and meta[old].startswith(" "):  # it went on over several lines
        del meta[old]
    at = next((number for number, text in enumerate(meta) if text.startswith("references:")), len(meta))
    after = [lines[0], *meta[:at], line, *meta[at:], *lines[end:]]
    if after == lines:
        return False
    file.path.write_text("".join(after), encoding="utf-8")
    return True


def _run_one(path: Path, code: Sequence[Code]) -> tuple[int, str] | None:
    """Run the blocks in one namespace; the line and the words of the first failure, or None."""
    source = _placed(code)
    name = str(path)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS_MOST)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sys.path.insert(0, folder)
        module = type(sys)("question")
        sys.modules["question"] = module  # where get_type_hints looks for the names an example uses
        try:
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                warnings.simplefilter("error")
                warnings.simplefilter("ignore", ResourceWarning)
                exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - running it is the purpose
        except BaseException as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
            line = frames[-1].lineno if frames else 1
            if isinstance(error, SyntaxError) and error.filename == name:
                line = error.lineno
            source_line = frames[-1].line if frames else ""
            words = " ".join(str(error).split())
            return line or 1, f"{type(error).__name__}: {words} (at: {source_line})"
        finally:
            signal.alarm(0)
            os.chdir("/")
    return None


def _too_long(*_: object) -> None:
    raise TimeoutError(f"still running after {SECONDS_MOST} s")


def _placed(code: Sequence[Code]) -> str:
    """The blocks on the lines they have in the file, so that an error names the right one."""
    lines: list[str] = []
    for block in code:
        lines += [""] * (block.line - 1 - len(lines))
        lines += block.text.splitlines()
    return "\n".join(lines) + "\n"
