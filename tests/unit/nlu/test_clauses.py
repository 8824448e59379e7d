"""Where a message is cut into clauses that may each hold a request."""

import pytest

from bot.nlu.clauses import Clause, cut, halves


def clauses(text: str) -> list[str]:
    return [clause.text for clause in cut(text)]


def test_a_message_is_cut_where_requests_may_end() -> None:
    assert clauses("什么时候发货啊，另外能开发票吗") == ["什么时候发货啊", "能开发票吗"]


def test_short_pieces_stay_with_their_neighbour() -> None:
    assert clauses("亲 在吗 我的快递到哪了 急") == ["亲 在吗", "我的快递到哪了 急"]


def test_a_decimal_point_is_no_border() -> None:
    assert clauses("1.75米能穿吗") == ["1.75米能穿吗"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("穿什么码 m码还有货吗", ["穿什么码", "m码还有货吗"]),
        ("黑色的还有没有", ["黑色的还有没有"]),
        ("能退吗还有运费谁出", ["能退吗", "运费谁出"]),
        ("发票开一下再帮我改个地址", ["发票开一下", "再帮我改个地址"]),
        ("什么时候发货还想问下能开票吗", ["什么时候发货", "能开票吗"]),
    ],
)
def test_what_is_left_in_stock_is_no_other_topic(text: str, expected: list[str]) -> None:
    """还有 begins something else, unless it says that there is more of it."""
    assert clauses(text) == expected


def test_another_order_is_something_else() -> None:
    """The word that sets it apart is what the clause speaks of, and stays with it."""
    assert [(clause.text, clause.apart) for clause in cut("取消一单 另一单改下午送")] == [
        ("取消一单", False),
        ("另一单改下午送", True),
    ]


def test_two_questions_in_one_breath_can_be_cut_anywhere_between_them() -> None:
    assert ("发哪家快递", "到长春几天") in [
        (one.text, other.text) for one, other in halves(Clause("发哪家快递到长春几天", 0, 10))
    ]


@pytest.mark.parametrize("text", ["到长春几天", "我要退货", "吗吗"])
def test_one_question_is_not_cut_in_two(text: str) -> None:
    assert not list(halves(Clause(text, 0, len(text))))
