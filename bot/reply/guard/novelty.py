"""Rules value and personal: what a draft says in words that neither sources nor politeness know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import denials
from bot.reply.guard.echo import echoed
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

RUN = 4
"""So many strange characters in a row are a new statement."""
ALONE = 2
"""So many in a clause that is nothing else, and has nothing of the sources."""
SUM = 6
"""So many in one clause, too."""
FLANK = 3
NOUN = 4
"""From this length on, strange characters in place of the template's are another thing's name."""
ALIKE = 0.4
FRONT = 3
"""So near to the beginning of a clause stands what it is about: 您的…, 这款…"""
_NO_NAME = frozenset(
    "走买卖拿放看觉戴着穿最少分步就都还要会能来去做想说找问给吃喝用拆发送寄退修选填写很更只没不也再先别"
)
THINGS = frozenset("个件双份套条只瓶盒袋把支罐包块顶")
JOINING = frozenset("和与及加、有配")
OBEYED = 4
_HAN = re.compile(r"[㐀-鿿]")
_BECAUSE = re.compile(r"因为|由于|原因是|是因|(?<!原)因(?![此而为])|导致|造成")
_SO = re.compile(r"无法|没法|不能|所以|导致|,|。|;")
_LEADS = re.compile(
    r"(?:^|[,。;!?~是为])(?P<why>[^,。;!?~]{2,14}?)(?:引起|造成|导致|所致|才会|才导致|闹的|惹的)"
)
_REASON = re.compile(r"(?:因为|由于|原因是)(?P<why>[^,。;!?~]{2,14})")
_VAGUE = re.compile(r"原因|缘故|关系|这样|如此")
CAUSE = 16
_MORE = re.compile(
    r"还可以|还能|还支持|还会|还送|也可以|也能|也支持|^(?:另外|此外|而且|并且|同时还)(?!.{0,5}(?:留意|注意|提醒|提示|说明|说一|告诉|告知))"
)
POLITE = frozenset({"courtesy", "offers", "feelings"})
_CALLED = re.compile(r"(?:您好|你好|亲(?![自属友近])|先生|女士|小姐)")
GRAMMAR = (
    "negators", "pending", "hedges", "conditions", "can", "must", "ask", "future", "done", "done_after",
    "ongoing",    "postnegators", "echoes",
)  # fmt: skip
PARTICLES = frozenset(
    "后请前时哈咱它的了吗呢吧啊呀哦啦嘛哈是在和与就都也还很把被让对从向您我你他它们有没不会能可要去来到给为这那个一下每各"
)


def check(case: Case) -> Iterator[Reason]:
    """Clauses that bring in something new, and words put in place of the template's."""
    covered = _covered(case, case.draft)
    content = _covered(case, case.template, hard=True)
    for number, clause in enumerate(case.draft.clauses):
        runs = list(_runs(covered, clause.start, clause.end))
        longest = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
        size = longest[1] - longest[0]
        total = sum(end - start for start, end in runs if end - start > 1)
        said = set(case.template.text + case.facts.text + ("" if _is_ordered(case) else case.shopper.text))
        strange = sum(case.draft.text[at] not in said for start, end in runs for at in range(start, end))
        alone = strange >= ALONE and 2 * strange >= clause.end - clause.start and not _supported(case, number)
        if size >= RUN or total >= SUM or alone:
            yield Reason(_rule(case, *longest), case.draft.span(*longest), "", "模板和资料里没有这个内容")
            continue
        for start, end in runs:
            if end - start >= 2 and _CALLED.match(case.draft.text, end):
                yield Reason("personal", case.draft.span(start, end), "", "模板没有写出姓名")
            elif end - start >= 2 and _replaces(case, start, end, content):
                yield Reason("value", case.draft.span(start, end), "", "换掉了模板里的词")
    hard = _covered(case, case.draft, hard=True)
    yield from _asked_for(case, content)
    yield from _other_thing(case, hard, content)
    yield from _one_more(case, hard)
    yield from _cause(case, hard)
    yield from _besides(case)
    yield from _private(case)
    yield from _obeyed(case)


def _rule(case: Case, start: int, end: int) -> str:
    said = case.draft.text[start:end]
    return "personal" if any(part in said or said in part for part in case.facts.private) else "value"


def _supported(case: Case, number: int) -> bool:
    """Whether a clause has a value, a concept or words of the sources."""
    clause = case.draft.clauses[number]
    if any(clause.start <= value.start < clause.end and not value.article for value in case.draft.values):
        return True
    if any(mention.clause == number for mention in case.draft.mentions):
        return True
    text = "".join(ch for ch in case.draft.text[clause.start : clause.end] if _HAN.match(ch))
    idle = {gram for gram in grams(text) if set(gram) <= PARTICLES}
    return bool((grams(text) - idle) & _known(case))


def _known(case: Case) -> frozenset[str]:
    known = case.template.bigrams() | case.facts.bigrams()
    return known if _is_ordered(case) else known | grams(case.shopper.text)


