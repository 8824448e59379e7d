"""Accounts in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from desk.people.models import Agent

_CHANGED = 302
"""Django answers a valid form with a redirection."""

admin.site.unregister(Group)


def password_change(request: HttpRequest) -> HttpResponse:
    """The admin's own page to change one's password; done so, a one-time password is no longer one."""
    response: HttpResponse = admin.site.admin_view(admin.site.password_change)(request)
    if request.method == "POST" and response.status_code == _CHANGED and request.user.pk is not None:
        Agent.objects.filter(pk=request.user.pk).update(must_change_password=False)
    return response


@admin.register(Agent)
class AgentAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """Agents and owners. Whoever gets a password from someone else must replace it."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ("username", "display_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("资料", {"fields": ("display_name", "email", "role")}),
        ("状态", {"fields": ("is_active", "must_change_password", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "display_name", "role", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: bool) -> None:
        """The role decides on the back office; a new account's password is a one-time one."""
        obj.is_staff = obj.is_superuser = obj.role == Agent.Role.OWNER
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A password that somebody else has set is a one-time one."""
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == _CHANGED and id != str(request.user.pk):
            Agent.objects.filter(pk=id).update(must_change_password=True)
        return response
