"""Every page of every test is looked at as a page: heading, title, ids, scripts."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path", "circle", "rect"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.titles: list[str] = []
        self.problems: list[str] = []
        self.open: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if "id" in known:
            self.ids.append(known["id"] or "")
        if "style" in known:
            self.problems.append(f"style on <{tag}>")
        self.problems += [f"{name} on <{tag}>" for name in known if name.startswith("on")]
        if tag == "script" and not known.get("nonce") and not known.get("src"):
            self.problems.append("script without nonce")
        if tag == "html":
            self.language = known.get("lang")
        if tag == "h1":
            self.headings.append("")
        if tag == "title" and "svg" not in self.open:
            self.titles.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "h1" in self.open:
            self.headings[-1] += data
        if "title" in self.open and "svg" not in self.open and self.titles:
            self.titles[-1] += data


def assert_is_page(response: TestResponse) -> None:
    """Check one HTML answer as a page."""
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    where = response.request.path
    assert reader.language == "vi", where
    assert len(reader.headings) == 1, f"{where}: {len(reader.headings)} h1"
    assert len(reader.titles) == 1 and reader.titles[0].strip(), f"{where}: title"
    doubled = {name for name in reader.ids if reader.ids.count(name) > 1}
    assert doubled == set(), f"{where}: doubled ids"
    assert reader.problems == [], where
