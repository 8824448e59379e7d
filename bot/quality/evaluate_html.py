"""Pieces of HTML that the report is put together from."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape


def table(head: Sequence[str], rows: Sequence[Sequence[str]], shown: int) -> str:
    """A table of cells that are HTML already; rows after the first `shown` behind a line to click on."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]

    def of(some: Sequence[str]) -> str:
        return f"<table><tr>{top}</tr>{''.join(some)}</table>"

    return folded(of(lines[:shown]), of(lines[shown:]), len(lines) - shown)


def sentences(items: Sequence[str], shown: int) -> str:
    """A list of items that are HTML already, of which the first `shown` are seen at once."""
    lines = [f"<li>{item}</li>" for item in items]

    def of(some: Sequence[str]) -> str:
        return f'<ul class="said">{"".join(some)}</ul>'

    return folded(of(lines[:shown]), of(lines[shown:]), len(lines) - shown)


def folded(first: str, rest: str, count: int) -> str:
    """Something, and behind a line to click on the `count` others, if there are any."""
    return first + (f"<details><summary>其余 {count} 条</summary>{rest}</details>" if count > 0 else "")


def tag(text: str) -> str:
    """A small remark behind a sentence."""
    return f'<span class="tag">{escape(text)}</span>'


def bar(share: float) -> str:
    """A bar for a share."""
    return f'<div class="bar"><div style="width:{100 * share:.0f}%"></div></div>'


def source(png: bytes) -> str:
    """A picture inside the page."""
    return "data:image/png;base64," + b64encode(png).decode("ascii")
