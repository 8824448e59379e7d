"""Pictures over the API: sent by shoppers, seen by them and by agents, each answer for nobody else's eyes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.conversations.models import Conversation
from desk.errors import DeskError
from desk.inboxes import checks, wire
from desk.inboxes.agent import access_conversation
from desk.inboxes.web import (
    PER_ADDRESS,
    PER_CONVERSATION,
    ShopView,
    address,
    check_rate,
    conversation_of,
)
from desk.limits import Buckets
from desk.pictures import service
from desk.pictures.redrawing import MAX_BYTES

PICTURES = Buckets(*settings.DESK["picture_address_rate"])
_SIZE = OpenApiParameter("size", str, enum=["thumb"], description="thumb 为缩略图，不写为大图")
_SHOWN = {(200, "image/jpeg"): OpenApiTypes.BINARY, 404: wire.ErrorAnswer}
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Kept nowhere, part of no other site's page; what the browser may do with it stands in desk/headers.py."""


class ShopPicturesView(ShopView):
    """Send a picture."""

    @extend_schema(
        parameters=[
            OpenApiParameter("client_id", str, required=True, description="UUID，重发时不变，因此不会重复")
        ],
        request={"image/*": OpenApiTypes.BINARY},
        responses={
            200: wire.EventAnswer,
            201: wire.EventAnswer,
            400: wire.ErrorAnswer,
            409: wire.ErrorAnswer,
            413: wire.ErrorAnswer,
            415: wire.ErrorAnswer,
            429: wire.ErrorAnswer,
        },
        operation_id="shop_picture_send",
    )
    def post(self, request: Request) -> Response:
        """发送一张图片（请求体就是文件内容）;201 为新收下,200 为此前已收下。"""
        conversation, who = conversation_of(request), address(request)
        client_id = checks.check_client_id({"client_id": request.query_params.get("client_id")})
        for buckets, key in ((PER_ADDRESS, who), (PICTURES, who), (PER_CONVERSATION, conversation.public_id)):
            check_rate(buckets, key)
        content = request._request.read(MAX_BYTES + 1)
        event, new = service.receive(conversation, client_id, content)
        return Response({"event": wire.event_json(event)}, status=201 if new else 200)


class ShopPictureView(ShopView):
    """See a picture of one's own conversation."""

    @extend_schema(parameters=[_SIZE], responses=_SHOWN, operation_id="shop_picture")
    def get(self, request: Request, picture_id: str) -> HttpResponse:
        """会话里的一张图片;别的会话的图片与不存在的一样。"""
        return _show(request._request, conversation_of(request), picture_id)


class DeskPictureView(APIView):
    """See a picture that a shopper has sent."""

    @extend_schema(
        parameters=[_SIZE], responses={**_SHOWN, 401: wire.ErrorAnswer}, operation_id="desk_picture"
    )
    def get(self, request: Request, public_id: str, picture_id: str) -> HttpResponse:
        """买家在这个会话里发的一张图片。"""
        return _show(request._request, access_conversation(public_id), picture_id)


def _show(request: HttpRequest, conversation: Conversation, picture_id: str) -> HttpResponse:
    size = request.GET.get("size", "")
    if size not in ("", "thumb"):
        raise DeskError("bad_field", field="size", expected="thumb")
    content = service.content_of(service.access(conversation, picture_id), small=size == "thumb")
    disposition = f'inline; filename="{picture_id}.jpg"'
    return HttpResponse(
        content, content_type="image/jpeg", headers={**_HEADERS, "Content-Disposition": disposition}
    )
