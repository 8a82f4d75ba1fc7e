"""The smallest Django project that can migrate the register. Imported by Django alone.

The console's settings are its own; they name the same app. KENG_REGISTER is the file's path; without it (to write
migrations) a database in memory.
"""

import os

SECRET_KEY = "there are no sessions and no forms in this project"  # noqa: S105 - guards nothing: only migrations run here
INSTALLED_APPS = ["broker.register"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("KENG_REGISTER", ":memory:"),
        "OPTIONS": {"timeout": 10},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
