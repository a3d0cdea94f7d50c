"""Where else to go with what is not dispatched: plain ways for each lawful exit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WAYS: dict[str, tuple[str | Promise, ...]] = {
    "E1": (_("现在就拨打上面的电话，说清地点和情况。"), _("处理完以后还有要解决的问题，可以再来反映。")),
    "E2": (
        _("打官司、执行判决：到人民法院，或拨打 12368。"),
        _("劳动争议、合同仲裁：到区劳动人事争议仲裁委员会或约定的仲裁机构。"),
        _("不服行政决定：向复议机关申请行政复议。"),
        _("反映干部违纪：拨打 12388。要政府公开信息：向主管部门书面申请。"),
        _("请不起律师：拨打法律援助热线 12348。"),
    ),
    "E3": (_("用原来的查询码看进展，有新情况可以在那里补充材料。"),),
    "E4": (_("查自己的信息，请带身份证到主管单位的窗口办理。"), _("案件需要的，由法院或律师依法调取。")),
    "E5": (
        _("先找对方商量，保留好合同、票据和聊天记录。"),
        _("买东西、买服务有纠纷：拨打 12315。"),
        _("邻里和家庭纠纷：找社区人民调解委员会，不收费。"),
        _("谈不拢：申请仲裁或向人民法院起诉，法律咨询拨打 12348。"),
    ),
    "E6": (_("请用合法的方式表达；有具体困难，可以重新写清楚再反映。"),),
}


def ways(code: str) -> tuple[str | Promise, ...]:
    """Return the ways of an exit, none for a matter in work."""
    return WAYS.get(code, ())
