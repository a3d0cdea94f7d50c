"""Cells as people really leave them, for every type: right ones, and right ones that something has happened to."""

from hypothesis import strategies as st

EXAMPLES: dict[str, tuple[str, ...]] = {
    "person.citizen_number": (
        "11010519491231002X", "440524188001010014", "110105491231002", "110101199003071233", "4.40524E+17",
        "1101051949****002X", "11010519491331002X", "110101199003070000", "990426199112010074", "110105191231996",
    ),
    "person.name": ("张三", "欧阳修", "阿不都·热合曼", "張國強", "Smith John", "王?", "李某", "不详", "王\ue863", "𠮷野"),
    "person.birth_date": (
        "2026-03-05", "2026.3.5", "20260305", "二〇二六年三月五日", "2006年12月卅一日", "36526", "85.3.5", "3/5/2026",
        "2026.3", "2026", "2024-02-29", "2023-02-29", "2026-03-05 00:00:00", "昨天", "1849-12-31", "2200-01-01",
    ),
    "party_member.dues_until": ("2026-03", "202603", "2026年3月", "二〇二六年三月", "2026-13", "2026-03-05", "2026"),
    "person.phone": (
        "13800138000", "138-0013-8000、13900139000", "+86 13800138000", "010-66668888转801", "86668888", "1.38E+10",
        "1380013800", "13800138000.0", "400-810-8888", "12345", "008613800138000", "或/或",
    ),
    "person.age": ("36", "36岁", "36.0", "36.5", "-1", "+36", "200", "1,000", "三十", "-0", "000"),
    "home.area": ("89.5", "89.50㎡", "1,200.00", ".5", "1e5", "9999999", "¥88", "12.1234567", "-", "1.", "-0.0"),
    "person.marital": ("未婚", "20", "离异", "1", "无", "9"),
    "person.ethnicity": ("汉", "01", "1", "HA", "ha", "汉族", "火星"),
    "mobile.inflow_reason": ("务工", "无", "探亲访友" * 20),
    "person.living_address": ("幸福里3号楼2单元501室", "幸福里３号楼 2单元", "和平路\u200b", "很" * 90, "丢\ufffd字的一条路"),
    "person.living_place": ("110101001000", "110101", "11", "999999", "11010", "110101000000", "1.10101E+11"),
    "person.occupation": ("电工", " 电 工 ", "工\x07人", "\ufeff教师", "很" * 70),
    "disabled.certificate": ("11010519491231002X42", "11010519491231002x42B1", "1", "1.10105E+19"),
    "organisation.credit_code": (
        "91350100M000100Y43", "N2110101MF00000012", "91350100M000100Y44", "91I50100M000100Y43", "12345",
        "00110101MF00000012", "９１３５0100M000100Y43",
    ),
    "organisation.organisation_code": ("D2143569-X", "600037341", "60003734-2", "D214"),
}  # fmt: skip
TROUBLE = (
    " \u3000\u00a0\t\n\r\u200b\ufeff\x00\x1f\x85\u2028０９Ａｚ（），：．－—–-_'‘\"\\/$^.*+?()[]{}|,;:、，。·•xXеЕ×零〇一十廿卅年月日号点"
    "男汉張某王𠮷\U0002fa1d\ue000\ufffdéß1230OIl%~"
)


def cells(element: str) -> st.SearchStrategy[str]:
    """Return cells of one element: an example, one that was changed in up to three places, or anything."""
    example = st.sampled_from(EXAMPLES[element])
    anything = st.text(st.sampled_from(TROUBLE) | st.characters(codec="utf-8"), max_size=24)
    return example | st.builds(_changed, example, st.lists(CHANGE, min_size=1, max_size=3)) | anything


CHANGE = st.tuples(st.integers(0, 40), st.sampled_from(["put", "drop", "replace", "twice"]), st.sampled_from(TROUBLE))


def _changed(cell: str, changes: list[tuple[int, str, str]]) -> str:
    for place, what, sign in changes:
        at = place % (len(cell) + 1)
        before, here, after = cell[:at], cell[at : at + 1], cell[at + 1 :]
        cell = {"put": before + sign + here + after, "drop": before + after, "replace": before + sign + after,
                "twice": before + here + here + after}[what]  # fmt: skip
    return cell
