"""`python -m app check-bank`: says of a bank what is wrong with it, file by file."""

import sys
from collections import Counter
from pathlib import Path

from app.bank import loading
from app.bank.loading import Loaded


def check(folder: Path, *, run_code: bool, stamp: bool) -> int:
    """Print every problem and a summary; 0 if there is none, else 1."""
    try:
        loaded = loading.load(folder)
    except loading.NoBank as error:
        print(error, file=sys.stderr)
        return 1
    problems = [str(problem) for problem in loaded.problems]
    if run_code:
        problems += _run(loaded, stamp)
    for problem in problems:
        print(problem)
    topics = Counter(question.topic for question in loaded.bank.questions.values())
    print(
        f"{len(loaded.files)} files, {len(loaded.bank.questions)} questions in {len(topics)} topics, "
        f"{len(problems)} problems"
    )
    return 1 if problems else 0


def _run(loaded: Loaded, stamp: bool) -> list[str]:
    from app.bank import running

    failed = []
    versions = running.versions()
    for file, problem in running.run([file for file in loaded.files if file.question is not None]):
        if problem is not None:
            failed.append(str(problem))
        elif stamp:
            running.stamp(file, versions)
    return failed
