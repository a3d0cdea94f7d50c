"""The one command of the platform: `qianxian`, or `python -m qianxian`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianxian.config.settings")
django.setup()

from qianxian.config.command import main  # noqa: E402  (tables can be imported only after setup)

if __name__ == "__main__":
    main()
