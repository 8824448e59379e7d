"""Graphs, action results, events, slots and logs are what they are in stock Rasa."""

import ast
import copy
import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module", autouse=True)
def _patched() -> None:
    from bot import rasa_tuning

    rasa_tuning.apply()


class Node:
    """A graph node that tells what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *inputs: tuple[str, Any]) -> tuple[str, Any]:
        if self.name == "broken":
            raise RuntimeError("broken")
        return self.name, f"{self.name}({', '.join(str(value) for _, value in inputs)})"


def runner(needs: dict[str, dict[str, str]]) -> Any:
    from rasa.engine.graph import GraphSchema, SchemaNode
    from rasa.engine.runner.dask import DaskGraphRunner

    nodes = {
        name: SchemaNode(
            needs=wants, uses=Node, constructor_name="create", fn="run", config={}, is_target=True
        )
        for name, wants in needs.items()
    }
    made = DaskGraphRunner.__new__(DaskGraphRunner)
    made._graph_schema = GraphSchema(nodes)
    made._instantiated_nodes = {name: Node(name) for name in needs}
    made._execution_context = None
    return made


DIAMOND = {
    "tokens": {"text": "message"},
    "intent": {"tokens": "tokens"},
    "mood": {"tokens": "tokens"},
    "fallback": {"intent": "intent", "mood": "mood"},
}


@pytest.mark.parametrize("targets", [["fallback"], ["intent"], ["mood", "fallback"], None])
def test_a_planned_graph_gives_what_dask_gives(targets: list[str] | None) -> None:
    """The walk over a plan equals dask's scheduling, for every choice of targets."""
    made = runner(DIAMOND)
    planned = made.run({"message": "你好"}, targets)
    stock = type(made).run.stock(made, {"message": "你好"}, targets)
    assert planned == stock


def test_a_failing_node_raises_the_same_error() -> None:
    from rasa.engine.exceptions import GraphRunError

    made = runner({"broken": {"text": "message"}})
    with pytest.raises(GraphRunError):
        made.run({"message": "x"}, ["broken"])


RESULTS: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "order_id", "value": "1"}], "responses": [{"text": "好"}]},
    {"events": [{"event": "slot", "timestamp": None, "name": "size", "value": [1]}], "responses": []},
    {"events": [{"event": "slot", "timestamp": None, "name": 3, "value": 1}], "responses": []},
    {"events": [{"event": "slot", "timestamp": "now", "name": "size", "value": 1}], "responses": []},
    {"events": [{"event": "slot", "timestamp": None, "name": "size"}], "responses": []},
    {"events": [{"event": "followup", "timestamp": None, "name": "action_listen"}], "responses": []},
    {"events": [{"event": "active_loop", "name": None}], "responses": []},
    {"events": "none"},
    {"responses": ["text"]},
    {"events": [{"event": 3}]},
    {"events": [{"event": ["slot"], "timestamp": None, "name": "a", "value": 1}], "responses": []},
    [],
]


@pytest.mark.parametrize("result", RESULTS, ids=str)
def test_action_results_are_judged_as_stock_rasa_judges_them(result: Any) -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    def verdict(check: Any) -> Any:
        try:
            return check(RemoteAction("action_x", None), result)
        except ValidationError as error:
            return list(error.path)

    assert verdict(RemoteAction._validate_action_result) == verdict(
        RemoteAction._validate_action_result.stock
    )


VALUES = st.sampled_from([None, 1, 2.5, "", "size", True, [], ["x"], {}, {"a": 1}])
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "event": st.sampled_from(["slot", "followup", "active_loop", "user", None, 3]),
        "timestamp": VALUES,
        "name": VALUES,
        "value": VALUES,
        "metadata": VALUES,
    },
)


@given(
    st.fixed_dictionaries(
        {}, optional={"events": st.lists(EVENT | VALUES) | VALUES, "responses": st.lists(VALUES) | VALUES}
    )
)
def test_what_passes_as_usual_is_valid_by_rasas_schema(result: dict[str, Any]) -> None:
    """The short cut never lets pass what the schema refuses."""
    from rasa.core.actions.action import RemoteAction

    from bot.tuning import results

    if results.is_usual(result):
        assert RemoteAction._validate_action_result.compiled().is_valid(result)


@pytest.mark.parametrize("name", ["slot", "followup"])
def test_what_the_sdk_makes_passes_as_usual(name: str) -> None:
    """The short cut is taken for the events that our actions return."""
    from rasa_sdk.events import FollowupAction, SlotSet

    from bot.tuning import results

    event = {"slot": SlotSet("order_id", "1"), "followup": FollowupAction("action_listen")}[name]
    assert results.is_usual({"events": [event], "responses": [{"text": "好"}]})


def test_event_classes_are_those_that_stock_rasa_finds() -> None:
    """Every event by its name, the first time and later; unknown ones as ever."""
    from rasa.shared.core.events import ActionExecuted, Event
    from rasa.shared.utils.common import all_subclasses

    resolve, stock = Event.resolve_by_type, Event.resolve_by_type.stock
    for name in [*(kind.type_name for kind in all_subclasses(Event)), "topic", "utter_greet"]:
        for _ in range(2):
            assert resolve(name, ActionExecuted) is stock(name, ActionExecuted)
    for strange in ("no_event", ["slot"], None):
        with pytest.raises(ValueError, match="Unknown event"):
            resolve(strange)


def test_copied_slots_are_those_that_stock_rasa_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same class, same attributes, and the values themselves shared, for every type of slot."""
    from rasa.shared.core import slots
    from rasa.shared.utils.common import all_subclasses

    kinds = all_subclasses(slots.Slot)
    made = [kind("size", mappings=[{"type": "from_text"}], influence_conversation=False) for kind in kinds]
    ours = [copy.copy(slot) for slot in made]
    monkeypatch.delattr(slots.Slot, "__copy__")
    stock = [copy.copy(slot) for slot in made]
    assert len(made) > 5
    for one, other in zip(ours, stock, strict=True):
        assert type(one) is type(other)
        assert list(one.__dict__) == list(other.__dict__)
        assert all(one.__dict__[name] is other.__dict__[name] for name in other.__dict__)
        one.value = "changed"
        assert other.value != "changed"


@pytest.mark.parametrize(
    "module", ["rasa.core.processor", "rasa.core.actions.forms", "rasa.core.policies.rule_policy"]
)
def test_rasa_copies_there_for_debug_lines_alone(module: str) -> None:
    """Every use of `copy` in the patched modules is an argument of `structlogger.debug`."""
    import importlib

    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    logged: set[ast.AST] = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug":
            logged |= {part for keyword in call.keywords for part in ast.walk(keyword.value)}
    uses = [part for part in ast.walk(tree) if isinstance(part, ast.Name) and part.id == "copy"]
    assert uses
    assert all(use in logged for use in uses)
    copied = [
        part for part in logged if isinstance(part, ast.Call) and ast.unparse(part.func) == "copy.deepcopy"
    ]
    assert len(copied) == len(uses)


def test_debug_lines_are_filtered_before_anything_sees_them() -> None:
    """What is no longer copied is handed to nobody: the logger of debug lines does nothing."""
    import structlog

    logger = structlog.get_logger().bind()
    with structlog.testing.capture_logs() as lines:
        logger.debug("processor.slots.log", slot_values="13800000000")
    assert lines == []


def test_rasa_reports_to_nobody() -> None:
    from rasa import telemetry

    assert not telemetry.is_telemetry_enabled()
