"""RulePolicy's search for the rules that fit a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

State = dict[str, dict[str, Any]]
Rule = tuple[str, list[State]]
"""A rule's key and its states, newest first."""

LISTEN = "action_listen"
NOT_SET = "should_not_be_set"


@dataclass(frozen=True)
class Index:
    """The rules of one lookup."""

    keys: list[str]
    by_intent: dict[str, list[Rule]]
    """Rules whose newest state comes after an action and asks for this intent; they fit no other."""
    rest: list[Rule]
    fits_without_intent: bool
    """Whether a rule could fit a message that is known by its text alone."""


def index_by_intent() -> None:
    """RulePolicy decodes every rule's JSON for every state of the conversation, searching anew.

    Rules are decoded once, and only those are compared that ask for the newest state's intent or for none: a
    search among our 101 rules takes 0.02 ms instead of 0.14 ms, a turn 0.5 ms less.
    """
    from rasa.core.policies.rule_policy import RulePolicy

    stock = RulePolicy._get_possible_keys

    def possible(self: Any, lookup: dict[str, str], states: list[State]) -> set[str]:
        if not states:
            return set(stock(self, lookup, states))
        index = _index(self, lookup)
        back = states[::-1]
        intent = back[0].get("user", {}).get("intent")
        asked = index.by_intent.get(intent, []) if isinstance(intent, str) else []
        return {key for key, rule in (*asked, *index.rest) if _fits(self, rule, back)}

    possible.stock = stock  # type: ignore[attr-defined]
    RulePolicy._get_possible_keys = possible


def skip_hopeless_search_by_text() -> None:
    """Before it looks for rules by intent, RulePolicy looks for some by its text: 0.4 ms a turn.

    After a message the newest state then has no intent (Rasa deletes it) and comes after action_listen.
    Where no rule fits that and no loop is active, no action is found; what else is returned goes unread.
    """
    from rasa.core.policies.rule_policy import RULES, RulePolicy

    stock = RulePolicy._find_action_from_rules

    def find(
        self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        hopeless = (
            use_text_for_last_user_input
            and not tracker.active_loop_name
            and not _index(self, self.lookup[RULES]).fits_without_intent
        )
        if hopeless:
            return None, None, False
        found: tuple[str | None, str | None, bool] = stock(
            self, tracker, domain, use_text_for_last_user_input
        )
        return found

    find.stock = stock  # type: ignore[attr-defined]
    RulePolicy._find_action_from_rules = find


def _index(policy: Any, lookup: dict[str, str]) -> Index:
    """The lookup's index, made again when its keys have changed: training removes some."""
    known: dict[int, Index] = policy.__dict__.setdefault("_xiaoer_rules", {})
    found = known.get(id(lookup))
    keys = list(lookup)
    if found is None or found.keys != keys:
        found = known[id(lookup)] = _indexed([(key, policy._rule_key_to_state(key)[::-1]) for key in keys])
    return found


def _indexed(rules: list[Rule]) -> Index:
    by_intent: dict[str, list[Rule]] = {}
    rest = []
    for rule in rules:
        newest = rule[1][0] if rule[1] else {}
        intent = newest.get("user", {}).get("intent")
        if newest.get("prev_action") and isinstance(intent, str) and intent not in ("", NOT_SET):
            by_intent.setdefault(intent, []).append(rule)
        else:
            rest.append(rule)
    return Index([key for key, _ in rules], by_intent, rest, any(_after_listen(states) for _, states in rest))


def _after_listen(rule: list[State]) -> bool:
    """Whether the rule can fit a state after action_listen; one that begins the conversation cannot."""
    if not rule:
        return True
    before = rule[0].get("prev_action") or {}
    return bool(before) and before.get("action_name") in (None, "", LISTEN, NOT_SET)


def _fits(policy: Any, rule: list[State], back: list[State]) -> bool:
    """`RulePolicy._is_rule_applicable` for all states that both have, newest first."""
    for asked, found in zip(rule, back, strict=False):
        if not asked.get("prev_action") and not found.get("prev_action"):
            continue  # both are the conversation's beginning
        if not asked.get("prev_action") or not found.get("prev_action"):
            return False
        if not policy._does_rule_match_state(asked, found):
            return False
    return True
