"""The shapes of what comes and goes."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Short = Annotated[str, StringConstraints(max_length=200)]


class Brought(Schema):
    """A demand that another system brings; codes and names are both understood (投诉 and complaint)."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, StringConstraints(max_length=20_000)] = Field(description="诉求内容 What is wanted")
    subject: Short = Field("", description="标题 Subject")
    topic: Short = Field("", description="事项编码或名称；空则按内容判断 Code or name of the topic")
    place: Short = Field("", description="地区编码或名称；空则归本密钥的辖区 Code or name of the place")
    setting: Short = Field("", description="场所 Setting")
    address: Short = Field("", description="详细地址 Address")
    kind: Short = Field("", description="诉求类型 consult, help, complaint, report, suggestion, praise, other")
    name: Annotated[str, StringConstraints(max_length=40)] = Field("", description="姓名 Name")
    phone: Annotated[str, StringConstraints(max_length=40)] = Field("", description="电话 Telephone")
    confidential: bool = Field(False, description="要求保密 Asks for confidence")
    time: Short = Field("", description="受理时间；空为现在 When it was brought; empty is now")
    urgent: bool = Field(False, description="紧急 Urgent")


class Standing(Schema):
    """How a matter stands; no personal data is in it."""

    code: str
    stage: int
    stage_name: str
    owner: str
    article: str
    basis: str
    topic: str
    place: str
    exit: str
    reply: str
    received_at: datetime
    due_at: datetime


class Tracked(Standing):
    """How a matter stands, with the arithmetic of its deadline."""

    deadline_zh: list[str]
    deadline_en: list[str]


class Line(Schema):
    number: str
    body: str
    body_name: str
    basis: str


class Asked(Schema):
    """Who answers for a case, and why."""

    outcome: str
    article: Line | None
    rivals: list[Line]
    beaten: list[Line]
    assisting: list[Line]
    informed: list[Line]
    holders: dict[str, list[str]]


class Suggested(Schema):
    topic: str
    name: str
    score: float
    words: list[str]


class Fault(Schema):
    """What went wrong."""

    code: str
    sentence_zh: str
    sentence_en: str
    field: str = ""
