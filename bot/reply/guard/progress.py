"""Rules status and promise: how far along a draft says things are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import clause_texts, is_sorry
from bot.reply.guard.mentions import DONE_SIGNS, has
from bot.reply.guard.modality import ALIKE, FREE, SHORT, WILLING
from bot.reply.guard.reading import grams

_DONE = re.compile(
    r"已经?(?:由|将|把|[为帮给替][您你]|成功|完成|解决|处理|办好|搞定|生效)"
    r"|[为帮给替][您你](?![^,。]{0,6}[算查看列理捋念问找核挑选对])[^,。]{0,8}(?:好了|好啦|完了)"
)
_ALREADY = re.compile(
    r"已(?:经|(?!经|久))(?:[为帮给替][您你]|自动|成功)?(?![从由在把被将给为按用对向于和跟与够很是太不没有特])(?P<verb>[㐀-鿿]{2})"
)
MADE = frozenset(
    {"弄好", "做好", "搞好", "办好", "完成", "好了", "好啦", "做完", "弄完", "齐了", "妥了", "弄妥"}
)
_MADE_TOO = re.compile(r"已|完成|好了|完毕")
_SUCCESS = re.compile(r"成功|完成|好了|完毕|通过|生效|办好|办妥|处理好|已[^,。!?;]{0,5}[到签换修改开退发]")
_SERVED = re.compile(r"已经?(?:[为帮给替]您)")
_LOOKED = re.compile(r"查|看|核|确认|找|了解|说|问|算|列|挑|选")
_UNDER_WAY = re.compile(r"(?:正在|还在|仍在)(?P<what>[㐀-鿿]{2})")
_PASSED = re.compile(r"(?:已经?)?(?:通过(?!后)|完成(?!后)|合格(?!后)|成功(?!后)|完毕|好了)")
_LEAVES = re.compile(
    r"从[^,。;]{2,12}(?:发出|发走|寄出|出发|离开|出来|运出)|离开[^,。;]{2,10}(?:中心|站|网点|仓)"
)
_LEFT = re.compile(r"离开|已发出|发往|发出|寄出|出库|发货")
_WHAT_DONE = re.compile(r"(?<![没未不])(?<![没未不]能)(?P<what>[㐀-鿿]{2})成功(?![后的率])")
_DONE_WELL = re.compile(
    r"(?<![不没未否])(?<![不没未][㐀-鿿])(?<![不没未][㐀-鿿]{2})(?<![不没未][㐀-鿿]{3})(?:成功|办妥|搞定|办成)"
)
_BEGUN = re.compile(r"提交|受理|申请|登记|安排|转接|记录|反馈|上报|联系|排")
"""What is done when a matter has only begun."""
_ON_THE_WAY = re.compile(r"(?P<what>[㐀-鿿]{2})中(?=[,。;~!)]|$)|正在(?P<at>[㐀-鿿]{2})")
_MUDDLED = re.compile(
    r"已(?:发货|签收|取消|退款|到账|付款|完成|揽收|发出|退回)中|(?:还在|正在|仍在)(?:审核)?通过(?!率|审|安|海|验)"
    r"|等[^,。;]{0,4}(?:缺货|没货|无货|售罄|断货)了?(?:再|就|之?后)|(?:有货|现货|齐全)的?[^。;]{0,6}预计[^,。;]{0,8}(?:补|到货)"
    r"|需要(?:太|这么|那么)?(?:着急|担心|紧张)|感谢[您你]的不"
)
_UNTIL = re.compile(r"[未没]?(?P<what>[㐀-鿿]{2})(?:之|以)?前")
_HAS_DONE = re.compile(r"已经?[㐀-鿿]{2}(?:完成|完毕|成功)|已经?完成[㐀-鿿]{2}")
_SIGNS = re.compile(r"已|了(?!解)|完|好|过|刚|成功|啦|毕|妥|咯|喽|嘞|的(?=[,。;!~]|$)|没|未|不|超|无")
_MAKING = re.compile(
    r"正在(?P<what>(?![为帮给替把对和跟向等往在努从由按紧被抓加全尽积赶去来前])[㐀-鿿]{2})"
    r"|(?P<at>[㐀-鿿]{2})(?<![其当心眼途空手群之程段期间没未不])中(?=[,。!~;]|$)"
)
_SUSPECTED = re.compile(r"(?:疑似|可能(?:已经?)?|或许|也许|怀疑|似乎)(?P<what>[㐀-鿿]{2})")
_OVER = re.compile(r"停产|停售|绝版|退市|下架|不再(?!需|另|额外|重复)|永久|今后不")
_COMES = re.compile(
    r"暂时|暂(?=[无未缺])|还没|尚未|还未|再等|等等|等一等|敬请期待|过些|留意补|后续会|以后会|之后会"
)


def check(case: Case) -> Iterator[Reason]:
    """What a draft says is done, has come off or has begun, and is not."""
    yield from _done(case)
    yield from _muddled(case)
    yield from _halves(case)
    yield from _barred(case)
    yield from _happened(case)
    yield from _succeeded(case)
    yield from _served(case)
    yield from _left(case)
    yield from _regressed(case)
    yield from _ended(case)
    yield from _finished(case)
    yield from _too_late(case)
    yield from _unfinished(case)
    yield from _begun(case)
    yield from _suspected(case)


def _suspected(case: Case) -> Iterator[Reason]:
    """已经丢失, where the template has 疑似丢失."""
    for match in _SUSPECTED.finditer(case.template.text):
        sure = re.search(rf"(?:已经?|确认|确定|就是)(?:被)?{match['what']}", case.draft.text)
        if sure and sure.group() not in case.template.text:
            yield Reason("status", case.draft.span(*sure.span()), match.group(), "模板只是疑似")
            return


def _done(case: Case) -> Iterator[Reason]:
    """由L码换为XL码 is not 已由L码换为XL码, whatever the verb."""
    concepts = case.words.concepts
    spoken = {
        one.clause
        for one in case.draft.mentions
        if one.aspect == "done" and concepts[one.concept].kind not in FREE
    }
    for number, clause in enumerate(case.draft.clauses):
        text = case.draft.text[clause.start : clause.end]
        done = _DONE.search(text)
        if done is None or number in spoken or done.group() in case.template.text:
            continue
        alike = [one for one in clause_texts(case.template) if len(grams(one) & grams(text)) >= ALIKE]
        undone = not any(sign in case.template.text for sign in DONE_SIGNS)
        if undone or (alike and not any(sign in one for one in alike for sign in DONE_SIGNS)):
            start = clause.start + done.start()
            yield Reason("status", case.draft.span(start, clause.end), "", "模板没有说已经做了")


def _muddled(case: Case) -> Iterator[Reason]:
    """已发货中, 还在审核通过, 等缺货了再拍: no state of anything."""
    match = _MUDDLED.search(case.draft.text)
    if match and match.group() not in case.template.text:
        yield Reason("status", case.draft.span(*match.span()), "", "说不清到了哪一步")


def _barred(case: Case) -> Iterator[Reason]:
    """Where one may be sent back and another not, the draft does not deny both."""
    for name in ("return", "exchange", "refund", "cancel"):
        theirs = [one for one in case.template.mentions if one.concept == name]
        ours = [one for one in case.draft.mentions if one.concept == name]
        able = any(one.aspect == "can" and not one.absent for one in theirs)
        if (
            able
            and any(one.negative for one in theirs)
            and len(ours) > 1
            and all(one.negative for one in ours)
        ):
            yield Reason(
                "polarity", case.draft.span(ours[0].start, ours[0].end), "", "模板里一样可以、一样不可以"
            )
            return


def _halves(case: Case) -> Iterator[Reason]:
    """Where one thing is in stock and another is not, the draft says both."""
    names = {
        one.concept for one in case.template.mentions if case.words.concepts[one.concept].kind == "state"
    }
    for name in sorted(names):
        theirs = {one.negative for one in case.template.mentions if one.concept == name}
        ours = {one.negative for one in case.draft.mentions if one.concept == name}
        if len(theirs) > len(ours) == 1 and not _counted(case, name, next(iter(theirs - ours))):
            yield Reason("status", "", "", f"模板里一样是、一样不是,草稿只说了一种({name})")


def _counted(case: Case, name: str, sign: bool) -> bool:
    """还有十八对 is 有货18对: what is not said of the matter is said by its amount."""
    there = [one.clause for one in case.template.mentions if one.concept == name and one.negative == sign]
    taken = {one.clause for one in case.draft.mentions if one.concept == name}
    for number in there:
        clause = case.template.clauses[number]
        counts = [
            one
            for one in case.template.values
            if one.kind == "count" and clause.start <= one.start < clause.end
        ]
        if not sign and any(
            one.same(other) and case.draft.clause_at(other.start) not in taken
            for one in counts
            for other in case.draft.values
        ):
            return True
    return False


def _happened(case: Case) -> Iterator[Reason]:
    """已经采纳: what has happened is in the template's words, or a concept, which is looked at apart."""
    spoken = {place for mention in case.draft.mentions for place in range(mention.start, mention.end)}
    known = f"{case.template.text}{case.facts.text}"
    for match in _ALREADY.finditer(case.draft.text):
        verb = match["verb"]
        if verb in MADE and _MADE_TOO.search(case.template.text):
            continue
        if spoken & set(range(*match.span("verb"))) or verb in case.words.harmless.labels:
            continue
        if verb not in known and not set(verb) & set(known):
            yield Reason("promise", case.draft.span(*match.span()), "", "模板没有说已经做了")


