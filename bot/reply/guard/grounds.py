"""What lets a draft speak of a matter that its template does not name."""

from __future__ import annotations

import re

from bot.reply.guard.case import Case
from bot.reply.guard.denials import denials, is_sorry
from bot.reply.guard.echo import consoles, promises
from bot.reply.guard.equality import honest
from bot.reply.guard.mentions import Mention, has
from bot.reply.guard.reading import grams

_ARRIVES = re.compile(r"到(?=[,。~!;)]|$|您|家|达|手|了|楼|店|门|站)|[天日]到")
_SURELY = re.compile(r"(?:肯定|一定|绝对)(?:又|很|特别|非常|急|气|烦|难受|不好受|心|着急|挺|相当)|是肯定的")
_OF_SHOPPER = re.compile(r"[您你](?:这边)?(?:要|想|已经?|刚刚?|之前|上次)?$")
_OF_SHOP = re.compile(r"我们|仓库|本店|已|刚")
_SHOP_PAYS = re.compile(r"(?:我们|本店|店铺|商家|小店|店里|卖家)[^,。;]{0,4}(?:承担|负担|出|付|买单)")
_KNOWN_BY = {
    "free_freight": _SHOP_PAYS,
    "gift": re.compile(r"送(?!达|到|货|至|件|修|检|装|上|往|回|给)|赠"),
    "mail": re.compile(r"发|传|推送"),
    "delay": re.compile(r"前|截止|逾期|超|期|晚|迟|延|推"),
    "closed": re.compile(r"营业|时间|上班|服务|开门|至|到"),
    "install": re.compile(r"师傅|上门|装"),
    "transit": re.compile(r"距[离您]|已取[到走]?[货件餐]|已发|[派配]送中|运输"),
    "extra": re.compile(r"(?<!不)(?<!无需)(?<!不用)(?:另收|另付|加收|另计|另算|自费|自理|收费|付费|需付)"),
    "pick_up": re.compile(r"领|自提|取"),
    "hold": re.compile(r"代签|代收|代为|签收人|代管|保留|预留"),
    "restock": re.compile(r"送达|派送|到[达货手]|晚到"),
    "usage_safe": re.compile(r"微波|烘烤|明火|洗碗"),
    "modify": re.compile(r"改|换成|调整|更正"),
    "opened": re.compile(r"拆|开封|启封"),
    "contact": re.compile(r"电话|致电|来电|联系|约定|说一声|告诉|跟[^,。]{1,6}说|找"),
    "keep_it": re.compile(r"(?:无需|不用|不必|不需要?)(?:您)?(?:寄|退)"),
    "evidence": re.compile(r"上传|照片|图|截图|凭证|单据|拍"),
    "over": re.compile(r"完成|截止|到期|过期|结束|至|活动时间|期间"),
    "appointment": re.compile(r"约"),
    "visit": re.compile(r"上门|到家|师傅|取件|安装|配送|派送|送"),
}
"""What in a template lets one speak of a concept: 打电话 where 电话 stands."""
_PROMISED = re.compile(
    r"满意|喜欢|合适|合身|有效|好用|没问题|值(?!得)|会|能|可以|[给帮替][您你]|不再|放心|到[货账家手]|[退赔补送]"
)
"""What makes 肯定 more than sympathy."""
SAID_OF_IT = frozenset({"done", "ongoing"})
_PAYS = re.compile(r"付|缴|收取|交[费钱]|分期|手续费")
_HANDLES = re.compile(r"处理|解决|办理|办结|跟进到底")
_LATER = re.compile(r"(?:[天时日周月钟]|工作日)之?[内前]|之前|以前|前|没能?|未能?|无法")
_UNDERSTANDS = re.compile(r"理解|明白|心情|体谅|着急|知道您")
_CHARGED = re.compile(r"收|付|元|费")
TAIL, FEW = 2, 3
_NO_MATTER = re.compile(
    r"[了的]?[,。]?(?:也|都|不要紧|没关系|没事|不影响|不碍事|不打紧|无妨|的话|别担心|不用担心|是吧)"
)
REDUCED = frozenset({"off", "money", "number", "percent", "count"})
_LESS = re.compile(r"[减省降惠抵返](?:了|去)?$")
HEADED = frozenset({"发往", "寄往", "送往"})
"""Where something is to go, not that it goes: 发往新疆每件加收10元."""
GOING = frozenset({"deliver", "dispatch", "ship", "door", "visit", "reach"})
_FAR_OFF = re.compile(r"超出|超范围|不在|暂停|停运|无法|不支持|到不了|覆盖")
BEFORE_NAMES = frozenset("为是在到于从叫由")
TOLD = frozenset({"claim", "topic", "step", "act"})
"""Kinds of which a reply may repeat the shopper's own word."""
DONE_BY_SHOPPER = frozenset(
    {
        "send_back",
        "pay",
        "order_it",
        "receive",
        "submit",
        "refund",
        "return",
        "exchange",
        "sign",
        "used",
        "changing",
        "note",
    }
)
ASKED = frozenset({"verify", "arrange", "inspect"})
"""What one may ask of the shopper without more ado: 核对一下."""
SERVING = ("帮您", "给您", "为您", "替您", "我们", "我会", "已", "正在", "将")
SERVED = ("帮您", "给您", "为您", "替您", "我们", "我会", "会", "答复", "处理", "联系", "安排")
SAID_BY_VALUE = {"bargain": frozenset({"off", "percent"}), "order_it": frozenset({"id"})}
"""Concepts that a value of these kinds already speaks of: 七五折 is 优惠25%."""


