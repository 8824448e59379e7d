"""The agents' API to what is written down for people to do."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.inboxes import checks, wire
from desk.inboxes.agent import agent_of
from desk.records import service
from desk.records.models import Task

Json = dict[str, Any]
_SHOWN = 200
_CHANGE: Json = {
    "responses": {200: wire.TaskAnswer, 404: wire.ErrorAnswer, 409: wire.ErrorAnswer},
}


class TasksView(APIView):
    """The table."""

    @extend_schema(
        parameters=[
            OpenApiParameter("role", str, description="只看一个岗位的"),
            OpenApiParameter("mine", bool, description="1：只看我在办的"),
        ],
        responses={200: wire.TasksAnswer, 400: wire.ErrorAnswer},
        operation_id="desk_tasks",
    )
    def get(self, request: Request) -> Response:
        """没有办结的待办，期限近的在前，至多 200 件。"""
        agent, role = agent_of(request), checks.check_role(request._request)
        mine = request.GET.get("mine", "") not in {"", "0", "false"}
        rows = service.open_tasks(role, agent if mine else None)[:_SHOWN]
        return Response({"tasks": [wire.task_json(task, agent.pk) for task in rows]})


class _ChangeView(APIView):
    """A change of one."""

    def _answer(self, task: Task, request: Request) -> Response:
        return Response({"task": wire.task_json(task, agent_of(request).pk)})


class TakeTaskView(_ChangeView):
    """See to it."""

    @extend_schema(request=None, **_CHANGE, operation_id="desk_task_take")
    def post(self, request: Request, number: int) -> Response:
        """我来办；同事已经在办的不能抢。"""
        return self._answer(service.take(number, agent_of(request)), request)


class CloseTaskView(_ChangeView):
    """Done."""

    @extend_schema(request=wire.CloseTaskRequest, **_CHANGE, operation_id="desk_task_close")
    def post(self, request: Request, number: int) -> Response:
        """办结，写一句怎么办的；谁办的都可以来办结。"""
        outcome = checks.check_outcome(checks.check_object(request.data))
        return self._answer(service.close(number, agent_of(request), outcome), request)
