"""Rasa's graph of components, walked without dask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plan = list[tuple[str, Callable[..., tuple[str, Any]], tuple[str, ...]]]


def plan_once() -> None:
    """DaskGraphRunner builds a dask graph and a scheduler at each run: 0.5 ms a parse, 2 ms a turn.

    The order of the nodes never changes for given targets, so it is worked out once and then walked.
    """
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(
        self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans: dict[tuple[str, ...], Plan] = self.__dict__.setdefault("_xiaoer_plans", {})
        if wanted not in plans:
            plans[wanted] = _plan(self, wanted)
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in plans[wanted]:
                results[name] = node(*[results[need] for need in needs])
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: results[name][1] for name in wanted}

    run.stock = DaskGraphRunner.run  # type: ignore[attr-defined]
    DaskGraphRunner.run = run


def _plan(runner: Any, targets: tuple[str, ...]) -> Plan:
    """The nodes that the targets need, each after all that it needs itself."""
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    plan: Plan = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name not in nodes:
            return
        seen.add(name)
        needs = tuple(nodes[name].needs.values())
        for need in needs:
            visit(need)
        plan.append((name, runner._instantiated_nodes[name], needs))

    for target in targets:
        visit(target)
    return plan