def _served(case: Case) -> Iterator[Reason]:
    """已经给您换成草莓啦, where the template tells of nothing that the shop has done."""
    done = [one for one in case.template.mentions if one.aspect == "done" or "done" in one.loose]
    if any(
        case.words.concepts[one.concept].kind in {"stage", "act", "grant", "light", "verb"} for one in done
    ):
        return
    if _SERVED.search(case.template.text):
        return
    match = _SERVED.search(case.draft.text)
    if match and not _LOOKED.search(case.draft.text, match.end(), match.end() + SHORT):
        yield Reason("promise", case.draft.span(*match.span()), "", "模板没有说已经替顾客做了什么")


def _left(case: Case) -> Iterator[Reason]:
    """到达武汉 is not 从武汉发出: where it has arrived it has not left."""
    match = _LEAVES.search(case.draft.text)
    if match and not _LEAVES.search(case.template.text) and not _LEFT.search(case.template.text):
        yield Reason("status", case.draft.span(*match.span()), "", "模板没有说已经离开")


def _regressed(case: Case) -> Iterator[Reason]:
    """正在验机, where the template says 验机通过."""
    for match in _UNDER_WAY.finditer(case.draft.text):
        what = match["what"]
        at = case.template.text.find(what)
        behind = case.template.text[at + len(what) : at + len(what) + SHORT]
        if at >= 0 and _PASSED.match(behind) and case.template.text[at - 1 : at] != "在":
            yield Reason("status", case.draft.span(*match.span()), "", "模板说已经过了这一步")
            return