def _is_ordered(case: Case) -> bool:
    """Whether the shopper's message gives the bot orders: then it supports nothing."""
    return bool(case.words.manner_words["injections"].all(case.shopper.text))


def _covered(case: Case, reading: Reading, *, hard: bool = False) -> list[bool]:
    """For each character whether it is known; `hard` lets no single character through but particles."""
    text, words = reading.text, case.words
    covered = [not _HAN.match(ch) or (hard and ch in PARTICLES) for ch in text]
    called = case.manner.address
    spans = [(start, end) for start, end, _, _ in words.harmless.all(text) if not hard or end - start > 1]
    spans += [(value.start, value.end) for value in reading.values]
    spans += (
        [(match.start(), match.end()) for match in re.finditer(re.escape(called), text)] if called else []
    )
    spans += [(start, end) for start, end, _, _ in words.concept_words.all(text)]
    for name in GRAMMAR:
        spans += [
            (start, end)
            for start, end, _, _ in words.manner_words[name].all(text)
            if not hard or end - start > 1
        ]
    if reading is case.draft:
        known = _known(case)
        spans += [(at, at + 2) for at in range(len(text) - 1) if text[at : at + 2] in known]
    for start, end in spans:
        covered[start:end] = [True] * (end - start)
    return covered


def _runs(covered: list[bool], begin: int, end: int) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at in range(begin, end + 1):
        free = at < end and not covered[at]
        if free and start is None:
            start = at
        elif not free and start is not None:
            yield start, at
            start = None


def _replaces(case: Case, start: int, end: int, content: list[bool]) -> bool:
    """Whether the words around a strange run stand in the template around another word: 羊(绒)围巾."""
    text, template = case.draft.text, case.template.text
    if echoed(case, start):
        return False
    for left in range(1, FLANK):
        right = FLANK - left
        before, after = text[max(0, start - left) : start], text[end : end + right]
        if len(before) < left or len(after) < right:
            continue
        pattern = re.escape(before) + r"(?P<was>[^,。!?;\n]{2,4}?)" + re.escape(after)
        if any(not all(content[slice(*match.span("was"))]) for match in re.finditer(pattern, template)):
            return True
    return False


def _asked_for(case: Case, content: list[bool]) -> Iterator[Reason]:
    """蓝牙耳机 where the template has 有线耳机 and only the shopper spoke of 蓝牙."""
    known = set(case.template.text + case.facts.text) | PARTICLES
    text = case.draft.text
    for at in range(len(text) - 1):
        gram = text[at : at + 2]
        if gram not in case.shopper.text or set(gram) & known or gram in case.words.harmless.labels:
            continue
        valued = any(one.start < at + 2 and at < one.end for one in case.draft.values)
        if (
            not valued
            and _HAN.match(gram[0])
            and _HAN.match(gram[1])
            and _replaces(case, at, at + 2, content)
        ):
            yield Reason("value", case.draft.span(at, at + 2), "", "只有顾客这样说过,模板里是另一个")
            return


def _other_thing(case: Case, hard: list[bool], covered: list[bool]) -> Iterator[Reason]:
    """A name of the template gone, and strange words where it might have stood."""
    strange = [
        run for clause in case.draft.clauses
        for run in _runs(hard, clause.start, clause.end)
        if run[1] - run[0] >= NOUN and run[0] - clause.start <= FRONT and not echoed(case, run[0])
        and not set(case.draft.text[slice(*run)]) & _NO_NAME
    ]  # fmt: skip
    if not strange:
        return
    said = case.draft.bigrams()
    for clause in case.template.clauses:
        for start, end in _runs(covered, clause.start, clause.end):
            gone = case.template.text[start:end]
            new = case.draft.text[strange[0][0] : strange[0][1]]
            alike = len(set(gone) & set(new)) >= ALIKE * len(gone)
            front = start - clause.start <= FRONT
            if front and end - start >= NOUN and not grams(gone) & said and not alike:
                yield Reason(
                    "value", case.draft.span(*strange[0]), case.template.span(start, end), "说的是另一样东西"
                )
                return


def _is_thing(value: Value) -> bool:
    return value.kind == "count" and any(key[1] in THINGS for key in value.keys if isinstance(key, tuple))


def _one_more(case: Case, covered: list[bool]) -> Iterator[Reason]:
    """一个食盆, 颈枕1个: a thing that neither sources nor politeness know, or one more than are counted."""
    text, said = case.draft.text, set(case.template.text + case.facts.text + case.shopper.text)
    ours, theirs = (
        [one for one in reading.values if _is_thing(one)] for reading in (case.draft, case.template)
    )
    more = len(ours) > len(theirs) > 1
    for value in ours:
        if echoed(case, value.start):
            continue
        for start, end in ((value.end, value.end + 2), (value.start - 2, value.start)):
            name = text[max(0, start) : end]
            if len(name) < 2 or any(covered[start:end]) or name[0] == "人":
                continue
            if start < value.start and text[start - 1 : start] not in JOINING:
                continue
            if value.article or not set(name) & said or (more and name not in _known(case)):
                span = case.draft.span(min(start, value.start), max(end, value.end))
                yield Reason("value", span, "", "模板里没有这样东西")
                return


