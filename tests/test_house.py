"""The house: who may import whom, one name from URL to file, every rendered block exists, every page renders."""

import ast
import re
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.settings import ROOT
from app.web.assets import STYLESHEETS

APP = ROOT / "app"
TEMPLATES = ROOT / "templates"
# What each part may import of ours. An entry covers the module and what lies below it.
ARROWS = {
    "app/domain": {"app.domain"},
    "app/bank": {"app.domain", "app.bank"},
    "app/tables": {"app.domain", "app.tables"},
    "app/web": {"app.domain.errors", "app.settings", "app.web"},
    "app/routes/interviews/": {"app.domain", "app.tables", "app.web", "app.deps", "app.routes.interviews"},
    "app/routes": {"app.domain", "app.tables", "app.web", "app.bank", "app.deps", "app.settings", "app.schema"},
    "app/db.py": {"app.domain.errors", "app.settings"},
    "app/settings.py": set(),
    "app/schema.py": {"app.db", "app.settings"},
    "app/deps.py": {"app.db", "app.domain", "app.settings", "app.web.auth"},
}
DOMAIN_MAY_USE = {"fsrs"}
ROUTE_LINES_MOST = 300


def _modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def _imports(path: Path) -> set[str]:
    """Every module the file imports, with `from x import y` as `x.y`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _covered(name: str, allowed: set[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in allowed)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_follow_the_arrows(path):
    place = path.relative_to(ROOT).as_posix()
    allowed = next((ours for prefix, ours in ARROWS.items() if place.startswith(prefix)), None)
    if allowed is None:
        assert path.name in {"__init__.py", "__main__.py", "main.py", "serving.py"}, "a file without a room"
        return
    wrong = {
        name
        for name in _imports(path)
        if name.split(".")[0] in {"app", "tests", "bench"} and not _covered(name, allowed)
    }
    assert not wrong, f"{place} must not import {sorted(wrong)}"


@pytest.mark.parametrize("path", sorted((APP / "domain").glob("*.py")), ids=lambda path: path.name)
def test_the_domain_uses_the_standard_library_only_and_never_looks_at_the_clock(path):
    import sys

    foreign = {name.split(".")[0] for name in _imports(path)} - sys.stdlib_module_names - {"app"} - DOMAIN_MAY_USE
    assert not foreign
    source = path.read_text()
    assert not re.search(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(", source)


def test_no_route_file_imports_another_segment():
    for path in (APP / "routes").rglob("*.py"):
        segment = path.relative_to(APP / "routes").parts[0].removesuffix(".py")
        others = {name for name in _imports(path) if name.startswith("app.routes.")}
        assert all(name.split(".")[2] == segment for name in others), path


def _paths(app) -> dict[str, str]:
    """Every route's full path and the file its handler stands in."""
    found = {}
    for context in iter_route_contexts(app.routes):
        endpoint = getattr(context, "endpoint", None) or getattr(context.route, "endpoint", None)
        if endpoint is not None:
            found[context.path] = endpoint.__module__
    return found


def test_a_handler_stands_in_the_file_named_after_its_first_url_segment(app):
    special = {"": "home", "healthz": "health", "readyz": "health"}
    paths = _paths(app)
    assert len(paths) > 20
    for path, module in paths.items():
        first = path.strip("/").split("/")[0]
        assert module.removeprefix("app.routes.").split(".")[0] == special.get(first, first), path


def test_templates_and_stylesheets_are_named_after_segments_too():
    segments = {path.stem for path in (APP / "routes").iterdir() if path.stem != "__init__"}
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders - {"errors"} <= segments
    shared = {"tokens", "base", "layout", "parts"}
    assert {path.stem for path in (ROOT / "static" / "css").glob("*.css")} == set(STYLESHEETS)
    assert set(STYLESHEETS) - shared <= segments


def test_every_page_and_block_that_code_renders_exists(app):
    renderer = app.state.renderer
    rendered = 0
    for path in _modules():
        tree = ast.parse(path.read_text())
        names = {node.targets[0].id: node.value.value for node in tree.body if _is_constant(node)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if not (isinstance(call.func, ast.Attribute) and call.func.attr == "page" and len(call.args) > 1):
                continue
            name = call.args[1].value if isinstance(call.args[1], ast.Constant) else names[call.args[1].id]
            template = renderer.env.get_template(name)
            part = next((keyword.value.value for keyword in call.keywords if keyword.arg == "part"), None)
            assert part is None or part in template.blocks, f"{path}: {name} has no block {part}"
            rendered += 1
    assert rendered > 15
    assert {"saved", "conflict"} <= set(renderer.env.get_template("interviews/room.html").blocks)


def _is_constant(node) -> bool:
    return (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant)
    )


def test_every_template_is_used():
    source = "".join(path.read_text() for path in _modules()) + "".join(
        path.read_text() for path in TEMPLATES.rglob("*.html")
    )
    for path in TEMPLATES.rglob("*.html"):
        assert f'"{path.relative_to(TEMPLATES).as_posix()}"' in source, path


def test_every_page_renders_for_somebody_who_has_never_been_here(app):
    client = TestClient(app)
    for path in sorted(set(_paths(app))):
        if "{" in path:
            continue
        response = client.get(path)
        assert response.status_code in (200, 405), path
        if response.headers["content-type"].startswith("text/html") and response.status_code == 200:
            assert response.text.count("<h1") == 1, path
            assert "<main" in response.text, path


def test_templates_hold_no_inline_code_and_no_unescaped_values():
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        assert not re.search(r"\son\w+=|\sstyle=|<style|<script>|\|\s*safe|hx-on", source), path


@pytest.mark.parametrize("path", [p for p in _modules() if "routes" in p.parts], ids=lambda path: path.name)
def test_route_files_stay_small_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= ROUTE_LINES_MOST
