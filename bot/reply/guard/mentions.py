"""Concepts as a text speaks of them: with polarity, aspect and modality.

Marks are read outward from the concept's word, to the left and to the right, over words that pass them on
(我们, 帮您, a date), until another word stops: in 不影响退款 the 不 is not the refund's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reply.guard.text import Clause
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

LEFT = ("negators", "pending", "done", "ongoing", "future", "can", "must", "ask", "wish")
RIGHT = (
    "postnegators", "nominal", "done_after", "ongoing_after", "subordinate", "done", "pending", "future",
    "ongoing",
    "can", "negators",
)  # fmt: skip
ANYWHERE = ("negators", "done", "ongoing", "pending", "future", "can", "must", "ask", "wish")
NAMED = frozenset({"channel", "carrier", "place", "keeper", "material", "colour"})
"""Names whose parts say nothing by themselves: 货到付款."""
_WHETHER = re.compile(
    r"(?<!现)([够通是能会行可好要有对在想值合准支愿需用快贵])[不没]\1|([㐀-圧圩-鿿])不\2(?=[㐀-鿿])"
)
_UNDER_WAY = re.compile(
    r"(?:处理|进行|审核|维修|检测|打款|退款|换货|备货|运输|派送|配送|充值|申请|核实|打包|安排|制作|生产|清关)(?:当)?中"
)
_FINISHED = re.compile(r"已|[了啦]$|(?<!通)过$")
_BEFORE = re.compile(r"[未没](?=[㐀-鿿]{1,4}?(?:之|以)?前)")
_SERVING = frozenset("给为帮替向跟和与同让由请")
_LACKS = re.compile(
    r"(?:没有|暂无|并无|(?<![㐀-鿿])无)(?:可|能|符合|满足|适用|合适|其他|其它|任何|额外|更)[^,。]{0,7}的$"
)
"""没有可领取的优惠券: what stands between is only what kind there is none of."""
_AFTER_ALL = re.compile(r"[㐀-鿿]{1,4}?(?:之后|以后|后(?![续天台面])|的话|之前|再|才)")
"""付了定金之后: what is done first, not what is done."""
_PARTICLE = re.compile(r"[啦了](?![㐀-鿿])")
_ABLE = re.compile(r"就能|就可以|都能|都可以|就会|才能|也能|也可以|还能")
"""What makes the last 啦 of a clause no sign of a thing done: 就能看到能用的券啦."""
TITLE = re.compile(r"《[^《》]*》")
DONE_SIGNS = ("已", "了", "啦", "刚", "完毕")
BEHIND = {
    "finished": "done",
    "done_after": "done", "done": "done", "ongoing_after": "ongoing", "ongoing": "ongoing",
    "pending": "pending",
    "future": "future", "can": "can",
}  # fmt: skip
ADJACENT = frozenset(
    {
        "非",
        "等",
        "在",
        "已在",
        "已经在",
        "现已在",
        "正",
        "着",
        "中",
        "得",
        "要",
        "可",
        "能",
        "应",
        "让",
        "叫",
        "需",
        "须",
    }
)
"""Marks so short that they count only right beside the concept."""


@dataclass(frozen=True)
class Mention:
    """One concept at an interval.

    `negative`: denied outright; `aspect`: what is said of it, read strictly (done, ongoing, pending, future,
    can, must, ask, wish, after, bare); `loose`: every aspect that its clause has marks of; `opposite`: said
    by a word that means the contrary.
    """

    concept: str
    start: int
    end: int
    clause: int
    negative: bool
    aspect: str
    loose: frozenset[str]
    conditional: bool
    echoed: bool
    opposite: bool = False

    @property
    def absent(self) -> bool:
        """Whether it is not the case: denied, or not yet."""
        return self.negative or self.aspect == "pending"


@dataclass(frozen=True)
class Scene:
    """What mentions are read from: a folded text, its clauses and values."""

    text: str
    clauses: list[Clause]
    values: list[Value]


PASSING = frozenset({"light", "topic", "grant"})
"""Kinds that pass a mark on: 不支持无理由退货 denies the return."""
Hit = tuple[int, int, str, str]


def read(scene: Scene, words: Vocabulary) -> list[Mention]:
    """Every mention of a concept, in order of appearance."""
    found: list[Mention] = []
    named = [(value.start, value.end) for value in scene.values if value.kind in NAMED]
    hits = [
        hit
        for hit in words.concept_words.find(scene.text)
        if not any(start <= hit[0] and hit[1] <= end for start, end in named)
    ]
    scene = Scene(undenied(scene.text, words), scene.clauses, scene.values)
    for at, clause in enumerate(scene.clauses):
        inside = [hit for hit in hits if clause.start <= hit[0] and hit[1] <= clause.end]
        if not inside:
            continue
        whole = scene.text[_extended(scene, at) : clause.end]
        plain = undenied(TITLE.sub("", whole), words).replace("申请", "申\1")
        loose = frozenset(group for group in ANYWHERE if has(words, group, plain)) | _done_after(whole)
        conditional, echoed = _conditional(scene, at, words), is_echo(words, whole)
        for hit in inside:
            for name, negative, aspect in _mentions(scene, clause, hit, inside, words):
                more = loose | {aspect}
                found.append(
                    Mention(
                        name,
                        hit[0],
                        hit[1],
                        at,
                        negative,
                        aspect,
                        more,
                        conditional,
                        echoed,
                        hit[2] == "opposite",
                    )
                )
    return found


def undenied(text: str, words: Vocabulary) -> str:
    """The text with what only looks like a denial made unreadable: 不客气, 够不够, 未出库前."""
    plain = words.manner_words["not_negation"].blank(text)
    return _BEFORE.sub("\1", _WHETHER.sub(lambda match: "\1" * len(match.group()), plain))


def _extended(scene: Scene, at: int) -> int:
    """Where a clause begins that brackets have cut: 已在前天(11月15日)截止."""
    start = scene.clauses[at].start
    while at and scene.text[start - 1 : start] == ")":
        opened = scene.text.rfind("(", 0, start)
        before = [one for one in scene.clauses[:at] if one.end == opened]
        if opened < 0 or not before:
            break
        start, at = before[0].start, scene.clauses.index(before[0])
    return start


def _done_after(whole: str) -> frozenset[str]:
    done = frozenset({"done"}) if any(sign in whole for sign in DONE_SIGNS) else frozenset[str]()
    return done | frozenset({"ongoing"}) if _UNDER_WAY.search(whole) else done


def _mentions(
    scene: Scene, clause: Clause, hit: Hit, hits: list[Hit], words: Vocabulary
) -> Iterator[tuple[str, bool, str]]:
    start, end, way, names = hit
    left = _marks_left(scene, clause.start, start, hits, words)
    right = _marks_right(scene, end, clause.end, hits, words)
    denied = (
        _LACKS.search(scene.text, clause.start, start) is not None
        or "negators" in left
        or "postnegators" in right
        or "negators" in right
    )
    aspect = _aspect(left, right)
    if (
        aspect == "done"
        and "done" not in left
        and _PARTICLE.match(scene.text, end)
        and _ABLE.search(scene.text, clause.start, start)
    ):
        aspect = "can"
    if aspect == "bare" and _FINISHED.search(scene.text[start:end]):
        aspect = "done"
    if way == "opposite" and aspect == "pending" and not denied:
        denied, aspect = True, "bare"
    for name in names.split():
        yield name, denied != (way == "opposite"), aspect


def _marks_left(scene: Scene, begin: int, start: int, hits: list[Hit], words: Vocabulary) -> list[str]:
    marks: list[str] = []
    at = start
    light = False
    while at > begin:
        if scene.text[at - 1] in "和或及与、" and (hit := _hit_before(hits, at - 1)) is not None:
            at = hit
            continue
        step = _value_before(scene, at) or _light_before(hits, at, words)
        if step is not None:
            light = light or step[1]
            at = step[0]
            continue
        size, mark = _mark(scene.text, at, begin, words, LEFT, before=True, far=at != start)
        if size == 0:
            break
        if scene.text[at - size : at] in words.grammar["turning"]:
            break
        if mark and not (light and mark in {"done", "ongoing"}):
            marks.append(mark)
        if mark == "ask":
            break
        at -= size
    return marks


def _marks_right(scene: Scene, end: int, limit: int, hits: list[Hit], words: Vocabulary) -> list[str]:
    marks: list[str] = []
    at = end
    while at < limit:
        step = _value_after(scene, at)
        if step is not None:
            at = step
            continue
        light = _light_behind(hits, at, words)
        if light is not None:
            at = light
            continue
        if any(hit[0] == at for hit in hits):
            if "done_after" in marks and _AFTER_ALL.match(scene.text, at):
                return ["subordinate"]
            return [
                mark for mark in marks if mark in {"finished", "done_after", "subordinate", "ongoing_after"}
            ]
        if scene.text[at] in words.grammar["turning"]:
            break
        size, mark = _mark(scene.text, at, limit, words, RIGHT, before=False, far=at != end)
        if size == 0 or scene.text[at : at + size] in words.grammar["turning"]:
            break
        if mark:
            begun = mark == "done_after" and scene.text[at] == "已"
            marks.append("finished" if begun else mark)
            if mark in {"subordinate", "nominal", "postnegators"}:
                break
        at += size
    return marks if at >= limit else [mark for mark in marks if mark not in {"negators", "pending"}]


def _mark(
    text: str, at: int, limit: int, words: Vocabulary, groups: tuple[str, ...], *, before: bool, far: bool
) -> tuple[int, str]:
    """The longest marking word that touches a place, and its group; through-words have no group."""
    for size in range(min(words.longest, abs(limit - at)), 0, -1):
        word = text[at - size : at] if before else text[at : at + size]
        for group in groups:
            idle = word in ADJACENT and (far or (group == "ongoing" and not before))
            if word in words.grammar[group] and not idle:
                return size, group
        if word in words.grammar["through"]:
            return size, ""
    return 0, ""


def _value_before(scene: Scene, at: int) -> tuple[int, bool] | None:
    return next(
        ((value.start, False) for value in scene.values if value.end == at and value.start < at), None
    )


def _value_after(scene: Scene, at: int) -> int | None:
    return next((value.end for value in scene.values if value.start == at and value.end > at), None)


def _hit_before(hits: list[Hit], at: int) -> int | None:
    """The start of a concept's word that ends at a place: 不支持取消和退款 denies both."""
    return next((start for start, end, _, _ in hits if end == at), None)


