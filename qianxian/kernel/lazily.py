"""Modules that are loaded at their first use, for what rests on a library that is slow to load."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def lazily(name: str) -> ModuleType:
    """
    Return one of our own modules, which is loaded when something of it is first asked for.

    Pages start in seconds because provers, learners and columnar engines are loaded by whoever uses them. Name the
    module of ours that imports such a library, never the library itself, and keep the types by importing it under
    `TYPE_CHECKING`.

    :raises ModuleNotFoundError: if there is no such module
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
