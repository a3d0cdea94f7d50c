"""What residents do on pages, by the test client; the one-time code is read where the demonstration shows it."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qianxian.cadres.queries import reaching_everything
from qianxian.matters import queries
from qianxian.matters.models import Matter
from tests.town import LIUAN

PHONE = "19900007788"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def picture(name: str = "灯.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def key_of(client: Client) -> str:
    """Open the form and return what tells this submission apart."""
    return re.search(r'name="key" value="([^"]+)"', client.get("/report/").content.decode())[1]


def code_for(client: Client, phone: str = PHONE, **typed: Any) -> str:
    page = client.post("/report/", {"phone": phone, "step": "code", **typed}).content.decode()
    return re.search(r"data-shown-code>(\d{6})<", page)[1]


def filled(words: str, **typed: Any) -> dict[str, Any]:
    return {"words": words, "place": LIUAN, "kind": "help", "phone": PHONE, "seen": "1", "step": "send", **typed}


def say(client: Client, words: str, phone: str = PHONE, **typed: Any) -> Matter:
    """Bring a demand as a resident does: write, prove the phone, send; return the matter that came of it."""
    form = filled(words, phone=phone, key=key_of(client), **typed)
    if "resident" not in client.session:
        form["code"] = code_for(client, phone)
    answer = client.post("/report/", form)
    assert answer.status_code == 302, answer.content.decode()
    return stored(answer.url.split("/")[2])


def stored(code: str) -> Matter:
    with reaching_everything():
        return queries.matter_by_code(code)


def page_of(client: Client, matter: Matter) -> str:
    answer = client.get(f"/m/{matter.code}/")
    assert answer.status_code == 200
    return answer.content.decode()
