"""The guard: whether a draft says what the template says, and nothing more. A pure function of data.

Defaults of absent fields: mood calm, shopper empty, facts empty, today unknown (relative days then match only
themselves), style: shared rules, no form of address asked for, at most 500 characters, no emoji.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.reply.guard import (
    advice,
    binding,
    charged,
    claims,
    coverage,
    doers,
    each,
    lists,
    manner,
    modality,
    negation,
    novelty,
    omission,
    pairing,
    payers,
    progress,
    remedies,
    restrictions,
    sequence,
    steps,
    support,
    times,
    unasked,
)
from bot.reply.guard.case import Case, Manner, Reason
from bot.reply.guard.reading import grams, read, read_facts
from bot.reply.guard.vocabulary import Vocabulary, read_vocabulary
from bot.reply.style import Styles

Json = dict[str, Any]
MAX_CHARS = 500
MOODS = frozenset({"calm", "confused", "angry"})
LONGEST = 4000
"""A longer text is refused unread: no reply is that long."""
CHECKS = (
    support.check,
    times.check,
    charged.check,
    omission.check,
    progress.check,
    coverage.check,
    doers.check,
    unasked.check,
    claims.check,
    modality.check,
    negation.check,
    restrictions.check,
    remedies.check,
    binding.check,
    pairing.check,
    payers.check,
    sequence.check,
    steps.check,
    lists.check,
    each.check,
    advice.check,
    novelty.check,
    manner.check,
)
OBEYABLE = frozenset({"value", "promise", "status", "polarity", "language", "style", "unit", "format"})


def judge(case: Mapping[str, Any], styles: Styles, words: Vocabulary | None = None) -> Json:
    """`{"id", "ok", "reasons": [{"rule", "span", "expected", "why"}]}` for one draft; never raises."""
    name = _name(case)
    try:
        reasons = _reasons(case, styles, words or read_vocabulary())
    except Exception as error:
        reasons = [Reason("format", "", "", f"读不了:{type(error).__name__}")]
    return {"id": name, "ok": not reasons, "reasons": [reason.to_json() for reason in reasons]}


def _name(case: Any) -> Any:
    return case.get("id") if isinstance(case, Mapping) else None


def _reasons(case: Any, styles: Styles, words: Vocabulary) -> list[Reason]:
    malformed = list(_malformed(case))
    if malformed:
        return malformed
    opened = _open(case, styles, words)
    found = list(dict.fromkeys(reason for check in CHECKS for reason in check(opened)))
    return [*found, *_obeyed(opened, found)]


def _malformed(case: Any) -> Iterator[Reason]:
    if not isinstance(case, Mapping):
        yield Reason("format", "", "{…}", "输入不是一个对象")
        return
    for field, kind in (("draft", str), ("template", str)):
        text = case.get(field)
        if not isinstance(text, kind):
            yield Reason("format", "", "文字", f"{field} 不是文字")
        elif not text.strip():
            yield Reason("format", "", "文字", f"{field} 是空的")
        elif len(text) > LONGEST:
            yield Reason("length", "", f"最多{LONGEST}个字", f"{field} 太长")
    for field, kinds in (
        ("facts", (Mapping,)),
        ("style", (Mapping,)),
        ("shopper", (str,)),
        ("mood", (str,)),
        ("today", (str,)),
    ):
        if case.get(field) is not None and not isinstance(case[field], kinds):
            yield Reason("format", "", "", f"{field} 的类型不对")
    yield from _malformed_style(case.get("style"))
    today = case.get("today")
    if isinstance(today, str) and today and _day(today) is None:
        yield Reason("format", "", "2026-11-21", "today 不是日期")
    if isinstance(case.get("mood"), str) and case["mood"] and case["mood"] not in MOODS:
        yield Reason("format", "", "calm|confused|angry", "不认识的 mood")


def _malformed_style(style: Any) -> Iterator[Reason]:
    if not isinstance(style, Mapping):
        return
    wanted = (("name", (str,)), ("address", (str,)), ("max_chars", (int, float)), ("emoji", (bool,)))
    for field, kinds in wanted:
        value = style.get(field)
        if value is not None and (
            not isinstance(value, kinds) or (field == "max_chars" and isinstance(value, bool))
        ):
            yield Reason("format", "", "", f"style.{field} 的类型不对")


def _open(case: Mapping[str, Any], styles: Styles, words: Vocabulary) -> Case:
    today = _day(case.get("today") or "")
    shopper = (case.get("shopper") or "")[:LONGEST]
    facts = case.get("facts") or {}
    return Case(
        template=read(case["template"], words, today),
        draft=read(case["draft"].strip(), words, today),
        shopper=read(shopper, words, today),
        facts=read_facts(facts, words, today),
        raw_facts=facts,
        mood=case.get("mood") or "calm",
        manner=_manner(case.get("style") or {}, styles),
        today=today,
        words=words,
        styles=styles,
    )


def _manner(style: Mapping[str, Any], styles: Styles) -> Manner:
    named = styles.get(style.get("name") or "")
    most = style.get("max_chars")
    emoji = style.get("emoji")
    return Manner(
        named,
        style.get("address") or (named.address if named else ""),
        int(most) if most is not None else named.max_chars if named else MAX_CHARS,
        emoji if emoji is not None else named.emoji if named else False,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _obeyed(case: Case, found: list[Reason]) -> Iterator[Reason]:
    """Where the shopper's message gives orders and the draft's fault is what it asked for."""
    if not case.words.manner_words["injections"].all(case.shopper.text):
        return
    asked = grams(case.shopper.text)
    for reason in found:
        pairs = grams(reason.span.lower())
        if reason.rule in OBEYABLE and pairs and len(pairs & asked) * 2 >= len(pairs):
            yield Reason("injection", reason.span, "", "照买家消息里的指令说了")
            return
