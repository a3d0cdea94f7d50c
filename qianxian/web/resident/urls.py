"""Addresses of residents."""

from django.urls import path

from qianxian.web.resident import entrance, matter, report

urlpatterns = [
    path("", entrance.home, name="home"),
    path("c/<str:place>/", entrance.community, name="community"),
    path("c/<str:place>/poster/", entrance.poster, name="poster"),
    path("c/<str:place>/qr.svg", entrance.qr, name="community_qr"),
    path("report/", report.report, name="report"),
    path("report/topics/", report.topics, name="report_topics"),
    path("report/owner/", report.owner, name="report_owner"),
    path("report/code/", report.code, name="report_code"),
    path("report/all-topics/", report.all_topics, name="report_all_topics"),
    path("track/", matter.track, name="track"),
    path("mine/", matter.mine, name="mine"),
    path("m/<str:code>/", matter.matter, name="matter"),
    path("m/<str:code>/rate/", matter.rate, name="matter_rate"),
    path("m/<str:code>/material/", matter.material, name="matter_material"),
    path("m/<str:code>/follow-up/", matter.follow_up, name="matter_follow_up"),
    path("m/<str:code>/files/<int:number>/", matter.attachment, name="matter_file"),
]
