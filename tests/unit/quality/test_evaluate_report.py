"""The report is one page that shows everything and runs nothing that a sentence holds."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.nlu.asking import Asking
from bot.quality.evaluate import Evaluation, write_report
from bot.quality.evaluate_compare import compare
from bot.quality.evaluate_findings import NUMBERS
from bot.quality.evaluate_report import read_words
from bot.reply.display import read_labels
from bot.settings import ROOT
from bot.yaml_file import read_yaml
from tests.unit.quality.evaluate_doubles import MONEY, OTHER, some

ASKING = Asking(0.45, {}, answered=0.92, right=0.9)
PNG = b"\x89PNG\r\n\x1a\n"
LABELS = read_labels(ROOT / "data/responses/labels.yml")["intent"]


class Balanced(HTMLParser):
    """Notes the tags that are open, and any link outside."""

    VOID = frozenset({"meta", "img", "!doctype"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def report(tmp_path: Path) -> str:
    """Of a run with a comparison, the pictures checked."""
    found = some()
    compared = compare(found, some(answer=MONEY), "old.tar.gz")
    run = Evaluation(Path("new.tar.gz"), (Path("t.jsonl"),), found, compared, known=3, asking=ASKING)
    path = write_report(run, tmp_path / "out")
    pictures = sorted(path.parent.glob("*.png"))
    assert [picture.stem for picture in pictures] == ["calibration", "coverage", "heat"]
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)
    return path.read_text(encoding="utf-8")


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(report: str) -> None:
    """Every tag is closed; pictures lie inside it."""
    page = Balanced()
    page.feed(report)
    assert page.open == []
    assert len(page.outside) == 3
    assert all(source.startswith("data:image/png;base64,") for source in page.outside)


def test_the_page_tells_the_share_the_mixups_and_the_flips(report: str) -> None:
    """In the owner's words, each sentence as it was typed and not as markup."""
    assert "90.0%" in report
    assert f"「{LABELS[MONEY]}」当成了「{LABELS['return_goods']}」" in report
    assert "钱&lt;呢&gt;" in report
    assert "<呢>" not in report
    assert "old.tar.gz" in report
    assert "颜色 黑色、数量 3" in report
    assert "8 句变好，0 句变差" in report
    assert "3 句和训练例句几乎一样" in report
    assert "把握不到 45% 就先反问" in report


def test_a_set_of_one_kind_has_a_report_too(tmp_path: Path) -> None:
    """Without single messages there is nothing to draw, and nothing fails."""
    found = replace(
        some(), headline={}, intents={}, moods={}, bins=(), curve=(), pairs={}, outcomes=some().outcomes[10:]
    )
    page = write_report(Evaluation(Path("m"), (), found, None, 0, ASKING), tmp_path).read_text(
        encoding="utf-8"
    )
    assert "<section hidden>" in page


def test_every_figure_and_kind_has_words() -> None:
    """Those of the file are those that are measured, in the same order."""
    words = read_words(LABELS)
    assert list(words.figures) == list(some().headline)
    assert {one.kind for one in some(answer=OTHER).outcomes} <= {*words.kinds, "messages"}


def test_every_entity_of_the_domain_has_a_name() -> None:
    """Owners read no identifiers."""
    domain = read_yaml(ROOT / "domain.yml")
    assert set(read_words(LABELS).entities) >= {name for name in domain["entities"] if name in NUMBERS}
