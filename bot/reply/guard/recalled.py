"""What tells that something has happened, or has not, without being a mention of it."""

from __future__ import annotations

import re

from bot.reply.guard.case import Case
from bot.reply.guard.mentions import Mention

GRANTED = frozenset({"coupon", "points", "free_freight", "compensate", "gift"})
"""What the shopper gains and may not lose on the way."""
RECALLED = {
    "delay": re.compile(
        r"没(?:能|有)?(?:按时|准时|及时|如期|发|到|送)|改[到成为在]|推[到迟后]|往后|挪到|[晚迟拖误超]"
    ),
    "approve": re.compile(
        r"批(?:下来|了|好|准|复)|[审核]{1,2}(?:好|完|过)|过了|过审|过啦|通过|同意|放行|合格"
    ),
    "reject": re.compile(r"[没未不](?:有|能|予|获)?(?:审核)?通过|没过|打回|拒|退回来"),
    "deliver": re.compile(r"(?:放|存|搁|投|送|摆)[进在到至入]"),
    "stock": re.compile(r"还?有(?:的|哦|呢|货)|能拍|可以拍|剩|[卖抢][空光完]"),
    "cancel": re.compile(r"关了|关掉|取消|撤|退出"),
    "pay": re.compile(r"(?:重复|多|已|刚|都|成功)[^,。]{0,2}付|付(?:了|过|好|清|完|成功)"),
}
"""Words that tell what has happened, and would be no mention by themselves."""
LACKING = {"stock": re.compile(r"没有?[^,。]{0,6}货|[卖抢][空光完断]|[缺断]货")}
"""Words that tell what is not so."""


def is_recalled(case: Case, mention: Mention, short: frozenset[str]) -> bool:
    """付过了 for 已付款, 还没发 for 待发货: one character with the same sign of what has happened."""
    said = (LACKING if mention.absent else RECALLED).get(mention.concept)
    if said is not None and said.search(case.draft.text):
        return True
    if not short:
        return False
    if mention.concept in GRANTED and set(short) & set(case.draft.text):
        return True
    stems = "|".join(short)
    if mention.absent:
        pattern = rf"(?:没|未|待|等|不|别)[^,。;]{{0,5}}(?:{stems})"
    elif mention.aspect == "ongoing":
        pattern = rf"(?:在|正)[^,。;]{{0,4}}(?:{stems})|(?:{stems})[^,。;]{{0,2}}[着中呢]"
    else:
        behind = rf"(?:{stems})[^,。;]{{0,3}}(?:了|啦|好|过|完|掉|成)|(?:{stems})(?:出|走|进|在|入|的是)"
        behind += rf"|(?:{stems})[^,。;]{{2,8}}[了啦](?=[,。;!~]|$)"
        pattern = rf"(?:已|刚|都)[^,。;]{{0,6}}(?:{stems})|{behind}"
    return re.search(pattern, case.draft.text) is not None