def sources_of(case: Case, names: set[str]) -> list[Mention]:
    """What template and facts say of concepts."""
    return [one for one in (*case.template.mentions, *case.facts.mentions) if one.concept in names]


def is_cut(case: Case, mention: Mention) -> bool:
    """在途 in 安装在途悦养车 is no word: the template's own name begins inside it."""
    if any(one.concept == mention.concept for one in case.template.mentions):
        return mention.aspect == "bare" and case.draft.text[mention.start : mention.end] in HEADED
    word = case.draft.text[mention.start : mention.end]
    tails = (case.draft.text[at : mention.end + TAIL] for at in range(mention.start + 1, mention.end))
    return word not in case.template.text and any(
        len(tail) > TAIL and _begins(case.template.text, tail) for tail in tails
    )


def _begins(text: str, name: str) -> bool:
    """Whether a name stands in a text where a name may begin."""
    at = text.find(name)
    return at == 0 or (at > 0 and (text[at - 1] in BEFORE_NAMES or not "㐀" <= text[at - 1] <= "鿿"))


def is_of_value(case: Case, mention: Mention) -> bool:
    """立减30 and 优惠20% are the template's 减30 and 8折: the word only says what the value is."""
    if mention.concept != "bargain" or mention.absent:
        return False
    joined = [one for one in case.draft.values if 0 <= one.start - mention.end < TAIL and one.kind in REDUCED]
    return any(
        honest(one, other, case.words)
        and (other.kind == "off" or _LESS.search(case.template.text[: other.start]))
        for one in joined
        for other in case.template.values
    )


def is_told_again(case: Case, mention: Mention) -> bool:
    """刚买就降价换谁都郁闷 tells again what the shopper said."""
    if case.words.concepts[mention.concept].kind == "grant" or mention.concept == "review":
        return False
    if _is_waved(case, mention) or _is_lamented(case, mention):
        return True
    theirs = [one for one in case.shopper.mentions if one.concept == mention.concept]
    if theirs and not any(one.absent == mention.absent for one in theirs):
        return False
    word = case.draft.text[mention.start : mention.end]
    plain = mention.aspect in {"bare", "after", "wish"} and not mention.negative
    told = case.words.concepts[mention.concept].kind in TOLD or mention.concept in {"return", "exchange"}
    repeats = plain and told and word in case.shopper.text
    feels = bool(theirs) and is_feeling(case, sentence_of(case, mention))
    if feels and not promises(case, mention.clause):
        return True
    return consoles(case, mention.clause) or (
        repeats and not has(case.words, "can", _clause_text(case, mention))
    )


def _is_lamented(case: Case, mention: Mention) -> bool:
    """申请了取消却还是发了货,难免让您窝火: what the shopper complained of, felt with."""
    word = case.draft.text[mention.start : mention.end]
    if case.words.concepts[mention.concept].kind == "grant" or mention.aspect == "future":
        return False
    clause = case.draft.clauses[mention.clause]
    valued = any(clause.start <= one.start < clause.end for one in case.draft.values)
    told = word in case.shopper.text or (mention.aspect == "bare" and word[0] in case.shopper.text)
    sad = case.words.manner_words["apology"].all(case.template.text)
    return bool(sad) and told and not valued and is_sorry(case, mention.clause, case.draft)


def _is_waved(case: Case, mention: Mention) -> bool:
    """说明书丢了不要紧: the shopper's own words, and that it does not matter."""
    said = case.draft.text[mention.end - FEW : mention.end]
    return said in case.shopper.text and _NO_MATTER.match(case.draft.text, mention.end) is not None


def _clause_text(case: Case, mention: Mention) -> str:
    clause = case.draft.clauses[mention.clause]
    return case.draft.text[clause.start : clause.end]


