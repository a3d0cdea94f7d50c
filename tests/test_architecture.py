"""What keeps the house in order beyond the import contracts."""

import ast
import re
import tomllib
from pathlib import Path

from django.apps import apps

import qianxian

ROOT = Path(qianxian.__file__).parent
CONTRACTS = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [names.split(" | ") for names in CONTRACTS[0]["layers"]]
HEIGHT = {name: len(LAYERS) - depth for depth, names in enumerate(LAYERS) for name in names}
OURS = [model for model in apps.get_models() if model.__module__.startswith("qianxian.")]


def package(model):
    return model.__module__.split(".")[1]


def sources():
    return [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]


def test_tables_refer_only_downwards():
    references = [
        (package(model), package(field.related_model))
        for model in OURS
        for field in model._meta.get_fields()
        if (field.many_to_one or (field.one_to_one and field.concrete)) and field.related_model in OURS
    ]
    assert [(a, b) for a, b in references if HEIGHT[a] < HEIGHT[b]] == []


def test_the_package_lists_its_parts_in_the_order_of_the_folders_story():
    told = [line.split()[0] for line in qianxian.__doc__.splitlines() if line[:1].islower() and "  " in line]
    assert set(told) <= set(HEIGHT)
    assert all((ROOT / name / "__init__.py").read_text().startswith('"""') for name in told)


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_a_module_loaded_at_its_first_use_stands_no_higher_than_the_one_that_uses_it():
    named = [
        (path.relative_to(ROOT).parts[0], name.split(".")[1])
        for path in sources()
        for name in re.findall(r'lazily\("(qianxian\.[\w.]+)"\)', path.read_text())
    ]
    assert [(user, used) for user, used in named if HEIGHT[user] < HEIGHT[used]] == []


def test_there_are_no_signals_and_no_dumping_grounds():
    names = {part for path in sources() for part in path.with_suffix("").relative_to(ROOT).parts}
    assert names & {"utils", "util", "helpers", "common", "misc", "signals", "services"} == set()
    assert [path for path in sources() if "django.dispatch" in path.read_text()] == []


def test_every_verb_of_an_action_takes_actor_and_moment_from_outside():
    clocks = [
        str(path.relative_to(ROOT))
        for path in sources()
        if ({"actions", "rules"} & set(path.with_suffix("").parts))
        and any(word in path.read_text() for word in ("timezone.now(", "datetime.now(", "time.time("))
    ]
    assert clocks == []
