"""From one question file to a question, or to a list of what to mend, each with its line."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from app.domain.questions import BUDGETS, CODE_EXTRA, KeyPoint, Level, Question

SECTIONS = ("Answer", "Key points", "Follow-ups", "Check")
REQUIRED = ("Answer", "Key points")
POINTS_LEAST, POINTS_MOST = 2, 6
TITLE_MOST = 70
FIRST_PARAGRAPH_MOST = 60  # words: what can be said in one breath
_KNOWN = {"id", "title", "level", "importance", "budget_seconds", "code", "covers", "checked_with", "references"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_POINT = re.compile(r"^-\s+(?:\((\d+)\)\s+)?(.+)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, where it is and in words that say how."""

    path: Path
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words}"


@dataclass(frozen=True, slots=True)
class Code:
    """One block of Python of a question file and the line its first line stands on."""

    line: int
    text: str


@dataclass
class _Section:
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass
class QuestionFile:
    """A question file taken apart. `question` is None when `problems` is not empty."""

    path: Path
    question: Question | None = None
    problems: list[Problem] = field(default_factory=list)
    id: str = ""
    code: tuple[Code, ...] = ()
    checks: int = 0
    checked_with: dict[str, str] = field(default_factory=dict)

    def complain(self, line: int, words: str) -> None:
        self.problems.append(Problem(self.path, line, words))


