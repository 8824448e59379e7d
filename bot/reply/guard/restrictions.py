"""Rules polarity and omission: conditions and restrictions (仅限, 如果, 拆封后) that have gone or come."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import Denial, clause_texts, denials, is_sorry
from bot.reply.guard.mentions import has
from bot.reply.guard.reading import Reading, grams

FEW = 2
IDLE = frozenset("仅只限的了可以用在能是")
_HAN = re.compile(r"[㐀-鿿]{2}")
TIMES = frozenset("前后时")
_EXCEPT = re.compile(r"除|例外|不受|不算|不含|不包|但|不过|不在|只是|不参")
_LEFT_OUT = re.compile(
    r"(?<![扣排删免解清去开])除(?!此|了?(?:这|那|上述|以上))了?(?P<what>[^,。;除]{2,12}?)(?:以|之)?外"
)
_FORBIDS = re.compile(r"(?:请勿|切勿|严禁|禁止|请不要|切忌|千万别|千万不要)(?![担着急])[㐀-鿿]{2,6}")
_FORBIDDEN = re.compile(
    r"勿|别(?![的人处家墅称名])|不要|不可|不得|不能|不许|不准|不宜|不建议|不用|不必|不需|无需|禁|忌|避免|避开|防止|以免|免得|省得|不适合|不支持|不行"
)
_KEPT = re.compile(r"保持|留着|继续开着|一直开着|别动")
_PASSES = re.compile(r"(?:通过|合格|属实|无误)(?:之|以)?后")
_PASSED = re.compile(
    r"通过|审过|过审|审[核批]?[完好过]|合格|属实|核实|无误|没问题|没有问题|没毛病|确认|成立|同意|批|查[实明清]|过了|[验检][完好过]|ok"
)
_ONCE = re.compile(r"(?:可以?|支持|享受?|提供|限|包)[^,。;]{0,10}(?:一|1)次(?=[,。;!)]|$)")
_ONE = re.compile(r"[一1单首][次回趟遍]|仅此|唯一|一锤子")
_BARRED = re.compile(
    r"不行|没有(?=[哦呢哈啦,。;~!]|$)|不可以|不能|不支持|无法|没法|不适用|排除|刨去|另算|不打折|不打|不减"
)
_IF = re.compile(
    r"(?:如果|要是|若是|倘若|假如|万一|(?<![假])若|(?<![例比假譬何])如(?!何|此|期|约|果|下|上|实|今))(?P<what>[㐀-鿿]{2,10})"
)
_DISLIKES = re.compile(r"不喜欢|不想要|不满意|后悔|不合适|不合身|不称心")
_FAULTY = re.compile(r"质量|破损|瑕疵|损坏|故障|坏|毛病|漏|缺|错|少")
SUPPOSING = frozenset(
    "您你我的了有是在会能可以想要觉得还没不到就再出现遇发情况之后时候话过这那个它他她们其自己也都又很太些什么"
    "改变主意找人更愿嫌着急快急想不愿先来得及直接单干脆拿收实"
    "给把被让从对向为和与或者等着呢吧啊哦需请做用看问说找点选"
)
_ONLY = re.compile(r"仅(?!供参考)|只(?![要是需好有剩])|限(?![时重速高额])|唯一")
_DEPENDS = re.compile(r"为准|要看|看|视|取决|按|按实际|实际|为主|准")


def check(case: Case) -> Iterator[Reason]:
    """Conditions and restrictions that have gone, or that nobody set."""
    yield from _restrictions(case)
    yield from _gone(case, denials(case.draft, case.words))
    yield from _exceptions(case)
    yield from _forbidden(case)
    yield from _gated(case)
    yield from _supposed(case)
    if _ONCE.search(case.template.text) and not _ONE.search(case.draft.text):
        yield Reason("omission", "", "一次", "模板里的次数没有说到")


def _exceptions(case: Case) -> Iterator[Reason]:
    """除黄金类以外, 特价商品除外: what is left out of a rule stays left out."""
    barred = not denials(case.template, case.words) and _BARRED.search(case.draft.text)
    if "除外" in case.template.text and not _EXCEPT.search(case.draft.text) and not barred:
        yield Reason("polarity", "", "除外", "模板里的例外没有了")
        return
    for match in _LEFT_OUT.finditer(case.template.text):
        what = {gram for gram in grams(match["what"]) if _HAN.fullmatch(gram)}
        if what and not what & case.draft.bigrams() and not _EXCEPT.search(case.draft.text):
            yield Reason("polarity", "", match.group(), "模板里的例外没有了")
            return


def _forbidden(case: Case) -> Iterator[Reason]:
    """请勿重复支付 is not 可以再支付一次: what is forbidden is not asked for nor allowed."""
    match = _FORBIDS.search(case.template.text)
    if (
        match
        and not _FORBIDDEN.search(case.draft.text)
        and not _KEPT.search(case.draft.text)
        and not _polite(case, match.group())
    ):
        yield Reason("polarity", "", case.template.span(*match.span()), "模板说不要,草稿没有")


def _gated(case: Case) -> Iterator[Reason]:
    """审核通过后退款 is not 审核中…会退款: what has to pass first is said."""
    match = _PASSES.search(case.template.text)
    if match and not _PASSED.search(case.draft.text):
        yield Reason("polarity", "", case.template.span(*match.span()), "模板里的前提没有了")


def _supposed(case: Case) -> Iterator[Reason]:
    """要是不喜欢 is not 如有质量问题: what is supposed is what the template supposes, or the shopper told."""
    known = set(case.template.text) | set(case.shopper.text)
    known_text = f"{case.template.text}{case.shopper.text}"
    groups = case.words.alike(case.template.text)
    near = {
        name
        for one in case.template.mentions
        for name in (one.concept, *case.words.concepts[one.concept].near)
    }
    for match in _IF.finditer(case.draft.text):
        number = case.draft.clause_at(match.start())
        if (
            _DISLIKES.search(match["what"])
            and _FAULTY.search(case.template.text)
            and not _FAULTY.search(case.draft.text)
            and not _DISLIKES.search(known_text)
        ):
            yield Reason("polarity", case.draft.span(*match.span()), "", "模板里没有这个条件")
            return
        if _is_idle(case, number) or any(
            one.clause == number and one.concept in near for one in case.draft.mentions
        ):
            continue
        content = set(match["what"]) - SUPPOSING
        if len(content) >= FEW and not content & known and not case.words.alike(match["what"]) & groups:
            yield Reason("polarity", case.draft.span(*match.span()), "", "模板里没有这个条件")
            return


def _is_idle(case: Case, number: int) -> bool:
    clause = case.draft.clauses[number]
    hits = case.words.harmless.all(case.draft.text[clause.start : clause.end])
    return any(
        topic in {"courtesy", "offers", "feelings"} and end - start > 1 for start, end, _, topic in hits
    )


def _restrictions(case: Case) -> Iterator[Reason]:
    """仅限图书 is not 所有; a condition set with 如果 or 的话 stays a condition."""
    restricted = [text for text in plain_texts(case, case.template) if _ONLY.search(text)]
    kept = any(has(case.words, "limited", text) for text in plain_texts(case, case.draft))
    if restricted and not kept and not denials(case.draft, case.words):
        yield Reason("polarity", "", restricted[0], "模板里的限制没有了")
    for text in restricted:
        own = {gram for gram in grams(text) if _HAN.fullmatch(gram) and not set(gram) & IDLE}
        if (
            len(own) > FEW
            and not _counted(case, text)
            and not own & case.draft.bigrams()
            and not _is_spelt(case, own)
        ):
            yield Reason("omission", "", text, "模板里的限制没有说到")
            return
    limiting = [text for text in plain_texts(case, case.draft) if has(case.words, "restricting", text)]
    if (
        limiting
        and not _valued(case, limiting[0])
        and not any(has(case.words, "limited", text) for text in plain_texts(case, case.template))
    ):
        yield Reason("polarity", limiting[0], "", "模板里没有这个限制")
    if "为准" in case.template.text and not _DEPENDS.search(case.draft.text):
        yield Reason("omission", "", "为准", "模板里说以什么为准")
    strict = [
        text
        for text in clause_texts(case.template)
        if has(case.words, "strict_conditions", text) and not _polite(case, text)
    ]
    if strict and not any(
        has(case.words, name, case.draft.text) for name in ("strict_conditions", "limiting")
    ):
        yield Reason("polarity", "", strict[0], "模板里的条件没有了")


def _is_spelt(case: Case, own: set[str]) -> bool:
    """同一款里换别的颜色 is 同款不同色: most characters of a restriction are there."""
    chars = set("".join(own))
    return len(chars & set(case.draft.text)) * 3 >= len(chars) * 2


def _is_denied(case: Case, short: set[str]) -> bool:
    """没开 for 未开封: one character that recalls it, denied."""
    return (
        re.search(rf"[没未不别无待等][^,。;]{{0,4}}[{''.join(sorted(short))}]", case.draft.text) is not None
    )


def _counted(case: Case, text: str) -> bool:
    """仅剩2双: its value is looked for apart."""
    at = case.template.text.find(text)
    return any(at <= one.start < at + len(text) for one in case.template.values)


def _valued(case: Case, text: str) -> bool:
    """Whether what is restricted is a value of the template: 一件只能换一回."""
    at = case.draft.text.find(text)
    return any(at <= one.start < at + len(text) for one in case.draft.values)


def _gone(case: Case, told: list[Denial]) -> Iterator[Reason]:
    """未拆封 and 发货前 set a condition: without them the draft says more than the template."""
    near = {
        name for one in case.draft.mentions for name in (one.concept, *case.words.concepts[one.concept].near)
    }
    limited = bool(told) or any(has(case.words, "limited", text) for text in plain_texts(case, case.draft))
    for mention in case.template.mentions:
        concept = case.words.concepts[mention.concept]
        if concept.kind in {"topic", "light", "verb"}:
            continue
        if mention.concept in near or concept.near & near:
            if (
                mention.negative
                and mention.aspect != "pending"
                and not told
                and "除" not in case.draft.text
                and not mention.opposite
                and not is_sorry(case, mention.clause)
            ):
                kin = {mention.concept, *concept.near}
                if not any(one.absent for one in case.draft.mentions if one.concept in kin):
                    yield Reason(
                        "polarity", "", case.template.span(mention.start, mention.end), "模板否定了,草稿没有"
                    )
            continue
        if is_sorry(case, mention.clause) or (mention.concept == "receive" and not told):
            continue
        if mention.concept == "free" and mention.opposite:
            continue
        short = set(case.words.concepts[mention.concept].short) & set(case.draft.text)
        if short and (not mention.absent or _is_denied(case, short)):
            continue
        if mention.aspect == "after" and set(case.template.text[mention.start : mention.end]) <= set(
            case.draft.text
        ):
            continue
        after = case.template.text[mention.end : mention.end + 1]
        if after == "前" and "先" in case.draft.text:
            continue
        if (mention.absent and not limited) or (mention.aspect == "after" and after in TIMES):
            span = case.template.span(mention.start, mention.end)
            yield Reason("omission", "", span, f"模板里的条件“{span}”没有说到")


def plain_texts(case: Case, reading: Reading) -> list[str]:
    """The clauses with what only looks like a restriction (只是) made unreadable."""
    return [case.words.manner_words["not_restricting"].blank(text) for text in clause_texts(reading)]


def _polite(case: Case, text: str) -> bool:
    return any(topic == "offers" for _, _, _, topic in case.words.harmless.all(text))