def _light_before(hits: list[Hit], at: int, words: Vocabulary) -> tuple[int, bool] | None:
    for start, end, _, names in hits:
        if end == at and all(words.concepts[name].kind in PASSING for name in names.split()):
            return start, any(words.concepts[name].kind == "light" for name in names.split())
    return None


def _light_behind(hits: list[Hit], at: int, words: Vocabulary) -> int | None:
    """The end of a light word: in 退款正在处理中 it is the refund that is under way."""
    for start, end, _, names in hits:
        if start == at and all(words.concepts[name].kind == "light" for name in names.split()):
            return end
    return None


def _aspect(left: list[str], right: list[str]) -> str:
    if "subordinate" in right:
        return "after"
    nearest = next((mark for mark in left if mark != "negators"), "")
    if nearest in {"pending", "ongoing"} and "finished" in right:
        return "done"
    if nearest in {"wish", "pending", "ongoing", "done"}:
        return nearest
    if nearest:
        return "ongoing" if "ongoing_after" in right else nearest
    return next((BEHIND[mark] for mark in right if mark in BEHIND), "bare")


def has(words: Vocabulary, name: str, text: str) -> bool:
    """Whether a word of a list stands in a text."""
    return name in words.marked(text.replace("的话费", "的费"))


def is_echo(words: Vocabulary, text: str) -> bool:
    """您发的…; in 给您发 the shop is the one that sends."""
    hits = words.manner_words["echoes"].all(text)
    return any(text[start - 1 : start] not in _SERVING for start, _, _, _ in hits)


def _conditional(scene: Scene, at: int, words: Vocabulary) -> bool:
    """Whether the clause, or one before it in the same sentence, sets a condition."""
    sentence = scene.clauses[at].sentence
    for clause in reversed(scene.clauses[: at + 1]):
        if clause.sentence != sentence:
            return False
        if has(words, "conditions", scene.text[clause.start : clause.end]):
            return True
    return False