def read(path: Path, topics: Collection[str]) -> QuestionFile:
    """Read one file. What is wrong with it ends up in `problems`; nothing is raised for its content."""
    found = QuestionFile(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        found.complain(1, f"cannot be read as UTF-8 text: {error}")
        return found
    meta, body, offset = _front_matter(text, found)
    sections = _sections(body, offset, found)
    topic, slug = path.parent.name, path.stem
    if topic not in topics:
        found.complain(1, f"topic “{topic}” (the folder) is not listed in bank.toml; list it or move the file")
    if not _SLUG.fullmatch(slug):
        found.complain(1, "the file name must be lower-case words joined by hyphens: it is the question's id for ever")
    found.id = str(meta.get("id", f"{topic}/{slug}"))
    if found.id != f"{topic}/{slug}":
        found.complain(
            _line_of(text.splitlines(), "id"), f"the id is {topic}/{slug} by folder and file name, not “{found.id}”"
        )
    points = _key_points(sections, found)
    _check_sections(sections, found)
    values = _values(meta, text.splitlines()[:offset], found) if meta else {}
    answer, check = _python(sections, "Answer", found), _python(sections, "Check", found)
    found.code, found.checks = (*answer, *check), len(check)
    if not found.problems:
        found.question = Question(
            id=f"{topic}/{slug}",
            topic=topic,
            prompt=sections["Prompt"].text,
            answer=_text(sections, "Answer"),
            key_points=tuple(points),
            follow_ups=tuple(_bullets(sections, "Follow-ups")),
            **values,
        )
    return found


def _front_matter(text: str, found: QuestionFile) -> tuple[dict[str, Any], list[str], int]:
    lines = text.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        found.complain(1, "must open with front matter: a line “---”, YAML, and a line “---”")
        return {}, lines, 0
    end = lines.index("---", 1)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        meta = yaml.load("\n".join(lines[1:end]), Loader=loader)  # noqa: S506 - both loaders are the safe one
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or number that has the form and is none
        mark = getattr(error, "problem_mark", None)
        words = " ".join(str(getattr(error, "problem", error)).split())
        found.complain(mark.line + 2 if mark else 1, f"front matter is not valid YAML: {words}")
        return {}, lines[end + 1 :], end + 1
    if not isinstance(meta, dict) or not meta:
        found.complain(2, "front matter must be `key: value` lines")
        return {}, lines[end + 1 :], end + 1
    for key in sorted(set(map(str, meta)) - _KNOWN):
        found.complain(_line_of(lines, key), f"unknown key “{key}” in the front matter")
    return meta, lines[end + 1 :], end + 1


def _line_of(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _sections(lines: list[str], offset: int, found: QuestionFile) -> dict[str, _Section]:
    """The body by headings of the second level; what stands before the first is the prompt. Code holds no headings."""
    sections = {"Prompt": _Section(offset + 1)}
    current, opened = sections["Prompt"], 0
    for number, line in enumerate(lines, offset + 1):
        if not opened and line.lstrip().startswith(("~~~", "````")):
            found.complain(number, "code opens and closes with exactly three backticks")
        if line.lstrip().startswith("```"):
            opened = 0 if opened else number
        if line.startswith("## ") and not opened:
            if line[3:].strip() in sections:
                found.complain(number, f"section “{line.strip()}” is there already; join the two")
            current = sections[line[3:].strip()] = _Section(number)
            continue
        current.lines.append(line)
    if opened:
        found.complain(opened, "the code that opens here is never closed: end it with a line of three backticks")
    return sections


def _python(sections: dict[str, _Section], name: str, found: QuestionFile) -> list[Code]:
    """The section's fenced blocks marked `python`; blocks of other kinds are not run."""
    blocks: list[Code] = []
    start, indent, lines = 0, "", list[str]()
    section = sections.get(name, _Section(0))
    for number, line in enumerate(section.lines, section.line + 1):
        if start and line.lstrip().startswith("```"):
            blocks.append(Code(start, "\n".join(lines) + "\n"))
            start = 0
        elif start:
            lines.append(line.removeprefix(indent))
        elif line.strip() == "```python":
            start, indent, lines = number + 1, line[: len(line) - len(line.lstrip())], []
        elif line.strip().lower().startswith("```py"):
            found.complain(number, "this code would not be run: mark it ```python and nothing else")
    return blocks


def _text(sections: dict[str, _Section], name: str) -> str:
    return sections[name].text if name in sections else ""


def _check_sections(sections: dict[str, _Section], found: QuestionFile) -> None:
    if not sections["Prompt"].text:
        found.complain(
            sections["Prompt"].line, "the prompt is missing: it stands between the front matter and “## Answer”"
        )
    for name in REQUIRED:
        if not _text(sections, name):
            found.complain(1, f"section “## {name}” is missing or empty")
    for name, section in sections.items():
        if name not in ("Prompt", *SECTIONS):
            found.complain(section.line, f"unknown section “## {name}”; sections are {', '.join(SECTIONS)}")
    first = _text(sections, "Answer").split("\n\n")[0]
    if len(first.split()) > FIRST_PARAGRAPH_MOST:
        found.complain(
            sections["Answer"].line,
            f"the answer's first paragraph has {len(first.split())} words; "
            f"{FIRST_PARAGRAPH_MOST} or fewer would do as an answer",
        )


def _bullets(sections: dict[str, _Section], name: str) -> list[str]:
    """The list items of a section, continuation lines joined to them."""
    items: list[str] = []
    for line in sections[name].lines if name in sections else []:
        if line.startswith("- "):
            items.append(line[2:].strip())
        elif line.strip() and items:
            items[-1] += " " + line.strip()
    return items


def _key_points(sections: dict[str, _Section], found: QuestionFile) -> list[KeyPoint]:
    points = []
    for number, text in enumerate(_bullets(sections, "Key points"), 1):
        match = _POINT.match("- " + text)
        weight = int(match[1]) if match and match[1] else 1
        points.append(KeyPoint(number, match[2] if match else text, weight))
        if not text:
            found.complain(sections["Key points"].line, f"key point {number} is empty")
        if not 1 <= weight <= 5:
            found.complain(sections["Key points"].line, f"key point {number} has weight {weight}; weights are 1 to 5")
    if "Key points" in sections and not POINTS_LEAST <= len(points) <= POINTS_MOST:
        found.complain(
            sections["Key points"].line,
            f"{len(points)} key points; a question has {POINTS_LEAST} to {POINTS_MOST}, "
            "each a line that starts with “- ”",
        )
    return points


def _values(meta: dict[str, Any], lines: list[str], found: QuestionFile) -> dict[str, Any]:
    """The front matter's values, checked. Where one is wrong a harmless stand-in is returned beside the complaint."""
    title = meta.get("title")
    if not isinstance(title, str) or not 3 <= len(title) <= TITLE_MOST:
        found.complain(_line_of(lines, "title"), f"`title` must be a text of 3 to {TITLE_MOST} characters")
    level = meta.get("level")
    if not isinstance(level, str) or level not in set(Level):
        found.complain(_line_of(lines, "level"), f"`level` must be one of {', '.join(Level)}, not “{level}”")
        level = Level.CORE
    importance = meta.get("importance")
    if type(importance) is not int or importance not in (1, 2, 3):  # YAML’s `yes` is 1 to Python
        found.complain(
            _line_of(lines, "importance"),
            "`importance` must be 1 (nice to know), 2 (often asked) or 3 (asked in most interviews)",
        )
    seconds = meta.get("budget_seconds")
    if seconds is not None and not (isinstance(seconds, int) and 30 <= seconds <= 1800):
        found.complain(_line_of(lines, "budget_seconds"), "`budget_seconds` must be a whole number from 30 to 1800")
        seconds = None
    covers = meta.get("covers", [])
    if not isinstance(covers, list) or not all(type(row) is int for row in covers):
        found.complain(_line_of(lines, "covers"), "`covers` must be a list of numbers, e.g. [52, 53]")
        covers = []
    references = meta.get("references", [])
    if not isinstance(references, list) or not all(str(url).startswith("https://") for url in references):
        found.complain(_line_of(lines, "references"), "`references` must be a list of https:// addresses")
        references = []
    checked = meta.get("checked_with") or {}
    if not isinstance(checked, dict):
        found.complain(_line_of(lines, "checked_with"), "`checked_with` must be a mapping: {fastapi: 0.165.0}")
        checked = {}
    found.checked_with = {str(name): str(version) for name, version in checked.items()}
    default = BUDGETS[Level(level)] + (CODE_EXTRA if meta.get("code") is True else timedelta(0))
    return {
        "title": title,
        "level": Level(level),
        "importance": importance,
        "budget": timedelta(seconds=seconds) if seconds else default,
        "covers": tuple(covers),
        "references": tuple(str(url) for url in references),
    }