def _succeeded(case: Case) -> Iterator[Reason]:
    """已提交 is not 成功: that a thing has come off needs a source that says so."""
    yield from _came_off(case)
    if _SUCCESS.search(f"{case.template.text}{case.facts.text}") or _is_over(case):
        return
    for match in _DONE_WELL.finditer(case.draft.text):
        clause = case.draft.clauses[case.draft.clause_at(match.start())]
        if not WILLING.search(case.draft.text, clause.start, clause.end):
            yield Reason("status", case.draft.span(*match.span()), "", "模板没有说成了")
            return


def _came_off(case: Case) -> Iterator[Reason]:
    """改派成功, where the template only lets one apply for 改派."""
    for match in _WHAT_DONE.finditer(case.draft.text):
        what = match["what"]
        done = rf"已[^,。;]{{0,4}}{what}|{what}[^,。;]{{0,4}}(?:成功|完成|通过|好|了|完)|成功{what}"
        if what in case.template.text and not re.search(done, f"{case.template.text}\n{case.facts.text}"):
            yield Reason("status", case.draft.span(*match.span()), "", "模板没有说成了")
            return


def _is_over(case: Case) -> bool:
    """Whether the template tells of a stage that is done, in other words."""
    clauses = [case.template.clauses[one.clause] for one in case.template.mentions if one.aspect == "done"]
    return any(not _BEGUN.search(case.template.text, one.start, one.end) for one in clauses)


