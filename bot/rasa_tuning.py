"""Every place where we change Rasa 3.6.21's behaviour; `bot/tuning/` says for each why and what it is worth.

None changes a result: tests/integration/bot/test_rasa_tuning*.py compare each with stock Rasa, whose own
function stays at hand as `.stock`. `rasa train`, `rasa run` and `rasa shell` do without them.

Figures are CPU time on two cores shared with other work. Rules, events, slots, usual results and copies
together took a turn with an action from 6.2 to 4.2 ms, one without from 3.5 to 2.7 ms (median over
messages of the least of 7 rounds); the domain took loading after imports from 5.2 to 0.3 s (jieba's words,
read once, add 1 s).
"""

from __future__ import annotations

from bot.tuning import domain, events, examples, graph, logs, results, rules, startup


def apply() -> None:
    """Apply all of them; call it before Rasa is imported. A second call does nothing."""
    if getattr(apply, "done", False):
        return
    startup.quiet_tensorflow()
    startup.no_telemetry()
    startup.leave_out_jax()
    logs.keep_free_of_messages()
    logs.copy_nothing_for_debug()
    graph.plan_once()
    results.check_usual_events_by_hand()
    rules.index_by_intent()
    rules.skip_hopeless_search_by_text()
    events.know_classes_by_name()
    events.copy_slots_cheaply()
    domain.read_once_and_fast()
    examples.read_once()
    examples.merge_without_copies()
    examples.cache_no_training()
    apply.done = True  # type: ignore[attr-defined]
