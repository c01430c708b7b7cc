"""What holds for every address: requests from other sites, headers, no inline code, links that lead somewhere, gzip.

Cookies, static files and error pages have files of their own beside this one.
"""

import gzip
import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from tests import make

PART = {"HX-Request-Type": "partial"}
POSTS = ["/interviews", "/review/alpha/q1/reveal", "/review/undo", "/account/deletion"]
FORM = {"preset": "5-10", "level": "core", "sure": "yes"}


# Requests from other sites

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://greenroom.test"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://greenroom.test.evil.example"},
    {"Origin": "http://evil.example/greenroom.test"},
    {"Origin": "http://greenroom.test:8080"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
]
OWN = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://seen-by-the-proxy.example"},
    {"Origin": "http://greenroom.test"},
    {"Origin": "https://greenroom.test"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_another_site_makes_a_browser_send_is_not_carried_out(ada, app, headers):
    make.review(ada, "alpha/q2")
    before = make.rows(app)
    for path in POSTS:
        response = ada.post(path, data=FORM, headers=headers)
        assert response.status_code == 403, path
        assert make.h1(response.text) == "That came from another site"
        assert "so it was not carried out" in response.text
    assert make.rows(app) == before
    assert "greenroom" in ada.cookies


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_what_our_own_pages_and_programs_send_is_carried_out(ada, headers):
    assert ada.post("/interviews", data=FORM, headers=headers).status_code == 303


def test_a_refused_part_is_words_alone(ada):
    response = ada.post("/interviews", data=FORM, headers={**PART, "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert response.text.startswith('<p class="words">')


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_that_could_change_something_are_guarded_too(ada, method):
    assert ada.request(method, "/account", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ada.request(method, "/account", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_links_from_other_sites_lead_here(ada, headers):
    assert ada.get("/", headers=headers).status_code == 200
    assert ada.get("/questions/alpha/q1", headers=headers).status_code == 200


# A walk through everything there is


@pytest.fixture
def walk(ada, time):
    """Every kind of page and part in every state, by name, as a user with a history meets them."""
    relaxed = make.start(ada, mode="relaxed")
    seen = {"room": ada.get(f"/interviews/{relaxed}")}
    make.draft(ada, relaxed, 1, "A first text that is long enough to be worth keeping")
    seen["saved"] = make.draft(ada, relaxed, 1, "A first text that is long enough to be worth keeping", 1)
    seen["conflict"] = make.draft(ada, relaxed, 1, "Quite another text from <b>a second tab</b>, also long")
    seen["room after conflict"] = ada.get(f"/interviews/{relaxed}/questions/1")
    seen["room as part"] = ada.post(f"/interviews/{relaxed}/questions/2/answer", data={"text": "x"}, headers=PART)
    seen["too long"] = make.answer(ada, relaxed, 3, "x" * 70_000)
    seen["submission"] = ada.get(f"/interviews/{relaxed}/submission")
    ada.post(f"/interviews/{relaxed}/pause")
    seen["paused"] = ada.get(f"/interviews/{relaxed}")
    seen["home, paused"] = ada.get("/")
    ada.post(f"/interviews/{relaxed}/resumption")
    seen["home, running"] = ada.get("/")
    time.forward(hours=1)
    seen["overtime"] = ada.get(f"/interviews/{relaxed}")
    seen["home, overtime"] = ada.get("/")
    make.submit(ada, relaxed)
    seen["late"] = make.answer(ada, relaxed, 1, "Too <late>")
    seen["home, ungraded"] = ada.get("/")
    seen["debrief"] = ada.get(f"/interviews/{relaxed}/debrief")
    seen["report, ungraded"] = ada.get(f"/interviews/{relaxed}/report")
    seen["debrief as part"] = ada.post(
        f"/interviews/{relaxed}/questions/1/grade", data={"points": ["1"], "note": "<i>note</i>"}, headers=PART
    )
    seen["grade refused"] = make.grade(ada, relaxed, 2, [9])
    make.grade(ada, relaxed, 2, [])
    make.grade(ada, relaxed, 3, [1, 2, 3])
    seen["debrief, graded"] = ada.get(f"/interviews/{relaxed}/debrief?item=1")
    seen["report"] = ada.get(f"/interviews/{relaxed}/report")
    make.graded_interview(ada, [], scope="chosen", topic=["alpha"])
    time.forward(days=2)
    seen["home, due"] = ada.get("/")
    seen["review"] = ada.get("/review")
    seen["review as part"] = ada.get("/review", headers=PART)
    seen["drill"] = ada.get("/review?topic=beta")
    seen["answer as part"] = ada.post("/review/beta/q1/reveal", data={"text": "<u>said</u>"}, headers=PART)
    seen["answer"] = ada.get("/review")
    seen["review, too long"] = ada.post("/review/beta/q2/reveal", data={"text": "x" * 70_000})
    seen["review, refused"] = ada.post("/review/beta/q1/grade", data={"points": "7"})
    seen["review, graded as part"] = ada.post("/review/beta/q1/grade", data={"points": "1"}, headers=PART)
    for name in ("interviews", "topics", "progress", "questions", "account"):
        seen[name] = ada.get(f"/{name}")
    seen["topic"] = ada.get("/topics/alpha")
    seen["question"] = ada.get("/questions/alpha/q1")
    seen["search as part"] = ada.get("/questions?q=alpha", headers=PART)
    seen["set-up"] = ada.get("/interviews/new")
    seen["set-up refused"] = ada.post("/interviews", data={"preset": "own", "count": "0", "minutes": "<b>"})
    seen["deletion refused"] = ada.post("/account/deletion")
    seen["not found"] = ada.get("/nowhere")
    seen["not found as part"] = ada.get("/nowhere", headers=PART)
    seen["wrong method"] = ada.post("/topics")
    stranger = TestClient(ada.app, base_url=str(ada.base_url))
    seen["unknown"] = stranger.post("/review/undo")
    for path in ("/", "/review", "/topics", "/progress", "/interviews", "/account"):
        seen[f"{path} for a stranger"] = stranger.get(path)
    assert all(response.status_code not in (204, 303, 500) for response in seen.values())
    return seen


class _Seen(HTMLParser):
    """Notes all tags with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def _is_page(response):
    return response.text.startswith("<!doctype html>")


def test_no_page_and_no_part_holds_code_or_style_of_its_own(walk):
    for name, response in walk.items():
        for tag, attributes in _Seen(response.text).tags:
            assert tag != "style", name
            assert tag != "script" or attributes.get("src", "").startswith("/static/"), name
            for key, value in attributes.items():
                assert key != "style", (name, tag)
                assert not key.startswith(("on", "hx-on", "hx-vals", "hx-vars")), (name, tag, key)
                assert "javascript:" not in (value or "").lower(), (name, tag, key)


def test_nothing_that_was_typed_becomes_markup(walk):
    for name, response in walk.items():
        for typed in ("<b>a second tab", "<i>note", "<u>said", "Too <late", '"<b>"'):
            assert typed not in response.text, name


def test_every_page_has_language_title_heading_and_main_landmark(walk):
    for name, response in walk.items():
        if not _is_page(response):
            assert "<html" not in response.text, name
            continue
        tags = [tag for tag, _ in _Seen(response.text).tags]
        assert tags.count("h1") == 1, name
        assert tags.count("main") == 1, name
        assert '<html lang="en">' in response.text, name
        assert re.search(r"<title>\S.* · Greenroom</title>", response.text), name
        assert make.h1(response.text), name


def test_no_id_is_given_twice_on_one_page(walk):
    for name, response in walk.items():
        ids = [attributes["id"] for _, attributes in _Seen(response.text).tags if "id" in attributes]
        assert len(ids) == len(set(ids)), (name, sorted(ids))


def test_every_label_and_description_points_at_something(walk):
    for name, response in walk.items():
        tags = _Seen(response.text).tags
        ids = {attributes["id"] for _, attributes in tags if "id" in attributes}
        for tag, attributes in tags:
            for key in ("for", "aria-labelledby", "aria-describedby"):
                assert set((attributes.get(key) or "").split()) <= ids, (name, tag, key)


def test_every_link_and_every_file_of_a_page_is_there(walk, ada):
    found = {}
    for name, response in walk.items():
        for _, attributes in _Seen(response.text).tags:
            for key in ("href", "src", "hx-get"):
                address = attributes.get(key) or ""
                if address.startswith("/"):
                    found[address] = name
                else:
                    assert not address or address.startswith(("https://", "#")), (name, address)
    assert len(found) > 40
    for address, name in found.items():
        assert ada.get(address).status_code in (200, 303), (name, address)


def test_every_form_posts_to_an_address_that_takes_it(walk, app):
    actions = set()
    for response in walk.values():
        for _, attributes in _Seen(response.text).tags:
            if "get" not in (attributes.get("method"), attributes.get("formmethod")):
                actions |= {attributes[key] for key in ("action", "formaction") if attributes.get(key)}
    assert len(actions) > 10
    for action in actions:
        # Without a cookie nothing is theirs to change; but an address that is not there would answer 404 or 405.
        anybody = TestClient(app, base_url="http://greenroom.test", follow_redirects=False)
        assert anybody.post(action).status_code in (303, 401, 422), action


def test_pages_of_one_user_are_stored_by_no_cache(walk):
    for name, response in walk.items():
        assert response.headers["cache-control"] == "no-store", name


# Headers


def _assert_safe(response):
    headers = response.headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    for name in ("content-security-policy", "x-content-type-options", "cache-control"):
        assert len(headers.get_list(name)) <= 1, f"{name} is there twice"


def test_every_page_and_every_error_page_carries_the_safe_headers(walk):
    for response in walk.values():
        _assert_safe(response)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/interviews", 303),
        ("GET", "/static/nothing", 404),
        ("POST", "/static/nothing", 405),
        ("GET", "/healthz", 200),
        ("GET", "/topics/", 307),
        ("POST", "/review/undo", 401),
    ],
)
def test_answers_that_are_no_pages_carry_them_too(ada, method, path, status):
    response = ada.request(method, path, data=FORM if method == "POST" else None)
    assert response.status_code == status
    _assert_safe(response)


def test_files_and_their_304_carry_them_too(ada):
    address = re.search(r'href="(/static/[^"]+\.css)"', ada.get("/").text)[1]
    response = ada.get(address)
    _assert_safe(response)
    again = ada.get(address, headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    _assert_safe(again)


def test_a_crash_and_too_large_a_body_carry_them_too(app):
    @app.get("/broken")
    def broken():
        raise RuntimeError

    client = TestClient(app, base_url="http://greenroom.test", raise_server_exceptions=False)
    crash = client.get("/broken")
    assert crash.status_code == 500
    _assert_safe(crash)
    large = client.post("/review/alpha/q1/reveal", data={"text": "x" * 5_000_000})
    assert large.status_code == 413
    _assert_safe(large)


def test_strict_transport_is_asked_for_over_https_only(ada, app):
    assert "strict-transport-security" not in ada.get("/").headers
    secure = TestClient(app, base_url="https://greenroom.test")
    assert secure.get("/").headers["strict-transport-security"] == "max-age=31536000"
    assert secure.get("/nowhere").headers["strict-transport-security"]


def test_the_log_names_the_route_and_never_the_address(ada, caplog):
    ada.get("/questions/secret-topic/secret-slug?q=secret-words")
    ada.post("/review/alpha/q1/grade", data={"note": "secret-note"})
    ada.get("/secret-page")
    lines = [record.getMessage() for record in caplog.records if record.name == "greenroom.http"]
    assert lines == [
        "GET /questions/{topic}/{slug} -> 404",
        "POST /review/{card:path}/grade -> 401",
        "GET - -> 404",
    ]
    assert "secret" not in caplog.text


# Compression


def test_pages_are_compressed_for_those_who_take_it(ada):
    packed = ada.get("/", headers={"Accept-Encoding": "gzip"})
    plain = ada.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    for response in (packed, plain):
        varies = {name.strip().lower() for name in response.headers["vary"].split(",")}
        assert varies == {"hx-request-type", "accept-encoding"}, "or a cache hands out what somebody cannot read"


def test_error_pages_are_compressed_too(ada):
    response = ada.get("/nowhere", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 404
    assert response.headers["content-encoding"] == "gzip"


def test_a_few_words_are_not_worth_compressing(ada):
    response = ada.get("/nowhere", headers={**PART, "Accept-Encoding": "gzip"})
    assert "content-encoding" not in response.headers


def test_what_is_sent_compressed_is_gzip_indeed(ada):
    with ada.stream("GET", "/questions", headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert b"<h1>Questions</h1>" in gzip.decompress(raw)
