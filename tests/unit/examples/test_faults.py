"""Whatever is wrong with an example is told with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import training
from bot.errors import BadInput
from bot.examples.faults import LEAST, example_faults, leaked
from bot.examples.lines import Line, read_examples, read_mood_lines, unannotated
from bot.settings import ROOT

DOMAIN = "intents: [track_logistics, return_goods]\nentities: [colour]\n"
Lay = Callable[[str], Path]


def _block(intent: str, *lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"- intent: {intent}\n  metadata: {{writer: me}}\n  examples: |\n{body}"


def _many(intent: str, start: int) -> str:
    """Enough lines that share nothing."""
    signs = [
        f"- {chr(start + 3 * at)}{chr(start + 3 * at + 1)}{chr(start + 3 * at + 2)}" for at in range(LEAST)
    ]
    return _block(intent, *signs)


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """A project of two well-written intents, and a file of more blocks."""

    def laid(more: str) -> Path:
        (tmp_path / "data/nlu/talk").mkdir(parents=True)
        shutil.copytree(ROOT / "data/lexicon", tmp_path / "data/lexicon")
        (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
        good = _many("track_logistics", 0x4E00) + _many("return_goods", 0x5E00)
        (tmp_path / "data/nlu/talk/good.yml").write_text(f"nlu:\n{good}", encoding="utf-8")
        (tmp_path / "data/nlu/talk/more.yml").write_text(f"nlu:\n{more}", encoding="utf-8")
        return tmp_path

    return laid


@pytest.mark.parametrize(
    ("more", "line", "what"),
    [
        (_block("return_goods", "- 快递到哪了", "- 快递，到哪了？"), 6, "几乎一样;去掉一句"),
        (
            _block("return_goods", "- 快递到哪了") + _block("track_logistics", "- 快递到哪了"),
            9,
            "标的却不同(track_logistics 和 return_goods)",
        ),
        (
            _block("return_goods", "- 七天无理由退货运费谁出", "- 七天无理由退货运费谁出呢"),
            6,
            "几乎一样;去掉一句",
        ),
        (_block("retrun_goods", "- 我想退"), 5, "意图 retrun_goods 不在"),
        (_block("return_goods", "- 要[黑色](color)"), 5, "实体 color 不在"),
        (_block("return_goods", "- 要这件连衣[裙的](colour)"), 5, "不在词的边界上"),
        (_block("return_goods", "- 要[黑色(colour)"), 5, "不成对的标注符号"),
        (_block("return_goods", "- /return_goods"), 5, "不成对的标注符号"),
        (_block("return_goods", "我想退"), 5, "应以“- ”开头"),
    ],
)
def test_a_faulty_example_is_named_by_file_and_line(lay: Lay, more: str, line: int, what: str) -> None:
    """And what to do about it is said."""
    root = lay(more)
    faults = example_faults(root)
    assert [what in fault and f"more.yml:{line}:" in fault for fault in faults] == [True]


def test_an_intent_with_too_few_examples_is_named_where_its_lines_begin(lay: Lay) -> None:
    """One without any, where the domain names it."""
    root = lay(_block("price_promo", "- 多少钱"))
    domain = "intents:\n- track_logistics\n- return_goods\n- price_promo\n- invoice\nentities: [colour]\n"
    (root / "domain.yml").write_text(domain, encoding="utf-8")
    few, none = example_faults(root)
    assert "more.yml:5:意图 price_promo 只有 1 句" in few
    assert none.startswith("domain.yml:5:意图 invoice 只有 0 句")


def test_examples_that_are_well_written_have_no_fault(lay: Lay) -> None:
    """Annotations on words included."""
    assert example_faults(lay(_block("return_goods", "- 想退[黑色](colour)那件"))) == []


@pytest.mark.parametrize("file", ["data/nlu/talk/more.yml", "data/lexicon/mood.yml", "domain.yml"])
def test_a_broken_file_is_named_with_its_line(lay: Lay, file: str) -> None:
    """Whichever file it is, before anything else is said."""
    root = lay(_block("return_goods", "- 我想退"))
    path = root / file
    path.write_text(path.read_text(encoding="utf-8") + "\nbroken: [1, 2\n", encoding="utf-8")
    lines = path.read_text(encoding="utf-8").count("\n") + 1
    with pytest.raises(BadInput, match=f"{path.name}:{lines}:不是 YAML"):
        example_faults(root)


def test_training_refuses_faulty_examples(lay: Lay) -> None:
    """Nothing is trained of them, and the first faults are told at once."""
    root = lay(_block("return_goods", *[f"- {'啊' * 2}" for _ in range(15)]))
    with pytest.raises(BadInput, match=r"more.yml:6:.*;……共 \d+ 处"):
        training.train(root)
    assert not (root / "models").exists()


def test_a_test_line_that_is_nearly_an_example_is_named() -> None:
    """Of both the place is told."""
    examples = [Line("data/nlu/a.yml:7", "快递到哪了")]
    tests = [Line("t.jsonl:1", "快递，到哪了？"), Line("t.jsonl:2", "包裹走到什么地方")]
    (found,) = leaked(examples, tests)
    assert found.startswith("t.jsonl:1:")
    assert "data/nlu/a.yml:7" in found


def test_annotations_are_taken_out_of_the_text() -> None:
    """Spans are those of the plain text."""
    text, (first, second) = unannotated("要[黑色](colour)和[白色](colour)")
    assert (text, text[first.start : first.end], text[second.start : second.end]) == (
        "要黑色和白色",
        "黑色",
        "白色",
    )


def test_a_place_is_the_line_of_the_file() -> None:
    """Of every example of the project, and of every line from which a mood is learned."""
    for example in [*read_examples(ROOT)[::500], *read_mood_lines(ROOT)[::50]]:
        file, _, number = example.place.partition(":")
        assert (ROOT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip().removeprefix(
            "- "
        ) == example.written.removeprefix("- ")
