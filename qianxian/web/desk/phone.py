"""Registering for a caller or a visitor: one page, who answers is seen before it is sent, a code to tell at the end."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import segno
from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import Actor
from qianxian.kernel import place as places
from qianxian.mandates import queries as mandates
from qianxian.matters import actions
from qianxian.matters.queries import matter_by_code
from qianxian.matters.queries.foresight import Foreseen, foresee
from qianxian.matters.rules.intake import WORDS, Channel, Demand, MatterKind
from qianxian.register import queries as bodies
from qianxian.register.rules import Directory
from qianxian.web.acting import actor_of, now
from qianxian.web.desk import wording
from qianxian.web.desk.choosing import key_of, names_of, pieces_of
from qianxian.web.desk.forms import words_field
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR, WORKER

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

STREET_DIGITS = 9
MOST_LED = 4
on_phone_desk = for_roles(WORKER, STREET, SUPERVISOR)


class RegisterForm(forms.Form):
    """What the caller says, who and where."""

    words = words_field(
        gettext_lazy("诉求内容"),
        rows=5,
        most=WORDS,
        help_text=gettext_lazy("照来电人的原话记：什么地方、什么事、想怎么解决。"),
    )
    place = forms.ChoiceField(label=gettext_lazy("地点"), choices=())
    address = forms.CharField(label=gettext_lazy("详细地址"), max_length=200, required=False)
    setting = forms.ChoiceField(label=gettext_lazy("场所"), choices=(), required=False)
    name = forms.CharField(
        label=gettext_lazy("怎么称呼"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.RegexField(
        r"^\+?[0-9][0-9 -]{4,18}$",
        label=gettext_lazy("联系电话"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("电话号码只能有数字，请检查后再填。")},
        help_text=gettext_lazy("用来联系来电人、查进度；不愿留可以不填。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), widget=forms.RadioSelect, initial="help", choices=wording.KINDS.items()
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("从哪里来"),
        widget=forms.RadioSelect,
        initial="phone",
        choices=[
            ("phone", gettext_lazy("来电")),
            ("walk_in", gettext_lazy("来访")),
            ("worker", gettext_lazy("我们发现的")),
        ],
    )
    urgent = forms.BooleanField(label=gettext_lazy("紧急：不马上处理会出事"), required=False)
    confidential = forms.BooleanField(label=gettext_lazy("来电人要求保密"), required=False)
    topic = forms.CharField(required=False, max_length=6)
    other_topic = forms.CharField(required=False, max_length=6)
    pieces = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, directory: Directory, area: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["place"].choices = place_choices(directory, area)  # type: ignore[attr-defined]
        self.fields["setting"].choices = [("", _("说不清")), *wording.SETTINGS.items()]  # type: ignore[attr-defined]
        self.fields["place"].initial = area
        self.parts = pieces_of(str(self.data.get("words", ""))[:WORDS]) if self.is_bound else ()
        self.fields["pieces"].choices = [(key_of(piece), "") for piece in self.parts]  # type: ignore[attr-defined]

    def ticked(self) -> list[actions.Part]:
        """Return the pieces that become matters of their own, as the person who listens has ticked them."""
        keys = set(self.cleaned_data["pieces"])
        return [actions.Part(piece.words, piece.topic) for piece in self.parts if key_of(piece) in keys]

    def clean_phone(self) -> str:
        return str(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")

    def topic_left(self, chosen: str) -> str:
        """Return the topic of what stays: as chosen, unless that is the topic of a piece that goes."""
        keys = set(self.cleaned_data["pieces"])
        gone = {piece.topic for piece in self.parts if key_of(piece) in keys}
        left = [piece.topic for piece in self.parts if key_of(piece) not in keys]
        return left[0] if chosen in gone and left else chosen


def place_choices(directory: Directory, area: str) -> list[tuple[str, str]]:
    """Return the places of the reader's street, those of the own area first: a caller may speak of the next one."""
    wide = area[:STREET_DIGITS]
    inside = [place.code for place in directory.places_at(now()) if place.code.startswith(wide)]
    own_first = sorted(inside, key=lambda code: not code.startswith(area))
    return [(code, _place_name(directory, code)) for code in own_first]


def _place_name(directory: Directory, code: str) -> str:
    """Return a grid with its community: the same grid name may be used twice."""
    names = [directory.places[around].name for around in places.around(code) if around in directory.places]
    return " ".join(reversed(names[:2])) if len(code) > 12 else names[0]


