import subprocess
import sys

import pytest

from qianxian.kernel.lazily import lazily

SEEN = """
import sys
from qianxian.kernel.lazily import lazily
place = lazily("qianxian.kernel.worktime")
before = "chinese_calendar" in sys.modules
place.BEIJING
print(before, "chinese_calendar" in sys.modules)
"""


def test_a_module_and_its_libraries_are_loaded_at_the_first_use():
    ran = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


def test_a_module_that_is_missing_is_missed_at_once():
    with pytest.raises(ModuleNotFoundError, match=r"qianxian\.kernel\.nowhere"):
        lazily("qianxian.kernel.nowhere")
