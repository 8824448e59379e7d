"""People whom a reply names: 客服小满, 陈师傅."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.reply.guard.found import Found
from bot.reply.guard.vocabulary import Vocabulary

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹柏窦章苏潘葛范彭郎鲁韦马苗方任袁柳史唐费薛雷贺"
    "倪汤罗毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪项董梁杜阮蓝季贾江郭林钟徐邱骆高夏蔡田胡凌霍万柯莫房丁邓石"
    "崔龚程邢裴陆翁段侯武刘龙叶黎白赖谭乔温庄"
)
DOUBLE = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|南宫|独孤"
NAME = re.compile(rf"(?:{DOUBLE})[㐀-鿿]{{1,2}}|[{SURNAMES}][㐀-鿿]{{1,2}}")
TITLED = re.compile(
    rf"(?P<name>(?:{DOUBLE}|(?<!师)[{SURNAMES}](?!装|修|件))(?:(?![是的由为和让有给着过了等抱歉您你我不没请已会到来约在对跟说叫找未按])[㐀-鿿]){{0,2}}?)(?:先生|女士|小姐|师傅|老师|经理|主管)"
)
_NICKED = re.compile(
    r"(?:客服|专员|顾问|管家|店长|主管|导购|助理|经理|同事|员|师傅)(?P<name>(?:小|阿|老)[㐀-鿿])(?![㐀-鿿]{0,1}(?:时|组|队))"
)

_AFTER_TITLE = re.compile(
    rf"(?:师傅|客服|专员|顾问|设计师|老师|骑手|司机|配送员|快递员|医生|店长|经理|主管|工程师|客户经理|管家)"
    rf"(?P<name>(?:{DOUBLE}|[{SURNAMES}])(?:(?!师傅|先生|女士|小姐|老师|经理|医生)[㐀-鿿]){{1,2}}?)(?=[,。;、()!~:]|$|上门|负责|会|将|来|在|已|给您|为您|预计|联系|电话|接|回|于)"
)


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every person named by title or by nickname; the key is the name."""
    del today
    for pattern in (_NICKED, TITLED, _AFTER_TITLE):
        for match in pattern.finditer(text):
            if match["name"] in words.concept_words.labels or match["name"] in words.harmless.labels:
                continue
            yield Found("person", frozenset((match["name"],)), match.start("name"), match.end())
