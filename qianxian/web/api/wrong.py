"""What can go wrong on the interface: a code, and a sentence of each language; never a traceback."""

from dataclasses import dataclass

Pair = tuple[str, str]
WRONG: dict[str, tuple[int, Pair]] = {
    "no_key": (
        401,
        (
            "请求没有带密钥，或密钥已停用；请在请求头写 Authorization: Bearer 密钥。",
            "The request has no key, or one that was withdrawn: send the header Authorization: Bearer KEY.",
        ),
    ),
    "too_often": (429, ("请求太频繁，请稍后再试。", "Too many requests: try again later.")),
    "too_large": (
        413,
        ("请求体超过 {most} KB，没有收下。", "The body is larger than {most} kB and was not taken in."),
    ),
    "not_json": (
        400,
        ("请求体不是完整的 JSON（UTF-8），没有收下。", "The body is no whole JSON (UTF-8) and was not taken in."),
    ),
    "invalid": (422, ("“{field}”不合格式：{reason}。", "“{field}” does not have the right form: {reason}.")),
    "unfit": (422, ("{reason}，没有收下。", "Not taken in: {reason_en}.")),
    "outside": (403, ("地点不在这把密钥的辖区内，没有收下。", "The place lies outside the area of this key.")),
    "no_matter": (404, ("没有找到这件诉求，请核对查询码。", "There is no such matter: check the tracking code.")),
    "no_topic": (404, ("没有这个事项编码。", "There is no such topic.")),
    "no_place": (404, ("没有这个地区编码或名称。", "There is no such place.")),
    "not_ready": (503, ("还没有生效的权责清单，暂时不能办理。", "No register is in force yet.")),
    "broken": (500, ("系统出了差错，已经记下，请稍后再试。", "Something broke and was noted: try again later.")),
    "not_here": (404, ("没有这个接口地址，请查看 /api/docs。", "There is nothing at this address: see /api/docs.")),
}


class Wrong(Exception):
    """A call that is refused, by the code of WRONG."""

    def __init__(self, code: str, **facts: object):
        super().__init__(code)
        self.code, self.facts = code, {"reason_en": "", **facts}
        self.field = str(facts.get("field", ""))


@dataclass(frozen=True, slots=True)
class Said:
    """A status, and the body that goes with it."""

    status: int
    body: dict[str, str]


def said(wrong: Wrong) -> Said:
    status, (zh, en) = WRONG[wrong.code]
    body = {"code": wrong.code, "sentence_zh": zh.format(**wrong.facts), "sentence_en": en.format(**wrong.facts)}
    return Said(status, body | ({"field": wrong.field} if wrong.field else {}))
