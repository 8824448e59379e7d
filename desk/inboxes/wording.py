"""An agent's draft held against the house's rules on words: told while it is written, never altered."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bot.reply.lint import Rule, lint
from bot.reply.style import FOLDER, read_styles
from bot.settings import ROOT
from desk.inboxes import checks
from desk.inboxes.agent import agent_of


class LintRequest(serializers.Serializer[Any]):
    """A text that an agent is writing."""

    text = serializers.CharField()


class LintFinding(serializers.Serializer[Any]):
    """What might better be said otherwise."""

    span = serializers.CharField()
    why = serializers.CharField()
    expected = serializers.CharField()


class LintAnswer(serializers.Serializer[Any]):
    """All of it, in order of appearance."""

    findings = LintFinding(many=True)


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    styles = read_styles(ROOT / FOLDER)
    style = styles.get(settings.XIAOER.style)
    return style.rules if style else styles.rules


class LintView(APIView):
    """Look at a draft."""

    @extend_schema(request=LintRequest, responses={200: LintAnswer}, operation_id="desk_lint")
    def post(self, request: Request) -> Response:
        """看一看正在写的话合不合服务用语；只提醒，不改也不拦。"""
        agent_of(request)
        text = checks.check_text(checks.check_object(request.data))
        found = lint(text, _rules(), kind="agent")
        shown = {(f.span, f.why): {"span": f.span, "why": f.why, "expected": f.expected} for f in found}
        return Response({"findings": list(shown.values())})
