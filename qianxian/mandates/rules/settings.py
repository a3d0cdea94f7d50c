"""The settings in which a matter may lie, as an audit names them."""

SETTINGS = {
    "compound": "住宅小区",
    "home": "居民家中",
    "alley": "背街小巷、胡同里弄",
    "road": "市政道路",
    "park": "公园绿地、广场",
    "market": "农贸市场",
    "school": "学校和校门口",
    "hospital": "医院",
    "enterprise": "企业、店铺里",
    "construction": "建筑工地",
    "parking": "停车场",
    "underground": "地下空间",
    "station": "车站",
    "railway": "铁路沿线",
    "motorway": "高速公路",
    "water": "河道湖泊",
    "farmland": "农田",
    "online": "网络上",
}
