"""The report as one HTML page that an owner can read; the page and its words lie in files beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import mean
from string import Template

from bot.nlu.asking import Asking
from bot.quality.evaluate_compare import Comparison, Flip
from bot.quality.evaluate_findings import Figure, Findings, Mixup
from bot.quality.evaluate_html import bar, folded, sentences, source, table, tag
from bot.quality.evaluate_metrics import Scores
from bot.quality.evaluate_outcomes import AND, Outcome
from bot.yaml_file import read_yaml

PAGE = Path(__file__).with_name("evaluate_report.html")
WORDS = Path(__file__).with_name("evaluate_words.yml")
MOST_MIXUPS, MOST_SENTENCES, MOST_ROWS = 15, 6, 20
SURE = 0.8
"""From this mean probability on a mix-up is called a sure one."""
CHANCE = 0.05
"""A difference more likely than this between equal models may be one by chance."""


@dataclass(frozen=True)
class Words:
    """What the report calls things; `intents` are the names on buttons."""

    figures: Mapping[str, tuple[str, str]]
    """Title and what it tells, in the order of the report."""
    kinds: Mapping[str, str]
    reached: Mapping[str, str]
    entities: Mapping[str, str]
    moods: Mapping[str, str]
    advice: Mapping[str, str]
    said: Mapping[str, str]
    intents: Mapping[str, str]

    def meant(self, code: str) -> str:
        """The name of an intent, of several joined by +, of where a wish led, of a mood; values by name."""
        if "=" in code:
            values = (value.partition("=") for value in code.split(AND))
            return AND.join(f"{self.entities.get(entity, entity)} {value}" for entity, _, value in values)
        names = {**self.intents, **self.reached, **self.moods}
        return " + ".join(names.get(each, each) for each in code.split("+")) or self.said["nothing"]

    def asking(self, fitted: Asking) -> str:
        """Below which probability the bot asks, and what that was worth in training."""
        shares = {"answered": f"{fitted.answered:.0%}", "right": f"{fitted.right:.0%}"}
        return self.said["asking"].format(usual=f"{fitted.usual:.0%}", **shares)


@dataclass(frozen=True)
class Pictures:
    """PNG files."""

    heat: bytes
    calibration: bytes
    coverage: bytes


def read_words(intents: Mapping[str, str]) -> Words:
    """The words of the file, and the names of intents."""
    raw = read_yaml(WORDS)
    figures = {name: (title, told) for name, (title, told) in raw.pop("figures").items()}
    return Words(figures, intents=intents, **raw)


def page(
    found: Findings, pictures: Pictures, words: Words, about: str, compared: Comparison | None, known: int
) -> str:
    """The whole page; `about` says which model and cases, `known` how many cases training holds."""
    said = words.said
    others = [_misses(title, found.misses(kind), words) for kind, title in words.kinds.items()]
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        about=escape(about),
        lead=_lead(found.headline.get("accuracy"), words),
        cards="".join(_card(*words.figures[name], figure) for name, figure in found.headline.items()),
        warning=f'<p class="bad">{escape(said["known"].format(count=known))}</p>' if known else "",
        comparison=_comparison(found, compared, words) if compared else "",
        single="" if found.pairs else " hidden",
        mixups=_mixups(found.mixups(), words),
        others="".join(others),
        intents=_scores(found.intents, words.intents),
        moods=_scores(found.moods, words.moods),
        heat=source(pictures.heat),
        calibration=source(pictures.calibration),
        coverage=source(pictures.coverage),
    )


def percent(figure: Figure) -> str:
    """A figure as per cent with one digit."""
    return f"{100 * figure.value:.1f}%"


def bounds(figure: Figure) -> str:
    """The interval that holds the true share with 95 % certainty; empty for what is no share."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.1f}%–{100 * figure.high:.1f}%"


def verdict(compared: Comparison, words: Words) -> str:
    """In one sentence: how many cases became better and worse, and whether that may be chance."""
    better, worse, chance = len(compared.better), len(compared.worse), compared.chance
    kind = "same" if not better + worse else "chance" if chance > CHANCE else "differs"
    return words.said[kind].format(better=better, worse=worse, chance=f"{100 * chance:.0f}%")


def _lead(accuracy: Figure | None, words: Words) -> str:
    if accuracy is None:
        return ""
    value = f"<b>{percent(accuracy)}</b>"
    return words.said["lead"].format(of=accuracy.of, value=value, bounds=bounds(accuracy))


