"""RulePolicy finds the rules that stock RulePolicy finds."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.rasa

NOT_SET = "should_not_be_set"


@pytest.fixture(scope="module", autouse=True)
def _patched() -> None:
    from bot import rasa_tuning

    rasa_tuning.apply()


def bare_policy() -> Any:
    from rasa.core.policies.rule_policy import RulePolicy

    return RulePolicy.__new__(RulePolicy)


def stock_keys(lookup: dict[str, str], states: list[Any]) -> set[str]:
    keys: set[str] = type(policy := bare_policy())._get_possible_keys.stock(policy, lookup, states)
    return keys


def rarely(*values: Any) -> Any:
    return st.sampled_from([*values, NOT_SET, "", None])


STATE = st.fixed_dictionaries(
    {},
    optional={
        "user": st.fixed_dictionaries(
            {},
            optional={
                "intent": rarely("greet", "deny"),
                "text": rarely("你好"),
                "entities": rarely(["order"], ["order", "size"]),
            },
        ),
        "prev_action": st.fixed_dictionaries(
            {}, optional={"action_name": rarely("action_listen", "action_a"), "action_text": rarely("好")}
        ),
        "slots": st.fixed_dictionaries({}, optional={"size": rarely([1.0], [0.0, 1.0])}),
        "active_loop": st.fixed_dictionaries({}, optional={"name": rarely("proof_form")}),
    },
)
RULES = st.lists(st.lists(STATE, max_size=3), max_size=6)


def told(states: list[Any]) -> list[Any]:
    """States as a conversation has them: lists are tuples there."""
    return [
        {
            kind: {name: tuple(v) if isinstance(v, list) else v for name, v in part.items()}
            for kind, part in state.items()
        }
        for state in states
    ]


def lookup_of(rules: list[Any]) -> dict[str, str]:
    return {json.dumps(states, sort_keys=True): "action_a" for states in rules}


@settings(max_examples=400, deadline=None)
@given(RULES, st.lists(STATE, max_size=4))
def test_the_index_finds_the_rules_that_stock_finds(rules: list[Any], states: list[Any]) -> None:
    """Any rules, any conversation: what must not be set, loops, slots, beginnings, rules without states."""
    lookup = lookup_of(rules)
    policy = bare_policy()
    for conversation in (states, *rules):
        found = policy._get_possible_keys(lookup, told(conversation))
        assert found == stock_keys(lookup, told(conversation))


@settings(max_examples=400, deadline=None)
@given(RULES, st.lists(STATE, max_size=3), STATE)
def test_a_search_by_text_is_skipped_only_where_no_rule_could_fit(
    rules: list[Any], before: list[Any], newest: Any
) -> None:
    """A state after action_listen without intent fits nothing where the index says so."""
    from bot.tuning.rules import _index

    lookup = lookup_of(rules)
    user = {name: value for name, value in newest.get("user", {}).items() if name != "intent"}
    newest = {**newest, "user": user, "prev_action": {"action_name": "action_listen"}}
    if not _index(bare_policy(), lookup).fits_without_intent:
        assert stock_keys(lookup, told([*before, newest])) == set()


def test_an_index_follows_its_lookup() -> None:
    """Training takes rules out of a lookup; they are found no more."""
    listen = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}
    lookup = lookup_of([[listen], [{**listen, "slots": {}}]])
    policy = bare_policy()
    assert len(policy._get_possible_keys(lookup, [listen])) == 2
    lookup.popitem()
    assert policy._get_possible_keys(lookup, [listen]) == set(lookup)


def real_policy(dialogue: Any) -> Any:
    nodes = dialogue._processor.graph_runner._instantiated_nodes
    return next(node._component for name, node in nodes.items() if "RulePolicy" in name)


def test_every_rule_of_ours_is_found_as_stock_finds_it(dialogue: Any) -> None:
    """Each rule's own states as a conversation, over all the rules that were trained."""
    policy = real_policy(dialogue)
    for lookup in (policy.lookup["rules"], policy.lookup["rules_for_loop_unhappy_path"]):
        for key in [*lookup][::3]:
            states = told(json.loads(key))
            found = policy._get_possible_keys(lookup, states)
            assert found == stock_keys(lookup, states)
            assert key in found


TALKS = [
    ["你好", "有没有黑色的卫衣", "多少钱", "谢谢", "再见"],
    ["我的快递到哪了", "怎么还没到", "能改地址吗", "算了", "转人工"],
    ["我要退货", "不想要了", "退款多久到账", "好的"],
    ["帮我查订单,手机尾号1234", "订单号忘了", "你们几点下班", "尺码怎么选", "身高175体重70公斤"],
    ["asdf", "!!!", "哦", "发票怎么开", "能便宜点吗", "太慢了,我要投诉"],
]


@pytest.mark.parametrize("texts", TALKS, ids=lambda texts: texts[0])
@pytest.mark.parametrize("who", ["talk", "stranger"])
async def test_our_conversations_go_by_the_rules_that_stock_finds(
    texts: list[str], who: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each search and each prediction made on the way is made by stock Rasa too, and is the same."""
    from rasa.core.policies.rule_policy import RulePolicy

    keys, find, predict = (
        getattr(RulePolicy, name) for name in ("_get_possible_keys", "_find_action_from_rules", "_predict")
    )
    compared = []

    def both_keys(self: Any, lookup: Any, states: Any) -> Any:
        found = keys(self, lookup, states)
        assert found == keys.stock(self, lookup, states)
        return found

    def both_predictions(self: Any, tracker: Any, domain: Any) -> Any:
        ours = predict(self, tracker, domain)
        with monkeypatch.context() as stock:
            stock.setattr(RulePolicy, "_find_action_from_rules", find.stock)
            stock.setattr(RulePolicy, "_get_possible_keys", keys.stock)
            theirs = predict(self, copy.copy(tracker), domain)
        assert vars(ours[0]) == vars(theirs[0])
        assert ours[1] == theirs[1]
        compared.append(ours[1])
        return ours

    monkeypatch.setattr(RulePolicy, "_get_possible_keys", both_keys)
    monkeypatch.setattr(RulePolicy, "_predict", both_predictions)
    talking = request.getfixturevalue(who)
    for text in texts:
        await talking.say(text)
    assert len(compared) >= len(texts)
