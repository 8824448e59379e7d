"""Understandings as a bot would give them, for tests of what is made of them."""

from __future__ import annotations

from bot.quality.evaluate_asking import Answers, Reached
from bot.quality.evaluate_cases import Cases, Felt, Fragment, Message, PersonWish, Several, Valued, Wish
from bot.quality.evaluate_findings import Findings, find
from bot.turn import Entity, Understanding

RETURNS, MONEY, OTHER = "return_goods", "refund_status", "out_of_scope"


def read(
    intent: str, sure: float = 0.9, *, second: str = MONEY, asks: bool = False, step: str = "lexical"
) -> Understanding:
    """A verdict whose second guess is `second`."""
    return Understanding(intent, (intent,), ((intent, sure), (second, 1 - sure)), asks, step, "after", "calm")


def message(intent: str, text: str = "退", mood: str = "calm") -> Message:
    return Message(f"t.jsonl:{len(text)}", text, intent, mood)


def some(answer: str = RETURNS) -> Findings:
    """Ten messages, eight of them of returns, which are taken for `answer`; one case of each other kind."""
    cases = Cases(
        messages=(
            *[message(RETURNS, "退" * n) for n in range(1, 9)],
            message(OTHER),
            message(MONEY, "钱<呢>"),
        ),
        several=(Several("t:11", "退货 钱呢", (RETURNS, MONEY), "calm"),),
        fragments=(Fragment("t:12", "黑色的", RETURNS, "", ("先前的话",), None, ""),),
        wishes=(PersonWish("t:13", "叫人", Wish.EXPLICIT), PersonWish("t:14", "你是谁", Wish.ROBOT_QUESTION)),
        valued=(Valued("t:15", "3件黑色", (("quantity", "3"), ("colour", "黑色")), None),),
        felt=(Felt("t:16", "呵呵", "angry"),),
        mark="abc",
    )
    found = Entity("quantity", "3", "3件", 0, 2)
    values = Understanding(
        RETURNS, (RETURNS,), ((RETURNS, 1.0),), False, "lexical", "after", "calm", (found,)
    )
    return find(
        cases,
        Answers(
            messages=(
                *[read(answer, step="semantic") for _ in range(8)],
                read(OTHER, 0.6),
                read(RETURNS, 0.4, asks=True),
            ),
            several=(read(RETURNS),),
            fragments=(read(MONEY),),
            wishes=(Reached.QUESTION, Reached.PERSON),
            valued=(values,),
            felt=(read(RETURNS),),
        ),
    )
