"""Codes in the words of residents."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

POWERS: Words = {
    "affairs": _("事权"),
    "funds": _("财权"),
    "decision": _("决策权"),
    "enforcement": _("执法权"),
    "entry": _("入户、入场检查权"),
}
DUTIES: Words = {"lead": _("主责"), "assist": _("协助"), "inform": _("知悉")}
BENEFITS: Words = {"funds": _("经费"), "people": _("人员"), "training": _("培训"), "credit": _("考核和荣誉")}
LISTS: Words = {
    "basic": _("基本履职事项清单"),
    "assisting": _("配合履职事项清单"),
    "taken_back": _("上级部门收回事项清单"),
    "department": _("部门权责清单"),
    "self_government": _("社区依法自治事项清单"),
    "community_assist": _("社区依法协助事项清单"),
    "negative": _("社区负面事项清单"),
}
SETTINGS: Words = {
    "compound": _("住宅小区"),
    "home": _("居民家中"),
    "alley": _("背街小巷、胡同里弄"),
    "road": _("市政道路"),
    "park": _("公园绿地、广场"),
    "market": _("农贸市场"),
    "school": _("学校和校门口"),
    "hospital": _("医院"),
    "enterprise": _("企业、店铺里"),
    "construction": _("建筑工地"),
    "parking": _("停车场"),
    "underground": _("地下空间"),
    "station": _("车站"),
    "railway": _("铁路沿线"),
    "motorway": _("高速公路"),
    "water": _("河道湖泊"),
    "farmland": _("农田"),
    "online": _("网络上"),
}
KINDS: Words = {
    "help": _("求助：请帮我解决"),
    "complaint": _("投诉：有人没做好"),
    "report": _("举报：有人违规"),
    "consult": _("咨询：想问清楚"),
    "suggestion": _("建议：可以更好"),
    "praise": _("表扬"),
    "other": _("其他"),
}
SIDES: Words = {"topic": _("事项"), "place": _("地点"), "setting": _("场所"), "period": _("时间")}


def named(words: Words, code: str) -> str:
    """Return the words for a code, the code itself where there are none."""
    return str(words.get(code, code))
