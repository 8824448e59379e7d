"""Rules omission, value, polarity: of what is listed side by side nothing goes and nothing comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.echo import echoed
from bot.reply.guard.reading import Reading, grams

EDGE = 4
LEAST = 2
"""Of so few characters that are an item's own one is not enough."""
"""Where a list has no mark at its ends, so many characters are its first and last item."""
_ITEM = r"[^,。;:!?~、()\[\]「」“”\"\n→和与及或]{1,10}"
_AND = r"、|和|与(?!其)|以及|及(?![之以时早格其])|或者|或(?!许)"
_LIST = re.compile(rf"{_ITEM}(?:(?:{_AND}){_ITEM})+")
_SAID_OF = re.compile(r"不|未|没|均|都|可|需|须|享|除")
"""Where the last item ends and what is said of all begins."""
_SPLIT = re.compile(_AND)
GRANTED = frozenset({"free", "free_freight", "warranty", "gift", "compensate", "no_reason"})
_SUBJECTS = re.compile(
    r"(?P<one>[㐀-鿿]{2,6})(?:和|与|及|、)(?P<other>[㐀-鿿]{2,6}?)(?:都|也|均|全部|全)?(?:是|可以|能|享受|为)?$"
)
_BOTH = re.compile(r"且(?!慢)|并且|同时满足|都满足|均满足")
_CHOICE = re.compile(r"(?P<one>[㐀-鿿]{2,6})(?:或者?)(?P<other>[㐀-鿿]{2,6})")
_BOTH_ARE = re.compile(r"(?P<one>[㐀-鿿\w ]{2,10})(?:和|与|及|、)(?P<other>[㐀-鿿\w ]{2,8}?)(?:都|均)")
_SIGN = re.compile(r"不(?!同|错|仅)|未|无(?!理由|线)|没|除外|例外|暂停|停产|缺货|售罄")
_SAME = re.compile(r"不变|不会变|保持|照旧|不[^,。]{0,2}改")
_AND_ALSO = (
    r"[^。;或]{0,4}(?:并且?|而且|且|同时|加上?|又|还(?![是可能])会?|也(?![是可能行])会?)[^,。;或]{0,4}"
)
_NOT = re.compile(r"[不未没别勿无]")
_EITHER = re.compile(r"或(?!许)")
_IDLE = frozenset("的了是在您我们也都就可请要这那个一还再去来给为把被会能不有没到后前时")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class Item:
    """One item of a list at an interval of the text."""

    start: int
    end: int


def check(case: Case) -> Iterator[Reason]:
    """Items of the template that the draft's list has not, and the other way round."""
    yield from _dropped(case)
    yield from _added(case)
    yield from _shared(case)
    yield from _joined(case)
    yield from _together(case)
    yield from _apart(case)


def _lists(reading: Reading) -> Iterator[list[Item]]:
    for match in _LIST.finditer(reading.text):
        cuts = [(match.start(), match.start()), *(cut.span() for cut in _SPLIT.finditer(match.group()))]
        spans = [(match.start(), 0)]
        for start, end in cuts[1:]:
            spans[-1] = (spans[-1][0], match.start() + start)
            spans.append((match.start() + end, 0))
        spans[-1] = (spans[-1][0], match.end())
        first, last = spans[0], spans[-1]
        spans[0] = (max(first[0], first[1] - EDGE), first[1])
        spans[-1] = (last[0], min(last[1], last[0] + EDGE))
        said = _SAID_OF.search(reading.text, last[0] + LEAST, spans[-1][1])
        spans[-1] = (last[0], said.start() if said else spans[-1][1])
        yield [Item(start, end) for start, end in spans if end - start > 1]


def _joined(case: Case) -> Iterator[Reason]:
    """A且B is not A或B."""
    match = _EITHER.search(case.draft.text)
    if match is None or _EITHER.search(case.template.text):
        return
    if _BOTH.search(case.template.text) and not _BOTH.search(case.draft.text):
        yield Reason("polarity", case.draft.span(*match.span()), "且", "模板要求两样都满足")


def _together(case: Case) -> Iterator[Reason]:
    """订单号或发票 is not 订单号和发票."""
    for match in _CHOICE.finditer(case.template.text):
        one, other = match["one"][-2:], match["other"][:2]
        if _NOT.search(match["one"]):
            continue
        joint = re.search(
            rf"同时[^,。;]*{one}[^,。;]*{other}|{one}[^,。;或]{{0,4}}[和与及][^,。;]{{0,4}}{other}[^,。;]*(?:都要|缺一|都需)",
            case.draft.text,
        )
        both = re.search(rf"{one}{_AND_ALSO}{other}", case.draft.text)
        joint = joint or both
        if joint:
            yield Reason("polarity", case.draft.span(*joint.span()), "或", "模板里有一样就行")
            return


def _apart(case: Case) -> Iterator[Reason]:
    """收货人和手机号都更新啦, where only the one has changed."""
    for match in _BOTH_ARE.finditer(case.draft.text):
        if _NOT.search(match["one"]):
            continue
        one, other = match["one"].strip()[-2:], match["other"].strip()
        texts = [case.template.text[clause.start : clause.end] for clause in case.template.clauses]
        mine = [text for text in texts if one in text and other not in text]
        its = [text for text in texts if other in text and one not in text]
        if mine and its and not any(one in text and other in text for text in texts):
            kept = [any(_SAME.search(text) for text in group) for group in (mine, its)]
            signs = [any(_SIGN.search(text) for text in group) for group in (mine, its)]
            if kept[0] != kept[1] or signs[0] != signs[1]:
                yield Reason("swap", case.draft.span(*match.span()), "", "模板里只有其中一样是这样")
                return