def _cause(case: Case, covered: list[bool]) -> Iterator[Reason]:
    """A reason that nobody gave."""
    yield from _caused(case)
    for clause in case.draft.clauses:
        begun = _BECAUSE.search(case.draft.text, clause.start, clause.end)
        if begun and (
            covered[begun.end() : clause.end].count(False) >= RUN or _is_other_cause(case, begun.end())
        ):
            yield Reason("value", case.draft.span(begun.start(), clause.end), "", "模板和资料里没有这个原因")


def _caused(case: Case) -> Iterator[Reason]:
    """多半是紧张引起的, 因为您买过东西: a reason most of whose words nobody used."""
    known = _known(case) | grams(case.shopper.text)
    for pattern in (_LEADS, _REASON):
        for match in pattern.finditer(case.draft.text):
            said = re.sub(r"^(?:您的?|这|那|是|因为|由于|多半|可能|应该|大概|都)+", "", match["why"])
            pairs = {gram for gram in grams(said) if _HAN.match(gram[0]) and _HAN.match(gram[1])}
            pairs -= {gram for gram in pairs if set(gram) <= PARTICLES}
            inside = any(match.start("why") <= one.start < match.end("why") for one in case.draft.values)
            if (
                len(pairs) > 1
                and not inside
                and len(pairs & known) * 3 < len(pairs)
                and not _is_retold(case, said)
                and not _VAGUE.search(said)
            ):
                yield Reason("value", case.draft.span(*match.span()), "", "模板和资料里没有这个原因")
                return


def _is_retold(case: Case, said: str) -> bool:
    """Whether most characters of a reason are the template's own."""
    chars = [ch for ch in said if ch not in PARTICLES]
    return sum(ch in case.template.text for ch in chars) * 2 > len(chars)


def _is_other_cause(case: Case, start: int) -> bool:
    """Whether the template gives a reason too, and this one shares nothing with what is known."""
    if not _BECAUSE.search(case.template.text):
        return False
    said = _SO.split(case.draft.text[start : start + CAUSE], maxsplit=1)[0]
    pairs = {
        gram
        for gram in grams(said)
        if _HAN.match(gram[0]) and _HAN.match(gram[1]) and not set(gram) <= PARTICLES
    }
    return len(pairs) >= RUN and not pairs & _known(case) and not _VAGUE.search(said)


def _besides(case: Case) -> Iterator[Reason]:
    """还可以…: one thing more, of which nobody has spoken."""
    for number, clause in enumerate(case.draft.clauses):
        said = case.draft.text[clause.start : clause.end]
        more = list(_MORE.finditer(said))
        if not more or any(one.clause == number for one in denials(case.draft, case.words)):
            continue
        if _is_mentioned(case, clause.start + more[-1].end(), clause.end):
            continue
        text = said[more[-1].end() :]
        polite = any(topic in POLITE for _, _, _, topic in case.words.harmless.all(text))
        pairs = {gram for gram in grams(text) if not set(gram) <= PARTICLES}
        chars = {ch for ch in text if _HAN.match(ch)} - PARTICLES
        known = chars & {ch for gram in _known(case) for ch in gram}
        if len(pairs) >= 2 and not polite and not pairs & _known(case) and 2 * len(known) <= len(chars):
            yield Reason(
                "promise",
                case.draft.span(clause.start + more[0].start(), clause.end),
                "",
                "模板没有说还有这个",
            )


def _is_mentioned(case: Case, start: int, end: int) -> bool:
    """Whether a stretch speaks of a matter that template or facts speak of."""
    known = {one.concept for one in (*case.template.mentions, *case.facts.mentions)}
    return any(start <= one.start < end and one.concept in known for one in case.draft.mentions)


def _private(case: Case) -> Iterator[Reason]:
    for part in case.facts.private:
        at = case.draft.text.find(part)
        if at >= 0 and part not in case.template.text:
            yield Reason("personal", case.draft.span(at, at + len(part)), "", "个人信息不在模板里,不能出现")


def _obeyed(case: Case) -> Iterator[Reason]:
    """Words that stand in the draft because the shopper ordered them."""
    if not _is_ordered(case):
        return
    text, known = case.draft.text, f"{case.template.text}\n{case.facts.text}"
    for at in range(len(text) - OBEYED + 1):
        piece = text[at : at + OBEYED]
        if (
            piece in case.shopper.text
            and len(_HAN.findall(piece)) == OBEYED
            and piece not in known
            and not echoed(case, at)
            and not any(one.clause == case.draft.clause_at(at) for one in denials(case.draft, case.words))
        ):
            yield Reason("injection", case.draft.span(at, at + OBEYED), "", "照买家消息里的指令说了")
            return
