"""What was learned, as figures and pictures."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

TOPICS, COMMUNITIES, FEW = 16, 20, 8
HOT, DARK = ["#f6efe3", "#e9b872", "#c4572f"], "#3a1d10"


def figures(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how well the ranking foretold later records, beside the table it has to beat."""
    tried = data["test"]
    if not tried:
        return []
    return [
        {
            "name": name,
            "first": f"{100 * hits['top1']:.1f}%",
            "three": f"{100 * hits['top3']:.1f}%",
            "note": note,
        }
        for name, note, hits in (
            (_("学到的排序"), _("只用测试期之前的记录"), tried["frozen"]),
            (_("对照：查表"), _("同事项同街道最常见的单位"), tried["lookup"]),
        )
    ]


def heat(data: dict[str, Any]) -> dict[str, Any]:
    """Return the contested cells as a board of topics by streets: how many matters did not go to the leading unit."""
    weight = Counter[str]()
    for cell in data["contested"]:
        weight[cell["topic"]] += _beside(cell)
    topics = [topic for topic, _count in weight.most_common(TOPICS)]
    cells = {(cell["topic"], cell["street"]): cell for cell in reversed(data["contested"]) if cell["topic"] in topics}
    streets = sorted({street for _topic, street in cells})
    if not cells:
        return {}
    points = [[streets.index(street), topics.index(topic), _beside(cell)] for (topic, street), cell in cells.items()]
    named = [street or _("未写街道") for street in streets]
    option = {
        "tooltip": {"trigger": "item"},
        "grid": {"left": 8, "right": 16, "top": 8, "bottom": 64, "containLabel": True},
        "xAxis": {"type": "category", "data": named, "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {
            "type": "category", "data": topics, "inverse": True,
            "axisLabel": {"interval": 0, "width": 130, "overflow": "truncate"},
        },
        "visualMap": {
            "min": 0, "max": max(point[2] for point in points), "orient": "horizontal", "left": "center", "bottom": 0,
            "inRange": {"color": HOT}, "text": [_("分歧多"), _("分歧少")], "itemHeight": 90,
        },
        "aria": {"enabled": True, "decal": {"show": False}},
        "series": [
            {"name": _("没有交给最常办单位的件数"), "type": "heatmap", "data": points, "label": {"show": True, "color": DARK}}
        ],
    }  # fmt: skip
    rows = [[topic, *(_words(cells.get((topic, street))) for street in streets)] for topic in topics]
    return {"option": option, "columns": [_("事项"), *named], "rows": rows, "tall": len(topics) > FEW}


def _beside(cell: dict[str, Any]) -> int:
    return int(cell["records"] - cell["units"][0]["records"])


def _words(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return "—"
    return _("%(units)s 个单位，%(beside)s/%(records)s 件") % {
        "units": len(cell["units"]), "beside": _beside(cell), "records": cell["records"],
    }  # fmt: skip


def communities(data: dict[str, Any]) -> dict[str, Any]:
    """Return how many matters were put on each community as their handler."""
    counted = Counter[str]()
    for one in data["communities"]:
        counted[one["community"]] += one["records"]
    if not counted:
        return {}
    found = counted.most_common(COMMUNITIES)
    option = {
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [name for name, _count in found], "inverse": True, "axisLabel": {"interval": 0}},
        "series": [{"name": _("件数"), "type": "bar", "barMaxWidth": 18, "data": [count for _name, count in found],
                    "label": {"show": True, "position": "right"}}],
    }  # fmt: skip
    return {"option": option, "columns": [_("社区"), _("件数")], "rows": found, "tall": len(found) > FEW}