def _ended(case: Case) -> Iterator[Reason]:
    """停产 is neither 暂时缺货 nor 还没补上: what is over for good is not to come."""
    if not _OVER.search(case.template.text) or _COMES.search(case.template.text):
        return
    match = _COMES.search(case.draft.text)
    if match:
        yield Reason("status", case.draft.span(*match.span()), "不再", "模板说以后没有了")


def _finished(case: Case) -> Iterator[Reason]:
    """加工中 is not 加工完成, whatever is under way."""
    for match in _ON_THE_WAY.finditer(case.template.text):
        what = match["what"] or match["at"]
        done = re.search(
            rf"已经?(?:全部)?{what}(?![中着])|{what}(?:已经?)?(?:完成|完毕|好了|好啦|完了|成功|结束)",
            case.draft.text,
        )
        if done is None or re.search(rf"已经?{what}|{what}(?:完成|完毕|好了|成功)", case.template.text):
            continue
        clause = case.draft.clauses[case.draft.clause_at(done.start())]
        text = case.draft.text[clause.start : clause.end]
        timed = any(
            clause.start <= one.start < clause.end and one.kind in {"duration", "date", "time"}
            for one in case.draft.values
        )
        behind = case.draft.text[done.end() : done.end() + 2]
        if not timed and not has(case.words, "hedges", text) and not re.match(r"[之以]?后|就|再|会", behind):
            yield Reason("status", case.draft.span(*done.span()), match.group(), "模板说还在做")
            return


def _too_late(case: Case) -> Iterator[Reason]:
    """只要已经发货就可以 is not 未发货前可以."""
    for match in _UNTIL.finditer(case.template.text):
        what = match["what"]
        late = re.search(rf"(?:只要|如果|若|要是|等)[^,。;]{{0,4}}已经?{what}", case.draft.text)
        if late and not re.search(rf"已经?{what}", case.template.text):
            yield Reason("polarity", case.draft.span(*late.span()), match.group(), "模板说的是之前")
            return


def _unfinished(case: Case) -> Iterator[Reason]:
    """已制作完成, of which the draft has no word, nor any sign that something is done."""
    match = _HAS_DONE.search(case.template.text)
    if (
        match
        and not _SIGNS.search(case.draft.text)
        and not is_sorry(case, case.template.clause_at(match.start()))
    ):
        yield Reason("omission", "", case.template.span(*match.span()), "模板里已经做了的没有说到")


def _begun(case: Case) -> Iterator[Reason]:
    """正在制作中, where nothing of the sources is being made."""
    spoken = {place for mention in case.draft.mentions for place in range(mention.start, mention.end)}
    known = case.template.bigrams() | case.facts.bigrams() | grams(case.shopper.text)
    for match in _MAKING.finditer(case.draft.text):
        what = match["what"] or match["at"]
        place = match.start("what") if match["what"] else match.start("at")
        if place in spoken or place + 1 in spoken or what in known or what in case.words.harmless.labels:
            continue
        if set(what) <= set(case.template.text):
            continue
        yield Reason("status", case.draft.span(*match.span()), "", "模板没有说正在做")
        return
