"""Styles are data: read strictly, shown by examples, and held against any text in one place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, NotConfigured
from bot.reply.lint import Rule, limits, lint
from bot.reply.rehearsal import check_phrases
from bot.reply.style import FOLDER, Styles, read_styles

ROOT = Path(__file__).parents[3]
STYLES = read_styles(ROOT / FOLDER)
RULES = {rule.name: rule for style in STYLES.by_name.values() for rule in style.rules}
FAILS = [(rule.name, text) for rule in RULES.values() for text in rule.fails]
PASSES = [(rule.name, text) for rule in RULES.values() for text in rule.passes]


@pytest.mark.parametrize(("name", "text"), FAILS)
def test_a_rule_finds_its_failing_examples(name: str, text: str) -> None:
    """Each span stands in the text as the writer wrote it."""
    found = lint(text, [RULES[name]])
    assert found
    assert all(finding.span and finding.span in text for finding in found)


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_a_rule_leaves_its_passing_examples_alone(name: str, text: str) -> None:
    """What only looks like a breach is none."""
    assert lint(text, [RULES[name]]) == ()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_shown_by_five_examples_of_either_kind(rule: Rule) -> None:
    """A rule without examples is taste."""
    assert len(rule.fails) >= 5
    assert len(rule.passes) >= 5


def test_there_are_three_complete_styles() -> None:
    """One says 您, one 亲, one is lively and alone may use emoji."""
    assert set(STYLES.by_name) >= {"formal", "warm", "lively"}
    assert [STYLES.by_name[n].address for n in ("formal", "warm")] == ["您", "亲"]
    assert [STYLES.by_name[n].emoji for n in ("formal", "warm", "lively")] == [False, False, True]


def test_what_a_style_says_of_its_own_accord_keeps_its_own_rules() -> None:
    """Phrases, troubles and the form of a refusal are held to the rules too."""
    assert list(check_phrases(STYLES)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("max_chars: 300", "max_char: 300", "max_char 这一项,是不是 max_chars"),
        ("max_chars: 300", "max_chars: 很多", "max_chars:要写一个整数"),
        ("pronoun: 您\n", "", "少了 pronoun"),
        ("  closing:", "  closeing:", "closeing 这一项,是不是 closing"),
        ("calm: [greeting, fact, inquiry]", "calm: [greting, fact]", "没有 greting 这一步,是不是 greeting"),
        ("calm: [greeting, fact, inquiry]", "calm: [greeting]", "fact 要写一次"),
        ("title: 亲切", "title: [", "不是 YAML"),
        ("refusal:", "rules: {a: {wrods: [x]}}\nrefusal:", "wrods 这一项,是不是 words"),
        ("refusal:", "rules: {a: {words: [x], expected: y}}\nrefusal:", "少了 why"),
        ("refusal:", "rules: {a: {patterns: ['('], why: x, expected: y}}\nrefusal:", "不是正则式"),
        ("refusal:", "rules: {a: {words: [x], why: x, expected: y, level: no}}\nrefusal:", "level:要写"),
    ],
)
def test_a_style_with_a_mistake_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    """The message names the file, the key, and the nearest known one."""
    shutil.copytree(ROOT / FOLDER, tmp_path / "style")
    path = tmp_path / "style" / "warm.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_styles(tmp_path / "style")
    assert told in str(refused.value)
    assert "warm.yml" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["加 微 信 详谈", "加\u200b微\u200b信", "加Ｖ聊", "＋V", "VX：ab12345", "薇❤同号"]
)
def test_dodges_do_not_help(text: str) -> None:
    """Blanks, unseen characters, full width and look-alikes are read through."""
    assert lint(text, STYLES.rules)


def test_an_unknown_style_is_refused_with_the_names_there_are() -> None:
    """A typo in the settings does not quietly change how the shop speaks."""
    with pytest.raises(NotConfigured, match="formal、lively、warm"):
        STYLES.require("royal")


def test_what_stands_in_the_sources_is_not_held_against_a_text() -> None:
    """The shop's own page, manual or rule may be quoted."""
    text = "说明书在 https://shop.example/m.pdf，面料标注为国家级非遗工艺"
    assert lint(text, STYLES.rules)
    assert lint(text, STYLES.rules, sources=text) == ()


@pytest.mark.parametrize("kind", ["agent", "canned", "faq", "product"])
def test_only_the_bots_own_words_are_blocked(kind: str) -> None:
    """People are warned; what they wrote stays as it is."""
    text = "加我微信，质量第一"
    assert {finding.level for finding in lint(text, STYLES.rules)} == {"block"}
    assert {finding.level for finding in lint(text, STYLES.rules, kind=kind)} == {"warn"}  # type: ignore[arg-type]


def test_length_and_emoji_are_held_against_the_style() -> None:
    """Circled numbers are no emoji."""
    assert [found.rule for found in limits("一二三四", 3, emoji=False)] == ["length"]
    assert [found.span for found in limits("好的😊", 10, emoji=False)] == ["😊"]
    assert limits("①提交②寄回😊", 20, emoji=True) == ()
    assert limits("①提交②寄回✓", 20, emoji=False) == ()


@given(st.text(max_size=60))
def test_no_text_makes_lint_raise(text: str) -> None:
    """And every span can be found in the text."""
    for name in STYLES.by_name:
        for found in lint(text, _rules(STYLES, name)):
            assert found.span in text


@given(
    st.text(alphabet="加微信最好的质量第一100%有效我不能但是是您问题V qQ~", max_size=40), st.text(max_size=20)
)
def test_a_source_more_never_adds_a_finding(text: str, source: str) -> None:
    """Findings only go away when more is known."""
    bare = {(found.rule, found.span) for found in lint(text, STYLES.rules)}
    assert len(lint(text, STYLES.rules, sources=text)) == 0
    assert {(found.rule, found.span) for found in lint(text, STYLES.rules, sources=source)} <= bare


def _rules(styles: Styles, name: str) -> tuple[Rule, ...]:
    style = styles.get(name)
    assert style is not None
    return style.rules
