"""Settings of one platform; few names, read here and in home.py and nowhere else.

QIANXIAN_HOME      the directory of all state (home.py)
DATABASE_URL       a server of one's own instead of the private cluster (home.py)
QIANXIAN_ORIGIN    the address people use, such as https://qianxian.example.gov.cn; https turns strict transport on
QIANXIAN_PROXIES   addresses or networks of gateways whose X-Forwarded-For is believed, parted by commas; else nobody's is
QIANXIAN_DEMONSTRATION  "yes" shows one-time codes on the page; `qianxian run` sets it with the demonstration district
QIANXIAN_SEAL_KEYS the sealing keys, the oldest first, parted by commas, instead of the files of the home (home.py)
QIANXIAN_PORT      the port that `qianxian run` serves on; live events are on the next one
"""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from qianxian.standard import sheets

from . import home

BASE = Path(__file__).resolve().parent.parent
HOME = home.current()
sheets.beside(HOME.path / "standard")  # the district's own codes and elements (qianxian.standard.sheets)

SECRET_KEY = HOME.key("django")
SEAL_KEYS = (
    HOME.seal_keys
)  # asked each time, so that a new key is seen; without them sealed fields stay sealed: back them up
SEAL_KEY = SEAL_KEYS()[0]
DEBUG = False
PORT = int(os.environ.get("QIANXIAN_PORT", "8000"))
LIVE_PORT = PORT + 1
DEMONSTRATION = os.environ.get("QIANXIAN_DEMONSTRATION") == "yes"  # a one-time code is shown instead of sent

TRUSTED_PROXIES = [
    ip_network(part.strip()) for part in os.environ.get("QIANXIAN_PROXIES", "").split(",") if part.strip()
]

_origin = urlsplit(os.environ.get("QIANXIAN_ORIGIN", ""))
_encrypted = _origin.scheme == "https"
ALLOWED_HOSTS = [_origin.hostname] if _origin.hostname else ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"{_origin.scheme}://{_origin.netloc}"] if _origin.hostname else []

SECURE_SSL_REDIRECT = _encrypted
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _encrypted else None
SECURE_HSTS_SECONDS = 31_536_000 if _encrypted else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Two homes on one machine differ by port only, and cookies do not know ports.
SESSION_COOKIE_NAME = f"qianxian_session_{PORT}"
SESSION_COOKIE_SECURE = _encrypted
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # the longest session; qianxian.web.shell.lockout ends it earlier where nobody works
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = f"qianxian_csrf_{PORT}"
CSRF_COOKIE_SECURE = _encrypted
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qianxian.web.shell.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * home.MEGABYTE
TRAINED_READER = HOME.path / "topics.model"  # of words; missing, the topic tree alone reads them
LARGEST_BODY = 64 * home.MEGABYTE  # of one request, files included
FILE_UPLOAD_PERMISSIONS = 0o600

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "ninja",  # serves the documentation of the interface from here, not from elsewhere
    "procrastinate.contrib.django",
    "qianxian",
]
AUTH_USER_MODEL = "qianxian.Account"
AUTHENTICATION_BACKENDS = ["qianxian.web.shell.sign_in.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
PROCRASTINATE_IMPORT_PATHS = [
    "qianxian.web.jobs",
    "qianxian.web.imports.jobs",
    "qianxian.web.learned.jobs",
    "qianxian.web.records.jobs",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": home.database_settings(HOME)}

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "web" / "locale"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qianxian.web.shell.middleware.PageSafety",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "qianxian.web.shell.middleware.Refusals",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qianxian.web.shell.middleware.SessionLimits",
    "qianxian.web.shell.middleware.WithinReach",
    "qianxian.web.shell.outbox.Once",
]
ROOT_URLCONF = "qianxian.config.urls"
WSGI_APPLICATION = "qianxian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qianxian.web.shell.context.shell",
                "qianxian.web.shell.context.live",
            ],
            "builtins": ["qianxian.web.shell.tags"],
        },
    }
]

# A new build has a new address, so that a browser may keep what it has for as long as it likes.
_stamp = BASE / "web" / "static" / "built" / "stamp"
STATIC_URL = f"/static/{_stamp.read_text()[:12] if _stamp.exists() else 'unbuilt'}/"
STATICFILES_DIRS = [BASE / "web" / "static"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING"}, "procrastinate": {"level": "WARNING"}},
}
