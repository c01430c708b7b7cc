"""A whole bank from its folder. A broken file never stops the others: it is reported and left out."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bank import reading
from app.bank.reading import Problem, QuestionFile
from app.domain.questions import Bank, Topic


@dataclass(frozen=True)
class Loaded:
    """The bank as far as it could be read, every file, and what is wrong with them."""

    bank: Bank
    files: tuple[QuestionFile, ...]
    problems: tuple[Problem, ...]


class NoBank(Exception):
    """There is no bank to read: bank.toml is missing or cannot be understood. The message says where and why."""


def load(folder: Path) -> Loaded:
    """Read `bank.toml` and every `<topic>/<slug>.md` below it. Raise NoBank without a usable bank.toml."""
    path = folder / "bank.toml"
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NoBank(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    topics, problems = _topics(path, about)
    slugs = {topic.slug for topic in topics}
    files = [reading.read(file, slugs) for file in sorted(folder.glob("*/*.md"))]
    _find_doubles(files)
    problems += [problem for file in files for problem in file.problems]
    versions = about.get("checked_with", {})
    if not isinstance(versions, dict):
        problems.append(Problem(path, 1, "`checked_with` must be a table: [checked_with] and a line per package"))
        versions = {}
    order = {topic.slug: number for number, topic in enumerate(topics)}
    questions = [file.question for file in files if file.question is not None]
    questions.sort(key=lambda question: (order[question.topic], question.id))
    bank = Bank(
        title=str(about.get("title", folder.name)),
        licence=str(about.get("licence", "")),
        topics=tuple(topics),
        questions={question.id: question for question in questions},
        versions={str(name): str(version) for name, version in versions.items()},
    )
    return Loaded(bank, tuple(files), tuple(problems))


def _topics(path: Path, about: dict[str, Any]) -> tuple[list[Topic], list[Problem]]:
    topics: list[Topic] = []
    problems: list[Problem] = []
    entries = about.get("topics")
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        texts = entry if isinstance(entry, dict) else {}
        if not all(isinstance(texts.get(key), str) and texts[key] for key in ("slug", "title", "summary")):
            problems.append(Problem(path, 1, f"topic {number} needs a slug, a title and a summary"))
        elif any(topic.slug == entry["slug"] for topic in topics):
            problems.append(Problem(path, 1, f"topic “{entry['slug']}” is listed twice"))
        else:
            topics.append(Topic(entry["slug"], entry["title"], entry["summary"]))
    if not topics:
        problems.append(Problem(path, 1, "lists no topics: add [[topics]] with slug, title and summary"))
    if not about.get("licence"):
        problems.append(Problem(path, 1, "`licence` is missing: say under which terms the questions may be used"))
    return topics, problems


def _find_doubles(files: list[QuestionFile]) -> None:
    """Leave out the second file that claims an id or asks a question word for word. Sound files come first."""
    ids: dict[str, Path] = {}
    prompts: dict[str, Path] = {}
    for file in sorted(files, key=lambda file: bool(file.problems)):
        first = ids.setdefault(file.id.lower(), file.path)
        if first != file.path:
            file.complain(1, f"duplicate id “{file.id}”: {first} has it too; give one of the two its own")
        if file.question is not None:
            first = prompts.setdefault(" ".join(file.question.prompt.lower().split()), file.path)
            if first != file.path:
                file.complain(1, f"duplicate question: {first} asks the same, word for word")
        if file.problems:
            file.question = None
