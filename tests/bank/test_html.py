"""Markdown of the bank as HTML: nothing in it can run or restyle the page, code is highlighted, rendered once."""

from html.parser import HTMLParser

import pytest

from app.bank import html


class Parts(HTMLParser):
    """Reads HTML as a browser would: the elements, their attributes, and the text that is seen."""

    def __init__(self, markup):
        super().__init__()
        self.elements, self.attributes, self.text = [], [], ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text += data


HARMLESS = {("a", "href"), ("a", "title"), ("a", "rel"), ("span", "class"), ("code", "class"), ("pre", "tabindex")}
ATTACKS = [
    "<script>alert(1)</script>",
    "text <script src=//evil.example></script> text",
    "<b onclick=alert(1)>bold</b>",
    '<img src=x onerror="alert(1)">',
    '<p style="position:fixed">over everything</p>',
    "<style>body{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "<svg onload=alert(1)>",
    "<form action=//evil.example><input name=x></form>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](vbscript:x)",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "![picture](https://evil.example/pixel.gif)",
    '[title](https://example.org "x\\" onmouseover=\\"alert(1)")',
    "```html\n<script>alert(1)</script>\n```",
    '```python" onclick="alert(1)\nx = 1\n```',
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("render", [html.block, html.inline])
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_could_run_or_restyle_survives(render, attack):
    parts = Parts(render(attack))
    assert not {"script", "style", "iframe", "img", "svg", "form", "input"} & set(parts.elements)
    assert {(tag, name) for tag, name, _ in parts.attributes} <= HARMLESS
    links = [value for _, name, value in parts.attributes if name == "href"]
    assert all(link.startswith("https://") for link in links)


def test_markup_typed_by_an_author_is_shown_as_it_was_typed():
    assert Parts(html.block("Use <b onclick=x> & <script>")).text.strip() == "Use <b onclick=x> & <script>"
    assert Parts(html.inline("a < b & c")).text == "a < b & c"


def test_a_table_keeps_its_cells_and_loses_the_style_that_markdown_gives_aligned_columns():
    parts = Parts(html.block("| a | b |\n| :- | -: |\n| 1 | 2 |\n"))
    assert parts.elements == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert parts.attributes == []


def test_prose_has_paragraphs_emphasis_lists_and_links():
    parts = Parts(html.block("One *two* **three** `four`\n\n- five\n- [six](https://example.org/)\n"))
    assert parts.elements == ["p", "em", "strong", "code", "ul", "li", "li", "a"]
    assert ("a", "href", "https://example.org/") in parts.attributes


def test_one_line_has_no_block_around_it():
    assert str(html.inline("Runs `await` **once**")) == "Runs <code>await</code> <strong>once</strong>"


def test_python_is_highlighted_and_reads_as_it_was_written():
    code = 'def f(a: int) -> str:\n    return "<b>" if a < 1 else "&"\n'
    parts = Parts(html.block(f"```python\n{code}```"))
    assert parts.text.strip() == code.strip()
    classes = {value for tag, name, value in parts.attributes if (tag, name) == ("span", "class")}
    assert {"k", "nf"} <= classes, "keywords and function names look different"


@pytest.mark.parametrize("language", ["", "text", "no-such-language", "../../etc/passwd"])
def test_code_of_an_unknown_language_is_shown_plain(language):
    parts = Parts(html.block(f"```{language}\na <b> c\n```"))
    assert parts.elements == ["pre", "code"]
    assert parts.text.strip() == "a <b> c"


def test_every_code_block_can_be_scrolled_with_the_keyboard():
    parts = Parts(html.block("```python\na\n```\n\n```\nb\n```\n\n    c\n"))
    assert parts.elements.count("pre") == 3
    assert parts.attributes.count(("pre", "tabindex", "0")) == 3


@pytest.mark.parametrize("render", [html.block, html.inline])
def test_a_text_is_rendered_once(render):
    text = f"Rendered *once* by {render.__name__}"
    assert render(text) is render("".join(list(text)))
