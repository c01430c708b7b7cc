"""Static files: addresses by content, caching for a year, compression, and nothing served beside what is meant."""

import gzip
import re

import pytest

from app.settings import ROOT
from app.web.assets import STYLESHEETS, Assets

STATIC = ROOT / "static"


@pytest.fixture
def folder(ada):
    """The address all files lie under, as a page gives it."""
    return re.search(r'href="(/static/[0-9a-f]{12})/greenroom\.css"', ada.get("/").text)[1]


def _files():
    return sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())


def test_every_file_is_served_as_it_is(ada, folder):
    assert len(_files()) > 15
    for name in _files():
        response = ada.get(f"{folder}/{name}")
        assert response.status_code == 200, name
        assert response.content == (STATIC / name).read_bytes(), name


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("greenroom.css", {"text/css"}),
        ("js/page.js", {"text/javascript", "application/javascript"}),
        ("vendor/htmx-4.0.1.min.js", {"text/javascript", "application/javascript"}),
        ("icon.svg", {"image/svg+xml"}),
    ],
)
def test_files_say_what_they_are(ada, folder, name, kinds):
    # With nosniff a browser refuses a script or a stylesheet that is called anything else.
    assert ada.get(f"{folder}/{name}").headers["content-type"].split(";")[0] in kinds


def test_all_stylesheets_come_as_one_in_their_order(ada, folder):
    joined = ada.get(f"{folder}/greenroom.css").text
    places = [joined.index((STATIC / "css" / f"{name}.css").read_text()) for name in STYLESHEETS]
    assert places == sorted(places)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_files_are_kept_for_a_year_and_never_asked_for_again(ada, folder, encoding):
    headers = ada.get(f"{folder}/greenroom.css", headers={"Accept-Encoding": encoding}).headers
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["etag"]
    assert "set-cookie" not in headers


def test_a_change_of_any_file_changes_all_addresses(tmp_path):
    # Scripts import their neighbours by relative address: were only their own folder renamed, they would load old ones.
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("import './b.js'")
    (tmp_path / "js" / "b.js").write_text("1")
    before = Assets(tmp_path).url("js/a.js")
    assert Assets(tmp_path).url("js/a.js") == before
    (tmp_path / "js" / "b.js").write_text("2")
    assert Assets(tmp_path).url("js/a.js") != before


def test_a_page_cannot_name_a_file_that_is_not_there(tmp_path):
    with pytest.raises(KeyError):
        Assets(tmp_path).url("js/gone.js")


def test_scripts_import_only_files_that_are_there(ada, folder):
    found = 0
    for path in (STATIC / "js").glob("*.js"):
        for name in re.findall(r"""(?:from|import)\s+["']\./([^"']+)["']""", path.read_text()):
            assert ada.get(f"{folder}/js/{name}").status_code == 200, (path.name, name)
            found += 1
    assert found


def test_text_is_sent_compressed_to_those_who_take_it(ada, folder):
    packed = ada.get(f"{folder}/greenroom.css", headers={"Accept-Encoding": "gzip, br"})
    plain = ada.get(f"{folder}/greenroom.css", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    # As small as it gets, which is done once at the start; the middleware that packs pages is in more of a hurry.
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, 9))
    assert packed.content == plain.content
    assert "content-encoding" not in plain.headers
    for response in (packed, plain):
        varies = {name.strip().lower() for name in response.headers["vary"].split(",")}
        assert varies == {"accept-encoding"}


def test_a_file_that_is_known_is_not_sent_again(ada, folder):
    first = ada.get(f"{folder}/js/page.js")
    again = ada.get(f"{folder}/js/page.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert ada.get(f"{folder}/js/page.js", headers={"If-None-Match": '"another"'}).status_code == 200


def test_only_the_head_can_be_asked_for(ada, folder):
    response = ada.head(f"{folder}/js/page.js", headers={"Accept-Encoding": "identity"})
    assert response.status_code == 200
    assert int(response.headers["content-length"]) == (STATIC / "js" / "page.js").stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/greenroom.css",
        "/static/greenroom.css",
        "/static/",
        "/static",
        "{folder}",
        "{folder}/",
        "{folder}/js",
        "{folder}/nothing.css",
        "{folder}/GREENROOM.CSS",
        "{folder}/../../app/main.py",
        "{folder}/%2e%2e/%2e%2e/app/main.py",
        "{folder}/..%2f..%2fpyproject.toml",
        "{folder}/%2fetc%2fpasswd",
        "{folder}//etc/passwd",
        "{folder}/js/page.js%00.css",
        "{folder}/..%5c..%5cpyproject.toml",
    ],
)
def test_nothing_else_is_found(ada, folder, path):
    response = ada.get(path.format(folder=folder), follow_redirects=True)
    assert response.status_code == 404
    assert "immutable" not in response.headers.get("cache-control", ""), "a wrong address must not be remembered"
    assert "root:" not in response.text
    assert "Greenroom" not in response.text or response.text.startswith("<!doctype html>")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_files_are_only_fetched(ada, folder, method):
    response = ada.request(method, f"{folder}/js/page.js")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_the_tests_know_every_kind_of_file(ada, folder):
    # A file of a new kind needs a thought about its type and its compression.
    assert {name.rpartition(".")[2] for name in _files()} <= {"css", "js", "svg", "txt", "png", "webmanifest", "ico"}


def test_files_are_the_same_for_everybody(ada, cy, folder, statements):
    with statements() as seen:
        assert ada.get(f"{folder}/icon.svg").content == cy.get(f"{folder}/icon.svg").content
    assert seen == []
