"""Rules style, personal, injection, format, language, length, emoji, mood: how the draft sounds and looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.echo import has_echo
from bot.reply.guard.people import NAME, TITLED
from bot.reply.guard.reading import grams
from bot.reply.lint import limits, lint

_MARKDOWN = re.compile(
    r"\*\*|__|```|`|^\s{0,3}#{1,6}\s|^\s*[-*•·●▪>]\s*(?=\S)|^\s*\|.*\||\]\(|^\s*[-=]{3,}\s*$|~~", re.MULTILINE
)
_JSON = re.compile(r"[{}]|\[\s*[\"'{\[]|\"\w+\"\s*:|</?[a-zA-Z][^>]*>|&[a-z]+;|\\n|\\u[0-9a-f]{4}|%[sd]\b")
_BLANKS = re.compile(
    r"<[^<>\n]{1,30}>|\[[^\[\]\n]{1,30}\]|【[^【】\n]{1,30}】|x{3,}|X{2,}|_{2,}|○○|某某|××|△△|\?{3,}|\ufffd"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’]*")
_FOREIGN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u0370-\u03ff]")
_HAN = re.compile(r"[㐀-鿿]")
_ADDRESS = re.compile(
    r"[㐀-鿿]{2}(?:路|街|大道|巷|弄|胡同)\d+(?:号|弄)|\d+(?:号楼|栋|幢|单元|室)|[㐀-鿿]{2}(?:小区|花园|公寓|大厦)\d"
)
_PERSON = re.compile(r"(?:收件人|收货人|联系人|姓名|户名|实名)(?:是|为|:)?(?P<name>" + NAME.pattern + ")")
_BLAMES = re.compile(
    r"[您你](?:自己|本人|当时|下单[前时]|购买[前时]|拍下?[前时]|之前|付款[前时]|这边|事先|先前|可能)*(?:没有?|未能?|并未|忘了|忘记)(?:能|去|先|提前|认真|仔细|及时|好好)*(?:看清|看仔细|看明白|看规则|看说明|看详情|留意|注意|核对|核实|查看|阅读|了解|读|弄清|搞清|按[^,。]{0,6}(?:操作|要求|规定|说明|提示)|遵守|保管)"
    r"|(?:因为|由于|(?<![要若])是|怪|怨)[您你](?:自己|个人|这边|本人)?(?:没|未|操作|使用|保管|填|选|拍|写|弄|粗心|大意|疏忽|不当|的原因|的问题|的疏忽|的失误)"
    r"|(?:是|因为|由于|可能|多半|估计|应该)[^,。]{0,2}[您你](?!的订单|的包裹|反馈|提到|说的)[^,。]{1,14}(?:造成|导致|引起|所致|弄坏)"
    r"|是[您你][^,。]{0,12}(?:没注意|没留意|不小心|没拿稳|没看好|没放好|没操作好|磕|碰坏|摔|用力过|太用力|放太久|不当)"
    r"|[您你](?:自己|个人)(?:的)?(?:原因|问题|疏忽|失误|责任|操作|粗心|大意)"
)
"""Words that put it down to the shopper: 您下单前没有看清规则."""
_OF_YOU = re.compile(r"^(?:因为|由于|是|怪|怨|[您你]|自己)*")
_LIST = re.compile(r"^\s*\(?[1-9一二三四五][.、)）](?!\d)", re.MULTILINE)
_FILLERS = re.compile(r"一下|[您你]的|[请您你好下的]|[一两]?[张份]")
_BECAUSE = re.compile(r"因为|由于|因(?![此而])")
REASON = 0.25
"""So much of a reason's words makes it kept."""


def check(case: Case) -> Iterator[Reason]:
    """Everything against the draft that needs no understanding of what it says."""
    yield from _form(case)
    yield from _language(case)
    yield from _style(case)
    yield from _address(case)
    yield from _personal(case)
    yield from _mood(case)
    yield from _leaks(case)


def _new(case: Case, span: str) -> bool:
    return span not in case.template.folded.written


def _form(case: Case) -> Iterator[Reason]:
    written = case.draft.folded.written
    for pattern, why in (
        (_JSON, "不是给买家看的文字"),
        (_MARKDOWN, "买家看到的是纯文字"),
        (_BLANKS, "没有填好的占位"),
    ):
        for match in pattern.finditer(written):
            if _new(case, match.group().strip()):
                yield Reason("format", match.group(), "", why)
                break

    if len(_LIST.findall(written)) > 1 and not _LIST.search(case.template.folded.written):
        yield Reason("format", "", "", "分条列出不是聊天")