@on_phone_desk
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Take in what somebody says on the phone or at the counter."""
    actor, directory = actor_of(request), bodies.directory()
    form = RegisterForm(request.POST or None, directory=directory, area=actor.area)
    if request.headers.get("HX-Request"):
        return render(request, "desk/foresight.html", _foreseen(form, directory))
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        try:
            taken = _take(form, actor)
        except Refusal as refusal:
            field = getattr(refusal, "field", "")
            form.add_error(field if field in form.fields else None, sentence(refusal))
        else:
            accept(request, "register", _("已登记，请把查询码告诉来电人。"))
            return redirect("desk_registered", code=taken.code)
    wrong = request.method == "POST" and "look" not in request.POST
    words = {"form": form, "wrong": wrong, **_foreseen(form, directory)}
    return render(request, "desk/register.html", words, status=422 if wrong else 200)


def _take(form: RegisterForm, actor: Actor) -> "Matter":
    """Take in one matter, or one for each demand that was ticked, all of the same caller and moment."""
    demand, contact, at = _demand(form.cleaned_data), _contact(form.cleaned_data), now()
    if parts := form.ticked():
        demand = replace(demand, topic=form.topic_left(demand.topic))
        return actions.receive_parted(demand=demand, contact=contact, parts=parts, actor=actor, at=at)[0]
    return actions.receive(demand=demand, contact=contact, actor=actor, at=at)


def _demand(said: dict[str, Any]) -> Demand:
    topic = said["other_topic"] or said["topic"]
    return Demand(
        words=said["words"],
        place=said["place"],
        kind=MatterKind(said["kind"]),
        channel=Channel(said["channel"]),
        topic=topic,
        setting=said["setting"],
        address=said["address"],
        urgent=said["urgent"],
    )


def _contact(said: dict[str, Any]) -> actions.Contact:
    return actions.Contact(said["name"], said["phone"], said["confidential"])


def _foreseen(form: RegisterForm, directory: Directory) -> dict[str, Any]:
    """Return what would come of the words typed so far; nothing while there are none."""
    words = str(form.data.get("words", "")).strip()
    place = form.data.get("place", "")
    if len(words) < 2 or place not in directory.places:
        return {"foresight": None}
    topic = form.data.get("other_topic") or form.data.get("topic", "")
    known = mandates.topics().topics
    demand = Demand(
        words=words,
        place=place,
        topic=str(topic) if topic in known else "",
        setting=form.data.get("setting", "") if form.data.get("setting") in wording.SETTINGS else "",
        kind=MatterKind(form.data["kind"]) if form.data.get("kind") in set(MatterKind) else MatterKind.HELP,
        urgent=bool(form.data.get("urgent")),
    )
    found = foresee(demand, now())
    owner = found.assignment.owner
    return {
        "foresight": found,
        "owner": directory.organisations[owner.unit],
        "person": cadres.posting_names({owner.posting}).get(owner.posting, "") if owner.posting else "",
        "ground": wording.named(wording.GROUNDS, found.assignment.ground.value),
        "suggested": [(one, found.led.get(one.code, ())[:MOST_LED]) for one in found.topics],
        "all_topics": _all_topics(found),
        "chosen": found.topic,
        "pieces": names_of(form.parts),
        "ticked": form.data.getlist("pieces") if hasattr(form.data, "getlist") else [],
    }


def _all_topics(found: Foreseen) -> list[tuple[str, list[tuple[str, str]]]]:
    known = mandates.topics().topics
    return [
        (topic.name, [(code, known[code].name) for code in sorted(known) if len(code) == 6 and code.startswith(group)])
        for group, topic in sorted(known.items())
        if len(group) == 2
    ]


@on_phone_desk
@require_GET
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """Show the code to tell, as words for a message and as a QR code."""
    actor = actor_of(request)
    cadres.reach(unit=actor.unit, area=actor.area, code=code)
    try:
        matter = matter_by_code(code)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    address = request.build_absolute_uri(_track(code))
    return render(
        request,
        "desk/registered.html",
        {
            "matter": matter,
            "parts": matter.parts.select_related("owner").order_by("pk"),
            "due": wording.until(matter.due_at),
            "address": address,
            "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
            "ground": wording.named(wording.GROUNDS, matter.ground),
            "person": cadres.posting_names({matter.owner_posting_id}).get(matter.owner_posting_id, "")
            if matter.owner_posting_id
            else "",
        },
    )


def _track(code: str) -> str:
    for name in ("matter", "track"):
        try:
            return reverse(name, args=[code])
        except NoReverseMatch:
            continue
    return reverse("home")
