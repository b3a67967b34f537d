"""Text from data is shown as text, never as markup.

Prefer ``st.text`` and ``st.dataframe``, which read no markup. Where a name must stand inside a
sentence of Markdown, :func:`as_markdown` makes it literal; where it must stand inside a chart,
:func:`as_plotly` does.
"""

from __future__ import annotations

import re

__all__ = ["as_markdown", "as_message", "as_plotly", "shorten"]

WORD_JOINER = "\u2060"
BARE_NUMBER = re.compile(r"\d+(?![\w-]|\.\w)")
QUOTED = re.compile(r"`([^`]+)`")
MARKUP = re.compile(r"([!-/:-@\[-`{-~])")


def as_markdown(text: str) -> str:
    r"""Return ``text`` so that Streamlit's Markdown shows it letter by letter.

    Punctuation is escaped with a backslash. Colours, icons and emoji (``:red[…]``) and bare links
    are found in the text *after* that, so their colons and dots are followed by an invisible word
    joiner. One before a blank, or within a number, makes neither: figures are copied as they stand.

    >>> as_markdown("*Fargo*") == r"\*Fargo\*"
    True
    """
    return _escaped(" ".join(str(text).split()))


def _escaped(text: str) -> str:
    return MARKUP.sub(_literal, text)


def as_message(text: str) -> str:
    r"""Return a sentence of the program, whose names of columns and commands stand in backticks.

    Those are shown as code, letter by letter; everything else as by :func:`as_markdown`.

    >>> as_message("No column `a*b` in *items*.") == r"No column `a*b` in \*items\*\."
    True
    """
    parts = QUOTED.split(" ".join(str(text).split()))  # what stands in backticks is every other one
    return "".join(f"`{one}`" if at % 2 else _escaped(one) for at, one in enumerate(parts))


def _literal(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}{WORD_JOINER if _opens_something(mark) else ''}"


def _opens_something(mark: re.Match[str]) -> bool:
    before, after = mark.string[mark.start() - 1 : mark.start()], mark.string[mark.end() :]
    if mark[0] == "@":  # no address ends in a bare number: NDCG@10
        return not BARE_NUMBER.match(after)
    if mark[0] == "." and before.isdecimal() and after[:1].isdecimal():
        return False
    return mark[0] in ":." and after[:1].strip() != ""


def as_plotly(text: str) -> str:
    """Return ``text`` so that Plotly, which reads some HTML tags, shows it letter by letter.

    In hover text it fills in what stands after ``%`` in braces, so those are broken up too.

    >>> as_plotly("<b>Tom & Jerry</b> %{x}")
    '&lt;b&gt;Tom &amp; Jerry&lt;/b&gt; %&#123;x}'
    """
    one_line = " ".join(str(text).split())
    safe = one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("%{", "%&#123;")


def shorten(text: str, length: int = 24) -> str:
    """Cut ``text`` to ``length`` characters, the last of them an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