def _language(case: Case) -> Iterator[Reason]:
    written = case.draft.folded.written
    known = "\n".join((case.template.text, case.facts.text, case.shopper.text))
    foreign = _FOREIGN.search(written)
    if foreign and foreign.group() not in known:
        yield Reason("language", foreign.group(), "中文", "不是中文")
    if not _HAN.search(written) and _HAN.search(case.template.text):
        yield Reason("language", written[:40], "中文", "没有一个汉字")
        return
    covered = [(value.start, value.end) for value in case.draft.values]
    for match in _LATIN.finditer(case.draft.text):
        word = match.group()
        if word in case.words.manner["kept_units"] or word in known:
            continue
        if not any(start <= match.start() and match.end() <= end for start, end in covered):
            yield Reason(
                "language", case.draft.span(match.start(), match.end()), "中文", "资料里没有这个外文词"
            )
            return


def _style(case: Case) -> Iterator[Reason]:
    written, manner = case.draft.folded.written, case.manner
    sources = f"{case.template.folded.written}\n{case.facts.text}"
    rules = case.styles.rules if manner.style is None else manner.style.rules
    # a refusal needs its reason: where there is one to keep, be it without 因为
    fair = [rule for rule in rules if not rule.needs or _drops_reason(case)]
    for finding in lint(written, fair, sources=sources):
        if finding.level == "block" and not _is_asked_too(case, finding.span):
            yield Reason(finding.rule, finding.span, finding.expected, finding.why)
    allowed = manner.emoji or any(True for _ in limits(case.template.folded.written, 10**9, emoji=False))
    for finding in limits(written, manner.max_chars, emoji=allowed):
        yield Reason(finding.rule, finding.span, finding.expected, finding.why)


def _is_asked_too(case: Case, span: str) -> bool:
    """请上传一下身份证, where the template says 请上传身份证: nothing is asked for besides."""
    plain = _FILLERS.sub("", span)
    return bool(plain) and plain != span and plain in _FILLERS.sub("", case.template.folded.written)


def _drops_reason(case: Case) -> bool:
    """Whether the template gives a reason that the draft does not."""
    for clause in case.template.clauses:
        text = case.template.text[clause.start : clause.end]
        if _BECAUSE.search(text) and len(grams(text) & case.draft.bigrams()) < REASON * len(grams(text)):
            return True
    return False


def _address(case: Case) -> Iterator[Reason]:
    """你 where the shop says 您; 宝子 where it says 亲."""
    wanted, text = case.manner.address, case.draft.text
    if wanted in {"您", "亲"} and "您" in case.template.text:
        for match in re.finditer(r"你(?!好)", text):
            yield Reason("style", case.draft.span(match.start(), match.end()), wanted, "称呼不对")
            return
    for word in sorted(case.words.manner["vocatives"], key=len, reverse=True):
        if word == wanted or ("亲" in wanted and "亲" in word):
            continue
        found = re.search(rf"(?:^|[,。!?~\s])(?:尊敬的|亲爱的)?{re.escape(word)}(?=[,。!?~:\s]|$)", text)
        if found and wanted and word not in case.template.text:
            yield Reason("style", case.draft.span(found.start(), found.end()), wanted, "称呼不对")
            return


def _personal(case: Case) -> Iterator[Reason]:
    template = case.template.text
    for pattern in (_ADDRESS, _PERSON, TITLED):
        for match in pattern.finditer(case.draft.text):
            said = match["name"] if "name" in match.groupdict() else match.group()
            if said not in template and not _is_given_back(case, said, match.start()):
                yield Reason(
                    "personal", case.draft.span(match.start(), match.end()), "", "个人信息不在模板里,不能出现"
                )


def _is_given_back(case: Case, said: str, place: int) -> bool:
    """您说的8栋: the shopper's own words, given back as such."""
    return said in case.shopper.text and has_echo(case, case.draft.clause_at(place))


def _mood(case: Case) -> Iterator[Reason]:
    apology, argument = (case.words.manner_words[name] for name in ("apology", "argument"))
    if case.mood == "angry" and apology.all(case.template.text) and not apology.all(case.draft.text):
        yield Reason("mood", "", "抱歉", "模板道歉了,草稿没有")
    blamed = _BLAMES.search(case.draft.text)
    if (
        blamed
        and not _BLAMES.search(case.template.text)
        and _OF_YOU.sub("", blamed.group()) not in case.template.text
    ):
        yield Reason("mood", case.draft.span(*blamed.span()), "", "不和买家争")
        return
    for start, end, _, _ in argument.find(case.draft.text):
        if case.draft.text[start:end] not in case.template.text:
            yield Reason("mood", case.draft.span(start, end), "", "不和买家争")
            return


def _leaks(case: Case) -> Iterator[Reason]:
    known = f"{case.template.text}\n{case.facts.text}"
    for start, end, _, word in case.words.manner_words["leaks"].find(case.draft.text):
        if word not in known:
            yield Reason("injection", case.draft.span(start, end), "", "露出了提示词或内部说明")
            return
    for start, end, _, word in case.words.manner_words["asides"].find(case.draft.text):
        inside = not word.startswith("(") and _HAN.match(case.draft.text[start - 1 : start])
        if word not in known and not inside:
            yield Reason("format", case.draft.span(start, end), "", "夹带了说明")
            return
