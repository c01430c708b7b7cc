"""Markdown of the bank as clean HTML. Each text is rendered once per process: the bank does not change meanwhile."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "hr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "span": {"class"}, "code": {"class"}, "pre": {"tabindex"}}


def _highlighted(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


_markdown = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")


@cache
def block(text: str) -> Markup:
    """Paragraphs, lists and highlighted code. A code block takes the focus, so that the keyboard can scroll it."""
    rendered = _markdown.render(text).replace("<pre>", '<pre tabindex="0">')
    return Markup(nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704 - cleaned by nh3


@cache
def inline(text: str) -> Markup:
    """One line: emphasis and `code`, no block around it."""
    return Markup(nh3.clean(_markdown.renderInline(text), tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704
