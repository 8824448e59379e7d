"""What is wrong with the training examples, each fault with its file and line and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from bot.examples.lines import ANNOTATION, BULLET, Example, Line, read_examples
from bot.examples.near import NearLines
from bot.nlu import tokens
from bot.yaml_file import read_nodes, read_yaml

LEAST = 20
"""Lines of an intent below which it is guessed rather than known; our own have 150 and more."""
DOMAIN = "domain.yml"
LEXICON = "data/lexicon"


def example_faults(root: Path) -> list[str]:
    """One line a fault in data/nlu or data/lexicon; raises BadInput for a file that is no YAML."""
    for path in sorted((root / LEXICON).glob("*.yml")):
        read_yaml(path)
    domain = read_yaml(root / DOMAIN)
    examples = read_examples(root)
    return [
        *_unreadable(examples),
        *_unknown(examples, domain["intents"], domain.get("entities") or ()),
        *_too_few(examples, domain["intents"], root),
        *_misaligned(examples, root / LEXICON),
        *repeated(examples),
    ]


def repeated(examples: Sequence[Example]) -> Iterator[str]:
    """Lines that are nearly one before them, under the same intent or another."""
    lines = NearLines([example.text for example in examples])
    for at, example in enumerate(examples):
        for other in lines.near(example.text):
            if other < at:
                yield _twice(example, examples[other])


def leaked(examples: Sequence[Line], tests: Iterable[Line]) -> Iterator[str]:
    """Test lines that are nearly a training line: a bot that only remembers would get them right."""
    lines = NearLines([example.text for example in examples])
    for test in tests:
        for at in lines.near(test.text)[:1]:
            known = examples[at]
            yield (
                f"{test.place}:「{test.text}」和训练例句 {known.place}「{known.text}」几乎一样,"
                "测不出真本事;从测试集里去掉"
            )


def _twice(example: Example, other: Example) -> str:
    said = f"{example.place}:「{example.text}」和 {other.place}「{other.text}」几乎一样"
    if example.intent == other.intent:
        return f"{said};去掉一句"
    return f"{said},标的却不同({example.intent} 和 {other.intent});只留对的一句"


def _unreadable(examples: Iterable[Example]) -> Iterator[str]:
    for example in examples:
        left = ANNOTATION.sub("", example.written.removeprefix(BULLET))
        if not example.written.startswith(BULLET):
            yield f"{example.place}:每句应以“- ”开头,却是「{example.written}」"
        elif not example.text.strip():
            yield f"{example.place}:这一句是空的;写上内容,或去掉"
        elif example.written.startswith(f"{BULLET}/") or any(sign in left for sign in "[]{}|"):
            yield (
                f"{example.place}:「{example.text}」里有不成对的标注符号(方括号、花括号、竖线或开头的斜杠);"
                "标注写成 [值](名称),别处去掉"
            )


def _unknown(
    examples: Iterable[Example], intents: Collection[str], entities: Collection[str]
) -> Iterator[str]:
    told: set[str] = set()
    for example in examples:
        if example.intent not in intents and example.intent not in told:
            told.add(example.intent)
            yield f"{example.place}:意图 {example.intent} 不在 {DOMAIN} 的 intents 里;改名,或先写进去"
        for span in example.spans:
            if span.entity not in entities:
                yield f"{example.place}:实体 {span.entity} 不在 {DOMAIN} 的 entities 里;改名,或先写进去"


def _too_few(examples: Sequence[Example], intents: Iterable[str], root: Path) -> Iterator[str]:
    counts = Counter(example.intent for example in examples)
    first = {example.intent: example.place for example in reversed(examples)}
    for intent in intents:
        if counts[intent] < LEAST:
            place = first.get(intent) or f"{DOMAIN}:{_line_of(intent, root)}"
            yield f"{place}:意图 {intent} 只有 {counts[intent]} 句例句,至少要 {LEAST} 句;再写几句不同的说法"


def _line_of(intent: str, root: Path) -> int:
    node = read_nodes(root / DOMAIN)
    fields = {key.value: value for key, value in node.value} if node is not None else {}
    named = [each for each in fields["intents"].value if each.value == intent]
    return int(named[0].start_mark.line) + 1 if named else 1


def _misaligned(examples: Iterable[Example], lexicon: Path) -> Iterator[str]:
    """Annotations that cut a word in two: Rasa learns nothing from them, and only warns."""
    annotated = [example for example in examples if example.spans]
    for example in annotated:
        words = tokens.spans(example.text, tokens.segmenter(lexicon))
        starts, ends = {start for _, start, _ in words}, {end for _, _, end in words}
        for span in example.spans:
            if span.start not in starts or span.end not in ends:
                cut = " / ".join(word for word, _, _ in words)
                yield (
                    f"{example.place}:标注 [{example.text[span.start : span.end]}]({span.entity}) "
                    f"不在词的边界上(分词:{cut});改标注,或把词写进 {LEXICON}/{tokens.WORDS}"
                )