def is_wish(case: Case, mention: Mention) -> bool:
    """您想退货: the shopper's wish given back."""
    asked = {one.concept for one in case.shopper.mentions}
    if mention.aspect == "wish" and _UNDERSTANDS.search(sentence_of(case, mention)):
        return True
    echoed = mention.echoed and mention.aspect not in {"done", "ongoing", "future"}
    return mention.concept in asked and (echoed or mention.aspect == "wish")


def is_grounded(case: Case, mention: Mention) -> bool:
    """Whether a matter that no source names may be spoken of all the same."""
    word = case.draft.text[mention.start : mention.end]
    clause = case.draft.clauses[mention.clause]
    text = case.draft.text[clause.start : clause.end]
    if _is_implied(case, mention, word) or _is_harmless(case, mention, text):
        return True
    if mention.concept in DONE_BY_SHOPPER and case.draft.text[mention.end : mention.end + 1] == "的":
        before = case.draft.text[clause.start : mention.start]
        return _OF_SHOPPER.search(before) is not None or not _OF_SHOP.search(before)
    if mention.absent and mention.concept in GOING and _FAR_OFF.search(case.template.text):
        return True
    if mention.absent and (is_feeling(case, sentence_of(case, mention)) or _is_denied_too(case, text)):
        return True
    if case.words.concepts[mention.concept].kind == "claim" and set(word) <= set(case.template.text):
        return True
    return word in case.template.text


def _is_implied(case: Case, mention: Mention, word: str) -> bool:
    """Whether other words or a value of the template say it."""
    name, template = mention.concept, case.template.text
    kinds = SAID_BY_VALUE.get(name, frozenset())
    if any(value.kind in kinds for value in (*case.template.values, *case.facts.values)):
        return True
    known = _KNOWN_BY.get(name)
    if known is not None and known.search(template):
        return True
    nothing = any(value.kind == "money" and 0 in value.keys for value in case.template.values)
    if nothing and (name == "free" or mention.negative):
        return True
    if name == "price_protection":
        return word == "差价" and "补" in template
    if name == "refund" and mention.aspect not in SAID_OF_IT and not mention.absent:
        return "退" in template
    if name == "free":
        return mention.opposite and _CHARGED.search(template) is not None
    return name in {"deliver", "reach"} and mention.aspect != "done" and _ARRIVES.search(template) is not None


def _is_harmless(case: Case, mention: Mention, text: str) -> bool:
    """Whether it asserts nothing where it stands: asked of the shopper, felt, or only said to be soon."""
    match mention.concept:
        case "hold":
            return mention.aspect in {"ask", "must"}
        case "receive":
            return mention.aspect != "done" and "我们" not in text
        case "guarantee":
            return mention.aspect in {"must", "ask"} or (
                "放心" not in text
                and (
                    is_feeling(case, text)
                    or _SURELY.search(text) is not None
                    or _is_sympathy(case, mention, text)
                )
            )
        case "resolved":
            later = mention.aspect in {"future", "after"} or _LATER.search(text) is not None
            return later and _HANDLES.search(case.template.text) is not None
        case "pay":
            return mention.aspect not in SAID_OF_IT and _PAYS.search(case.template.text) is not None
        case "soon":
            return bool(sources_of(case, {"at_once"})) or not any(mark in text for mark in SERVED)
    return mention.concept in ASKED and not any(mark in text for mark in SERVING)


def _is_sympathy(case: Case, mention: Mention, text: str) -> bool:
    """您肯定憋着一肚子气: beside an apology, where nothing is said of order, goods or shop."""
    sentence = sentence_of(case, mention)
    if not (is_feeling(case, sentence) or case.words.manner_words["apology"].all(sentence)):
        return False
    clause = case.draft.clauses[mention.clause]
    starts = [one.start for one in case.draft.values]
    starts += [one.start for one in case.draft.mentions if one != mention]
    said = any(clause.start <= start < clause.end for start in starts)
    return _PROMISED.search(text) is None and not said


def is_feeling(case: Case, text: str) -> bool:
    """您肯定很着急 guarantees nothing."""
    return any(topic == "feelings" for _, _, _, topic in case.words.harmless.all(text))


def _is_denied_too(case: Case, text: str) -> bool:
    """无法使用快递 lets a draft say 快递发不了: the template denies something of the same thing."""
    pairs = {gram for gram in grams(text) if gram.isalpha() and not gram.isascii()}
    told = {denial.clause for denial in denials(case.template, case.words)}
    clauses = [case.template.clauses[number] for number in told]
    return any(pairs & grams(case.template.text[one.start : one.end]) for one in clauses)


def sentence_of(case: Case, mention: Mention) -> str:
    """The sentence of the draft around a mention."""
    clauses = case.draft.clauses
    near = [one for one in clauses if one.sentence == clauses[mention.clause].sentence]
    return case.draft.text[near[0].start : near[-1].end]
