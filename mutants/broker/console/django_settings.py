"""The Django project of the console. KENG_CONSOLE is console.yaml's path; without it (types, migrations) nothing is
served.

Two databases: `default` is the console's own (people, sessions, drafts), SQLite or PostgreSQL; `register` is the
service's, which
SQLite opens read-only. What a browser may do is said in `security`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django

from broker.console.secret import secret_of
from broker.console.settings import ConsoleSettings, Listen, load_console
from broker.register.store import FILE

HERE = Path(__file__).resolve().parent
ADMIN = Path(django.__file__).resolve().parent / "contrib" / "admin"
_FILE = os.environ.get("KENG_CONSOLE")
CONSOLE: ConsoleSettings = (
    load_console(Path(_FILE)) if _FILE else ConsoleSettings("none", "?", Path("/nonexistent"), Path("/nonexistent"))
)
SECURE: bool = CONSOLE.listen != Listen() and CONSOLE.listen.certificate is not None

SECRET_KEY = secret_of(CONSOLE.home) if _FILE else "types and migrations only"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *CONSOLE.hosts]
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "broker.register",
    "broker.console.people",
    "broker.console.inspection",
    "broker.console.duty",
    "broker.console.devices",
    "broker.console.cases",
    "broker.console.reports",
    "broker.console.chimes",
    "broker.console.drills",
    "broker.console.trail",
    "broker.console.tryout",
]
MIDDLEWARE = [
    "broker.console.security.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "broker.console.language.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "broker.console.people.gate.Gate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "broker.console.urls"
ASGI_APPLICATION = "broker.console.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates", ADMIN / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "broker.console.context.everywhere",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "broker.console.tags",
                "broker.console.devices.tags",
                "broker.console.reports.tags",
                "broker.console.chimes.tags",
            ],
        },
    }
]


def _own() -> dict[str, Any]:
    wanted = CONSOLE.database
    if wanted is None:
        options = {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode = WAL"}
        name = str(CONSOLE.home / "console.sqlite3") if _FILE else ":memory:"
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    password = wanted.password_file.read_text("utf-8").strip() if wanted.password_file else ""
    where = {"HOST": wanted.host, "PORT": str(wanted.port or ""), "NAME": wanted.name, "USER": wanted.user}
    return {"ENGINE": "django.db.backends.postgresql", **where, "PASSWORD": password}


DATABASES = {
    "default": _own(),
    "register": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"file:{CONSOLE.register / FILE}?mode=ro",
        "OPTIONS": {"timeout": 2, "uri": True},
    },
}
DATABASE_ROUTERS = ["broker.console.routing.Routing"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Officer"
PASSWORD_HASHERS = ["broker.console.people.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "broker.console.people.rules.OurRules"}]
LOGIN_URL = "/dang-nhap"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/dang-nhap"

SESSION_ENGINE = "broker.console.people.store"
SESSION_COOKIE_AGE = 12 * 3600
"""A shift: people/seats.py says how long a session lasts, and why."""
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_NAME = "__Host-keng" if SECURE else "keng"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "__Host-keng-csrf" if SECURE else "keng-csrf"
CSRF_FAILURE_VIEW = "broker.console.pages.forbidden_form"

LANGUAGE_CODE = "vi"
"""The templates' own language; `locale/en` translates it."""
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "keng-language"
LANGUAGE_COOKIE_SAMESITE = "Strict"
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"short": {"()": "broker.console.logs.Short"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["short"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # What a browser asks wrongly is its own affair; a host name that is not ours is some scanner's.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