def _shared(case: Case) -> Iterator[Reason]:
    """检测和维修都免费, where only 检测 is."""
    for mention in case.draft.mentions:
        if mention.concept not in GRANTED or mention.negative:
            continue
        clause = case.draft.clauses[mention.clause]
        before = case.draft.text[clause.start : mention.start]
        items = _SUBJECTS.search(before)
        places = {one.clause for one in case.template.mentions if one.concept == mention.concept}
        texts = [
            case.template.text[one.start : one.end] for one in map(case.template.clauses.__getitem__, places)
        ]
        said = "".join(texts)
        if not items or not said:
            continue
        for item in (items["one"], items["other"]):
            if any(item in case.template.text[v.start : v.end] for v in case.template.values):
                continue
            if not grams(item[-2:]) & grams(said) and grams(item[-2:]) & case.template.bigrams():
                yield Reason(
                    "promise", case.draft.span(clause.start, mention.end), "", f"模板没有说“{item}”也这样"
                )
                return


def _dropped(case: Case) -> Iterator[Reason]:
    told = case.draft.bigrams()
    for items in _lists(case.template):
        if len(items) < 2:
            continue
        clause = case.template.clauses[case.template.clause_at(items[0].start)]
        hits = case.words.harmless.all(case.template.text[clause.start : clause.end])
        if any(topic == "feelings" for *_, topic in hits):
            continue
        kept = [_is_kept(case, item, told, items) for item in items]
        for item, there in zip(items, kept, strict=True):
            if not there and sum(kept) >= 1 and not _valued(case.template, item):
                span = case.template.span(item.start, item.end)
                yield Reason("omission", "", span, f"并列的“{span}”没有说到")
                return


def _is_kept(case: Case, item: Item, told: frozenset[str], items: list[Item]) -> bool:
    """Whether any pair of characters, or any concept, that only this item has is in the draft."""
    others = "\n".join(case.template.text[one.start : one.end] for one in items if one != item)
    telling = _telling(case, item)
    text = re.sub(r"^.?[不没未无别非勿]+[含是得]?", "", telling)
    if (case.words.alike(text) - case.words.alike(others)) & case.words.alike(case.draft.text):
        return True
    pairs = {gram for gram in grams(text) if not set(gram) <= _IDLE} - grams(others)
    if not pairs or pairs & told:
        return True
    names = _names(case, item) - {name for one in items if one != item for name in _names(case, one)}
    if any(_stands_for(case, one.concept, names) for one in case.draft.mentions):
        return True
    own = [ch for ch in text if ch not in _IDLE]
    short = len(telling) < item.end - item.start and len(own) == LEAST
    return sum(ch in case.draft.text for ch in own) * 2 >= len(own) + short


def _stands_for(case: Case, told: str, names: set[str]) -> bool:
    """Whether a matter of the draft is one of an item's; 价保 grants no 秒杀."""
    concepts = case.words.concepts
    near = {near for name in names if concepts[name].kind != "grant" for near in concepts[name].near}
    return told in names | near or (concepts[told].kind != "grant" and bool(concepts[told].near & names))


def _telling(case: Case, item: Item) -> str:
    """An item without what names nothing and stands elsewhere, too: 虚拟 of 虚拟商品."""
    text = case.template.text
    said, around = text[item.start : item.end], f"{text[: item.start]}\n{text[item.end :]}"
    for gram in sorted(grams(said)):
        rest = said.replace(gram, "")
        idle = gram in around or gram == "选择"
        if gram in case.words.harmless.labels and idle and len(rest) >= len(gram):
            said = rest
    return said


def _names(case: Case, item: Item) -> set[str]:
    return {one.concept for one in case.template.mentions if one.start < item.end and item.start < one.end}


def _valued(reading: Reading, item: Item) -> bool:
    """Values are looked for apart."""
    return any(
        one.start < item.end and item.start < one.end and one.kind not in {"attribute", "document"}
        for one in reading.values
    )


def _added(case: Case) -> Iterator[Reason]:
    for items in _lists(case.draft):
        own = [_is_strange(case, item) for item in items]
        for item, strange in zip(items, own, strict=True):
            if strange and not all(own) and not echoed(case, item.start):
                yield Reason("value", case.draft.span(item.start, item.end), "", "模板没有列出这一项")
                return


def _is_polite(case: Case, item: Item) -> bool:
    clause = case.draft.clauses[case.draft.clause_at(item.start)]
    hits = case.words.harmless.all(case.draft.text[clause.start : item.end])
    return any(topic in {"courtesy", "feelings"} and end - start > 1 for start, end, _, topic in hits)


def _harmless(case: Case, item: Item) -> set[int]:
    """Where an item's characters are those of words that assert nothing."""
    hits = case.words.harmless.all(case.draft.text[item.start : item.end])
    return {item.start + at for start, end, *_ in hits for at in range(start, end)}


def _is_strange(case: Case, item: Item) -> bool:
    """Whether nothing of an item is known, be it to politeness."""
    text = case.draft.text[item.start : item.end]
    if len(_HAN.findall(text)) < 2 or _valued(case.draft, item):
        return False
    plain = {case.draft.text[at] for at in _harmless(case, item)}
    if len(set(_HAN.findall(text)) - plain) < LEAST:
        return False
    if re.search(r"[a-z\d]", text) or any(word in text for word in "不没未无别非勿"):
        return False
    said = f"{case.template.text}{case.facts.text}{case.shopper.text}"
    if sum(ch in said for ch in text) * 2 >= len(text) or _is_polite(case, item):
        return False
    known = case.template.bigrams() | case.facts.bigrams() | grams(case.shopper.text)
    if grams(text) & known or any(
        one.start < item.end and item.start < one.end for one in case.draft.mentions
    ):
        return False
    return not any(end - start > 1 for start, end, _, _ in case.words.harmless.all(text))