def _card(title: str, told: str, figure: Figure) -> str:
    between = f"，{bounds(figure)}" if bounds(figure) else ""
    about = f"{escape(told)}（{figure.of} 条{between}）"
    return (
        f'<div class="card"><div class="value">{percent(figure)}</div>'
        f'<div class="title">{escape(title)}</div><div class="soft">{about}</div></div>'
    )


def _mixups(mixups: Sequence[Mixup], words: Words) -> str:
    if not mixups:
        return f"<p>{words.said['none']}</p>"
    boxes = [_mixup(one, words) for one in mixups]
    shown, rest = boxes[:MOST_MIXUPS], boxes[MOST_MIXUPS:]
    return folded("".join(shown), "".join(rest), len(rest))


def _mixup(mixup: Mixup, words: Words) -> str:
    names = {"expected": words.meant(mixup.expected), "came": words.meant(mixup.came)}
    title, advice = (
        escape(text.format(**names)) for text in (words.said["mixup"], words.advice[_how(mixup)])
    )
    said = [escape(miss.text) + tag(_certainty(miss, words)) for miss in mixup.misses]
    return (
        f'<div class="box"><h3>{title} <span class="count">{len(said)} 句</span></h3>'
        f'{sentences(said, MOST_SENTENCES)}<div class="soft">{advice}</div></div>'
    )


def _how(mixup: Mixup) -> str:
    if 2 * sum(one.asks for one in mixup.misses) > len(mixup.misses):
        return "asked"
    return "sure" if mean(one.sure for one in mixup.misses) >= SURE else "unsure"


def _certainty(miss: Outcome, words: Words) -> str:
    return words.said["asks"] if miss.asks else words.said["sure"].format(sure=f"{100 * miss.sure:.0f}%")


def _misses(title: str, misses: Sequence[Outcome], words: Words) -> str:
    if not misses:
        return ""
    rows = [
        (_in_context(miss), escape(words.meant(miss.expected)), escape(words.meant(miss.came)))
        for miss in misses
    ]
    heading = words.said["misses"].format(kind=title, count=len(misses))
    return f"<h2>{escape(heading)}</h2>{table(('买家的话', '应当是', '机器人的理解'), rows, MOST_ROWS)}"


def _in_context(miss: Outcome) -> str:
    before = "".join(f'<div class="soft">{escape(text)}</div>' for text in miss.before)
    return before + escape(miss.text)


def _scores(found: Mapping[str, Scores], names: Mapping[str, str]) -> str:
    ordered = sorted(found.items(), key=lambda item: (item[1].f1, item[0]))
    rows = [
        (
            escape(names.get(name, name)),
            f"{one.count}",
            f"{100 * one.recall:.0f}%",
            f"{100 * one.precision:.0f}%",
            bar(one.f1),
        )
        for name, one in ordered
    ]
    return table(("", "句数", "认出", "准", ""), rows, len(rows)) if rows else ""


def _comparison(found: Findings, compared: Comparison, words: Words) -> str:
    rows = [
        (
            escape(words.figures[name][0]),
            percent(ours),
            percent(compared.headline[name]),
            f"{100 * (ours.value - compared.headline[name].value):+.1f}",
        )
        for name, ours in found.headline.items()
        if name in compared.headline
    ]
    title = f"<h2>{escape(words.said['compared'].format(name=compared.name))}</h2>"
    figures = table(("", "现在的模型", compared.name, "差（百分点）"), rows, len(rows))
    flips = {"better": compared.better, "worse": compared.worse, "moved": compared.moved}
    told = "".join(_flips(words.said[kind], kind, each, words) for kind, each in flips.items())
    return f"{title}<p>{escape(verdict(compared, words))}</p>{figures}{told}"


def _flips(title: str, kind: str, flips: Sequence[Flip], words: Words) -> str:
    rows = [
        (_in_context(flip.ours), *(escape(words.meant(code)) for code in codes))
        for flip in flips
        for codes in [(flip.ours.expected, flip.ours.came, flip.other)]
    ]
    head = ("买家的话", "应当是", "现在的模型", "另一个模型")
    return (
        f'<h3 class="{kind}">{escape(title)} {len(rows)} 句</h3>{table(head, rows, MOST_ROWS)}'
        if rows
        else ""
    )
