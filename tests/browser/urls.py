"""The addresses of the platform, a gallery that shows every component, and pages that fail on purpose."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from qianxian.config import urls as product
from qianxian.web.shell import navigation
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.allowance import TooMany
from qianxian.web.shell.navigation import STAFF, Entry
from qianxian.web.shell.uploads import UploadField

handler400, handler403, handler404, handler500 = (
    product.handler400,
    product.handler403,
    product.handler404,
    product.handler500,
)

# The gallery stands first in the bar, with something that waits.
navigation.ENTRIES = (Entry("gallery", "部件", "box", STAFF, badge=lambda request: 12), *navigation.ENTRIES)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Sample(forms.Form):
    title = forms.CharField(label="一句话说清楚", help_text="在什么地方、发生了什么事。")
    words = forms.CharField(label="详细说说", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    kind = forms.ChoiceField(
        label="您想",
        choices=[("help", "求助"), ("complaint", "投诉"), ("suggestion", "建议")],
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(
        label="社区", choices=[("", "请选择"), ("990101001001", "柳岸社区"), ("990101001002", "钟楼社区")]
    )
    secret = forms.BooleanField(label="替我保密", required=False)
    picture = UploadField(label="照片", required=False, help_text="有照片更清楚，没有也可以。")


def row(code: str, title: str, due_in: timedelta, **more: object) -> SimpleNamespace:
    return SimpleNamespace(code=code, title=title, href="#", due_at=NOW + due_in, **more)


ROWS = [
    row(
        "QX260302-0101",
        "三号楼二单元楼道灯不亮，老人晚上上楼看不清",
        timedelta(hours=-2),
        place="柳岸社区",
        owner="区住建局",
        stage_name="已派定",
        thread="诉求",
    ),
    row(
        "QX260302-0102",
        "菜场门口下水道返水",
        timedelta(hours=5),
        place="钟楼社区",
        owner="区排水公司",
        stage_name="已派定",
        marks=[("已吹哨", "info")],
    ),
    row(
        "QX260228-0077",
        "咨询居住证续签要带什么材料",
        timedelta(days=3),
        place="新苑社区",
        owner="新苑派出所",
        stage_name="已收到",
    ),
    row(
        "QX260225-0012",
        "广场舞音响太响，晚上九点以后还在放",
        timedelta(days=1),
        place="柳岸社区",
        owner="区公安分局",
        stage_name="已办结",
        done_at=NOW,
    ),
]
DEEDS = [
    SimpleNamespace(at=NOW, title="区住建局签收", who="区住建局 · 物业科"),
    SimpleNamespace(
        at=NOW - timedelta(hours=1),
        title="派定责任单位",
        who="系统",
        words="楼道公共照明属物业共用设施。",
        article="云溪区权责清单 2026 版 第 118 条",
    ),
    SimpleNamespace(at=NOW - timedelta(hours=1, minutes=1), title="收到诉求", who="居民 138****0000"),
]
LINES = [
    SimpleNamespace(label="派定时间", value="3 月 2 日 09:00"),
    SimpleNamespace(label="物业维修类时限", value="+ 5 个工作日", note="3 月 7、8 日是周末，不算"),
    SimpleNamespace(label="等居民约时间（暂停 1 次）", value="+ 4 小时"),
]
OPTION = {
    "xAxis": {"type": "category", "data": ["柳岸", "钟楼", "新苑", "上塘"]},
    "yAxis": {"type": "value"},
    "series": [{"name": "件数", "type": "bar", "data": [42, 31, 18, 9]}],
}
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name, "value": value, "level": level},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for name, value, level, ring in (
            ("柳岸社区", 42, 4, [[0, 0], [40, 5], [38, 40], [5, 45], [0, 0]]),
            ("钟楼社区", 31, 3, [[40, 5], [85, 0], [90, 35], [38, 40], [40, 5]]),
            ("新苑社区", 18, 1, [[5, 45], [38, 40], [90, 35], [80, 70], [20, 75], [5, 45]]),
        )
    ],
}


def gallery(request: HttpRequest) -> HttpResponse:
    form = Sample(request.POST or None, request.FILES or None, initial={"title": request.GET.get("title", "")})
    if request.method == "POST" and form.is_valid():
        accept(request, "sample", "收到了，编号 QX260302-0103。")
        return redirect("gallery")
    words = {
        "form": form,
        "columns": ["社区", "件数"],
        "chart_rows": [("柳岸", 42), ("钟楼", 31), ("新苑", 18), ("上塘", 9)],
        "rows": ROWS,
        "deeds": DEEDS,
        "lines": LINES,
        "option": OPTION,
        "geojson": GEOJSON,
        "now": NOW,
        "later": NOW + timedelta(hours=5),
        "over": NOW - timedelta(hours=2),
        "calm": NOW + timedelta(days=3),
    }
    return render(request, "gallery.html", words, status=422 if form.errors else 200)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def overdo(request: HttpRequest) -> HttpResponse:
    raise TooMany


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("posted")


urlpatterns = [
    *product.urlpatterns,
    path("gallery/", gallery, name="gallery"),
    path("fail/", fail),
    path("forbid/", forbid),
    path("overdo/", overdo),
    path("only-post/", only_post),
]
