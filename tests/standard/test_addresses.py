"""Addresses taken apart, placed in the division tree, compared; and a tagger trained, measured, and refused when broken."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from qianxian.standard.addresses import corpus, divisions, matching, reading, tagger
from qianxian.standard.addresses.divisions import Level
from qianxian.standard.addresses.pieces import Kind, pieces, tags
from qianxian.standard.addresses.rules import rules
from qianxian.web.commands.standard import app
from tests.standard.invented_addresses import invented

SHARED = Path(__file__).parents[3] / "shared/data/addresses"
whole_tree = pytest.mark.skipif(not divisions.at_hand(), reason="the division tree was not made at set-up")
SIGNS = "浙江省杭州市西湖区上海北京文新街道翠苑社区村路巷弄号楼幢单元室0123456789-AB甲一二十电联旁与 （，\ud83d😀"


def said(text: str) -> str:
    return " ".join(f"{piece.kind.value}:{piece.text}" for piece in rules(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("河北省石家庄市桥西区槐安路18号", "prov:河北省 city:石家庄市 district:桥西区 road:槐安路 roadno:18号"),
        ("上海市黄浦区福州路300弄5号602室", "city:上海市 district:黄浦区 road:福州路 roadno:300弄 houseno:5号 roomno:602室"),
        ("湖南长沙芙蓉区人民路9号", "prov:湖南 city:长沙 district:芙蓉区 road:人民路 roadno:9号"),
        ("柳岸花园3幢2单元501", "poi:柳岸花园 houseno:3幢 cellno:2单元 roomno:501"),
        ("柳岸花园12-3-1001", "poi:柳岸花园 houseno:12 redundant:- cellno:3 redundant:- roomno:1001"),
        ("柳岸花园第六号楼二层", "poi:柳岸花园 houseno:第六号楼 floorno:二层"),
        ("槐安路76-78号", "road:槐安路 roadno:76-78号"),
        ("中国浙江省宁波市", "country:中国 prov:浙江省 city:宁波市"),
        ("杭州市杭州市西湖区", "redundant:杭州市 city:杭州市 district:西湖区"),
        ("柳岸花园８幢", "poi:柳岸花园 houseno:８幢"),
    ],
)  # fmt: skip
def test_rules_take_an_address_apart(text: str, expected: str) -> None:
    assert said(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=40))
def test_every_character_is_in_one_piece_as_it_was_written(text: str) -> None:
    found = rules(text)
    assert "".join(piece.text for piece in found) == text
    assert pieces(text, tags(found, len(text))) == found


@whole_tree
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("余杭区五常街道", "330110005"),
        ("浙江省杭州市西湖区文新街道古墩路415号", "330106013"),
        ("北京市东城区东华门街道多福巷社区", "110101001001"),
        ("义乌市北苑街道春晗路1号", "330782004"),
        ("西湖区", ""),  # there are two
        ("幸福路1号", ""),
    ],
)
def test_divisions_give_the_place_code_as_far_as_it_is_certain(text: str, code: str) -> None:
    assert reading.read(text).code == code


@whole_tree
def test_the_tree_holds_every_level_and_reads_communities_of_one_county_only() -> None:
    places = {place.code: place for found in divisions.tree().whole.values() for place in found}
    assert sum(place.level == Level.TOWN for place in places.values()) > 41_000
    found = divisions.communities("110101")
    assert found[0].code == "110101001001"
    assert all(place.code.startswith("110101") for place in found)
    assert divisions.communities("000000") == ()


def test_without_the_tree_provinces_cities_and_counties_are_known_all_the_same(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(divisions, "_built", lambda name: tmp_path / name)
    divisions.tree.cache_clear()
    divisions.communities.cache_clear()
    try:
        assert (
            said("浙江省杭州市西湖区古墩路415号") == "prov:浙江省 city:杭州市 district:西湖区 road:古墩路 roadno:415号"
        )
        assert divisions.communities("110101") == ()
    finally:
        monkeypatch.undo()
        divisions.tree.cache_clear()
        divisions.communities.cache_clear()


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("柳岸花园6号楼", "柳岸花园六栋", "same"),
        ("浙江省杭州市槐安路18号柳岸花园6幢", "槐安路18号柳岸花园6号楼", "same"),
        ("柳岸花园6号楼", "柳岸花园7号楼", "near"),
        ("槐安路18号", "槐安路18号好邻居超市", "near"),
        ("柳岸花园6号楼", "春江公寓6号楼", "different"),
        ("", "柳岸花园", "different"),
    ],
)
def test_two_addresses_are_compared_by_their_pieces(one: str, other: str, verdict: str) -> None:
    match = matching.compare(one, other)
    assert match.verdict == verdict, match
    assert match.reasons
    assert 0 <= match.score <= 1
    assert matching.compare(other, one) == match


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第六号楼", "6"),
        ("B座", "B"),
        ("二百四十八号", "248"),
        ("76-78号", "76-78"),
        ("十二幢", "12"),
        ("０６栋", "6"),
        ("一〇三", "103"),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, expected: str) -> None:
    assert matching.number(text) == expected


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addresses") / "marked.txt"
    path.write_text(invented(300), "utf-8")
    return path


@pytest.fixture(scope="module")
def model(marked: Path) -> Path:
    path = marked.with_name("model")
    done = command("train-addresses", marked, "--model", path, "--json")
    assert done.exit_code == 0, done.output
    header = json.loads(done.stdout)
    assert header["f1"] > header["rules_f1"]
    assert header["addresses"] == 285
    return path


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_trained_tagger_finds_what_rules_cannot_know(marked: Path, model: Path) -> None:
    by_model, by_rules = (
        json.loads(command("test-addresses", marked, "--json", *more).stdout) for more in (("--model", model), ())
    )
    assert by_model["f1"] > max(0.95, by_rules["f1"])
    assert by_rules["tagger"] == "rules"
    assert by_model["labels"]["roadno"].keys() == {"precision", "recall", "f1", "marked", "found", "right"}


def test_a_model_that_is_broken_foreign_or_of_another_version_is_refused_in_a_sentence(
    marked: Path, model: Path, tmp_path: Path
) -> None:
    good = model.read_bytes()
    header, _, weights = good.partition(b"\n")
    other = json.dumps(json.loads(header) | {"edition": 0}).encode()
    for name, content, words in (
        ("cut", good[:-100], "损坏"),
        ("changed", header + b"\n" + bytes([weights[0] ^ 1]) + weights[1:], "损坏"),
        ("foreign", b"\x80\x04\x95pickle", "不是地址模型"),
        ("empty", b"", "不是地址模型"),
        ("other", other + b"\n" + weights, "别的版本"),
        ("list", b"[]\n", "不是地址模型"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        done = command("test-addresses", marked, "--model", path)
        assert done.exit_code == 2, name
        assert words in done.output, name
        with pytest.raises(tagger.BadModel):
            tagger.load(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("路 B-road\n号 B-nothing\n", "第 2 行"),
        ("路\n", "第 1 行"),
        ("", "没有 UTF-8 的标注地址"),
        ("槐 B-road\n".encode("gbk"), "没有 UTF-8 的标注地址"),
    ],
)
def test_a_file_that_is_not_marked_is_refused_in_a_sentence(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = tmp_path / "marked.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = command("test-addresses", path)
    assert done.exit_code == 2
    assert words in done.output


def test_one_address_and_two_are_asked_on_the_command_line(model: Path) -> None:
    found = json.loads(command("address", "柳岸花园3幢501室", "--json").stdout)
    assert [piece["kind"] for piece in found["pieces"]] == ["poi", "houseno", "roomno"]
    assert command("address", "柳岸花园3幢501室", "--model", model).exit_code == 0
    match = json.loads(command("compare-addresses", "柳岸花园6号楼", "柳岸花园六栋", "--json").stdout)
    assert match["verdict"] == "same"


def test_a_score_counts_bounds_and_kind() -> None:
    expected = ["B-road", "I-road", "B-roadno"]
    overall, by_kind = corpus.score([("长路9", expected)], lambda _: pieces("长路9", ["B-road", "I-road", "B-poi"]))
    assert (overall.marked, overall.found, overall.right) == (2, 2, 1)
    assert by_kind["road"].f1 == 1
    assert by_kind["roadno"].recall == by_kind["poi"].precision == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of shared data is absent")
@whole_tree
def test_rules_alone_find_three_quarters_of_the_pieces_of_real_addresses() -> None:
    overall, _ = corpus.score(corpus.read(SHARED / "dev.txt"), rules)
    assert overall.f1 >= 0.75
    assert Kind.ROAD == "road"
