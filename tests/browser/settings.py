"""The settings of a real platform, with the gallery of components and with passwords that cost no time."""

from pathlib import Path

from qianxian.config.settings import *  # noqa: F403
from qianxian.config.settings import TEMPLATES

ROOT_URLCONF = "tests.browser.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
