"""The one command of the platform: `qianxian`, or `python -m qianxian`."""

import os
import sys

import django

from qianxian.config.home import as_trouble, complain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianxian.config.settings")
try:
    django.setup()
except Exception as error:
    if trouble := as_trouble(error):
        sys.exit(complain(trouble))
    raise

from qianxian.config.command import main  # tables can be imported only after setup

if __name__ == "__main__":
    main()
