"""Django's settings, all from `bot.settings`; nothing is read from anywhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from bot.errors import NotConfigured
from bot.settings import LOOPBACK, ROOT, Settings, load

XIAOER: Settings = load()
BASE_DIR = ROOT
WEB_DIST = BASE_DIR / "web" / "dist"

if not XIAOER.desk_secret:
    raise NotConfigured("XIAOER_DESK_SECRET 是空的;运行 xiaoer init 或 xiaoer up 会生成")
SECRET_KEY = XIAOER.desk_secret
DEBUG = False

# The desk is reached under its own address or, behind a proxy, under its public one; without one, under a
# name out of XIAOER_ALLOWED_ORIGINS.
PUBLIC_ORIGINS = (XIAOER.public_url,) if XIAOER.public_url else XIAOER.allowed_origins
ALLOWED_HOSTS = sorted(
    {"localhost", "127.0.0.1", "[::1]"}
    | ({XIAOER.desk_host} - {"0.0.0.0", "::", "::1"})  # noqa: S104 - named, not bound
    | {host for origin in PUBLIC_ORIGINS if (host := urlsplit(origin).hostname)}
)
ON_LOOPBACK = XIAOER.desk_host in LOOPBACK and not XIAOER.public_url
# Django compares a form's Origin with the Host header; a TLS proxy may hide the scheme from it. There is no
# SECURE_PROXY_SSL_HEADER: uvicorn reads the proxy's headers, and believes them only from proxies it knows.
CSRF_TRUSTED_ORIGINS = [o for o in PUBLIC_ORIGINS if o.startswith("https://")]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = XIAOER.public_url.startswith("https://")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "desk.people",
    "desk.conversations",
    "desk.records",
    "desk.pictures",
    "desk.inboxes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "desk.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "desk.people.middleware.FirstPassword",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "desk.urls"
ASGI_APPLICATION = "desk.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "desk" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    # A few threads answer all requests (desk/pool.py): each keeps its connection.
    given: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if given["ENGINE"].endswith("sqlite3"):
        given["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # no read that later fails to become a write
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;",
        }
        given["TEST"] = {"NAME": str(XIAOER.home / "desk-test.sqlite3")}  # a file: several threads share it
    else:
        given["OPTIONS"] = {
            **given.get("OPTIONS", {}),
            "application_name": "xiaoer desk",
        }  # for a restore to see
    return given


DATABASES = {"default": _database(XIAOER.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {
    "default": {
        # Not channels_redis.core: there a socket that closes just as its blocking read of Redis ends may hang
        # for ever (under Python 3.10 the client loses the cancellation).
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [XIAOER.redis_url], "prefix": "xiaoer"},
    }
    if XIAOER.redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
}

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/admin/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "desk.errors.locked_out"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = None
SILENCED_SYSTEM_CHECKS: list[str] = []

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the agent page copies it into X-CSRFToken
CSRF_FAILURE_VIEW = "desk.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 30 * 24 * 3600  # sent over https only
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
API_BODY_BYTES = 64 * 1024
PAGE_BODY_BYTES = 2_500_000

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = XIAOER.timezone
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "desk" / "static"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["desk.inboxes.auth.AgentSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["desk.inboxes.checks.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "desk.errors.render",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "店小二 Xiaoer",
    "DESCRIPTION": (
        '买家端与客服端的 JSON 接口。时间为带时区的 ISO 8601，错误形如 {"error": {"code", "message"}}。'
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/(shop|desk)",
}
UNFOLD = {"SITE_TITLE": "店小二", "SITE_HEADER": "店小二 · 后台", "SHOW_VIEW_ON_SITE": False}

# How the desk works; plain numbers, each explained where it is used.
DESK: dict[str, Any] = {
    "threads": 8,  # HTTP requests worked on at once by one desk process, a database connection each
    "concurrency": 8,  # conversations answered at once by one desk process
    "poll_seconds": 1.0,  # the dispatcher looks for work at least so often
    "turn_seconds": 20.0,  # a turn may take so long: 8 s of a shop, 8 s of a language model, its own work
    "lease_seconds": 6.0,  # after so long without a sign of life another process may answer instead
    "quiet_seconds": 1.2,  # wait after a bare greeting or fragment; the rest of the thought often follows
    "tries": 3,  # failed turns of one message before a person is asked
    "conversation_rate": (100, 5.0),  # burst, then per second
    "address_rate": (1000, 50.0),  # a shop's own network, or a carrier's, may hide many shoppers
    "session_rate": (300, 5.0),  # new conversations of one address
    "picture_seconds": 3.0,  # wait after a picture; what it is about mostly follows
    "pictures_a_minute": 10,  # of one conversation
    "pictures_a_day": 50,  # of one conversation, in any 24 hours
    "picture_address_rate": (60, 1.0),  # burst, then per second: pictures of one address
    "pictures_coming": (16, 4),  # uploads at once: of all, of one address; each holds up to 5 MB
    "pictures_drawn": 1,  # at once; each may take half a gigabyte for a moment
    "picture_upload_seconds": 90.0,  # 5 MB take so long on a poor line
}

LOGGING_CONFIG = "desk.logs.configure"
LOGGING = {"by": "structlog"}  # Django calls the function only if this is not empty
