"""Addresses of the desk."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from desk import demo, pages
from desk.inboxes import agent, pictures, tasks, web, wording
from desk.people.admin import password_change

handler400 = "desk.errors.bad_request"
handler403 = "desk.errors.forbidden"
handler404 = "desk.errors.not_found"
handler500 = "desk.errors.server_error"

_CONVERSATION = "api/desk/conversations/<str:public_id>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/shop/session", web.SessionView.as_view()),
    path("api/shop/events", web.EventsView.as_view()),
    path("api/shop/messages", web.MessagesView.as_view()),
    path("api/shop/pictures", pictures.ShopPicturesView.as_view()),
    path("api/shop/pictures/<str:picture_id>", pictures.ShopPictureView.as_view()),
    path("api/desk/me", agent.MeView.as_view()),
    path("api/desk/login", agent.LoginView.as_view()),
    path("api/desk/logout", agent.LogoutView.as_view()),
    path("api/desk/password", agent.PasswordView.as_view()),
    path("api/desk/lint", wording.LintView.as_view()),
    path("api/desk/tasks", tasks.TasksView.as_view()),
    path("api/desk/tasks/<int:number>/take", tasks.TakeTaskView.as_view()),
    path("api/desk/tasks/<int:number>/close", tasks.CloseTaskView.as_view()),
    path("api/desk/conversations", agent.ConversationsView.as_view()),
    path(f"{_CONVERSATION}/events", agent.ConversationEventsView.as_view()),
    path(f"{_CONVERSATION}/take", agent.TakeView.as_view()),
    path(f"{_CONVERSATION}/return", agent.ReturnView.as_view()),
    path(f"{_CONVERSATION}/close", agent.CloseView.as_view()),
    path(f"{_CONVERSATION}/messages", agent.SayView.as_view()),
    path(f"{_CONVERSATION}/pictures/<str:picture_id>", pictures.DeskPictureView.as_view()),
    path("api/schema", pages.schema),
    path("api/docs", pages.docs),
    path("health", pages.health),
    path("widget/", pages.built("widget/index.html")),
    path("widget/loader.js", pages.built("widget/loader.js", seconds=300)),
    path("desk/", pages.built("desk/index.html")),
    path("assets/<path:name>", pages.asset),
    path("static/<path:name>", pages.static),
    path("favicon.ico", pages.static, {"name": "demo/icon.svg"}),
    path("admin/password_change/", password_change),
    path("admin/", admin.site.urls),
    *demo.urlpatterns(),
]
