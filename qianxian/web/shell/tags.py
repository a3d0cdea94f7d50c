# ruff: noqa: A002  (the names of a tag's arguments are read in templates)
"""The components of the design language as template tags; each draws one file of templates/components/.

They are built-in tags: no template loads them. A tag with a body (`{% card %}…{% endcard %}`) draws it as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxSelectMultiple, Widget
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from qianxian.web.shell.due import due_words
from qianxian.web.shell.uploads import LARGEST, MEGABYTE, UploadField

register = template.Library()

STAGES = (
    (10, _("已收到")),
    (20, _("已派定")),
    (30, _("已裁定")),
    (40, _("已办结")),
    (50, _("已评价")),
    (60, _("已归档")),
)
OPTIONAL_STAGES = {30, 50}


def _drawn(_component: str, context: Context, **values: Any) -> SafeString:
    return render_to_string(f"components/{_component}.html", values, request=context.get("request"))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of shell/icons.svg; with `label` it is read aloud, without it is decoration."""
    sprite = static("shell/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


# Blocks


@register.simple_block_tag(takes_context=True)
def heading(
    context: Context, content: str, title: str, lead: str = "", back: str = "", back_label: str = ""
) -> SafeString:
    """Draw the head of a page; the body holds its actions."""
    return _drawn("heading", context, title=title, lead=lead, back=back, back_label=back_label, content=content)


@register.simple_block_tag(takes_context=True)
def card(
    context: Context, content: str, title: str = "", icon: str = "", id: str = "", href: str = "", more: str = ""
) -> SafeString:
    """Draw a panel; `href` and `more` put a link at its head."""
    return _drawn("card", context, title=title, icon=icon, id=id, href=href, more=more, content=content)


@register.simple_block_tag(takes_context=True)
def empty(context: Context, content: str, title: str, hint: str = "", icon: str = "box") -> SafeString:
    """Say that nothing is here and, in `hint` or the body, what to do."""
    return _drawn("empty", context, title=title, hint=hint, icon=icon, content=content)


@register.simple_block_tag(takes_context=True)
def help(context: Context, content: str, title: str = "") -> SafeString:  # noqa: A001
    """Fold an explanation away at the place where it is needed."""
    return _drawn("help", context, title=title, content=content)


@register.simple_block_tag(takes_context=True)
def filters(
    context: Context, content: str, placeholder: str = "", label: str = "", action: str = "", name: str = "q"
) -> SafeString:
    """Draw a search bar; fields in the body are filters. All of it lands in the address and can be linked."""
    request = context.get("request")
    query = request.GET if request else {}
    return _drawn(
        "filters",
        context,
        placeholder=placeholder,
        label=label,
        action=action,
        name=name,
        value=query.get(name, ""),
        asked=bool({key for key in query if key not in ("after", "before")}),
        content=content,
    )


@register.simple_block_tag(takes_context=True)
def table(context: Context, content: str, caption: str, export: str = "", show_caption: bool = True) -> SafeString:
    """Draw a table with its caption; the body holds thead and tbody; `export` leads to the rows as a spreadsheet."""
    return _drawn("table", context, caption=caption, export=export, show_caption=show_caption, content=content)


@register.simple_block_tag(takes_context=True)
def dialog(
    context: Context,
    content: str,
    id: str,
    title: str,
    opener: str,
    opener_class: str = "btn btn-outline",
    icon: str = "",
    href: str = "",
) -> SafeString:
    """Draw a button and the native dialog that it opens; without script the button follows `href`."""
    return _drawn(
        "dialog",
        context,
        id=id,
        title=title,
        opener=opener,
        opener_class=opener_class,
        icon=icon,
        href=href,
        content=content,
    )


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context, content: str, id: str, title: str, action: str, opener: str, yes: str, danger: bool = False
) -> SafeString:
    """Draw a button that asks once more before it posts to `action`; the body says what will happen, or asks."""
    return _drawn(
        "confirm", context, id=id, title=title, action=action, opener=opener, yes=yes, danger=danger, content=content
    )


@register.simple_block_tag(takes_context=True)
def choice(context: Context, content: str, label: str) -> SafeString:
    """Draw a label above a control of the filter bar."""
    return format_html('<label class="flex flex-col gap-1 text-sm"><span>{}</span>{}</label>', label, content)


# Single parts


@register.inclusion_tag("components/stat.html")
def stat(label: str, value: object, href: str = "", note: str = "", icon: str = "") -> dict[str, Any]:
    """Draw one number; `href` leads to the rows behind it, `note` says how it is counted."""
    return {"label": label, "value": value, "href": href, "note": note, "icon": icon}


@register.inclusion_tag("components/stage_steps.html")
def stage_steps(stage: int, settled: bool = False, rated: bool = True) -> dict[str, Any]:
    """Draw Received to Closed; the ruling is shown only where one was asked for, the rating only where one may come."""
    shown = [
        (code, name)
        for code, name in STAGES
        if code not in OPTIONAL_STAGES or stage == code or (settled if code == 30 else rated)
    ]
    return {"steps": [{"name": name, "state": _step_state(code, stage)} for code, name in shown]}


def _step_state(code: int, stage: int) -> str:
    if code < stage or stage == STAGES[-1][0]:
        return "done"
    return "now" if code == stage else "later"


@register.inclusion_tag("components/due.html")
def due(due_at: datetime | None, done_at: datetime | None = None, now: datetime | None = None) -> dict[str, Any]:
    """Draw how a deadline stands, the exact time in the title; nothing when there is no deadline."""
    return {"due_at": due_at, "standing": due_words(due_at, now or timezone.now(), done_at or None) if due_at else None}


@register.inclusion_tag("components/matter_row.html")
def matter_row(row: Any) -> dict[str, Any]:
    """Draw a matter in a list.

    `row`: code, title, href, stage_name, due_at; optional done_at, place, owner, thread, note, marks [(words, kind)].
    """
    return {"row": row}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", help: str = "") -> dict[str, Any]:
    """Draw a form's field with its label, help and error, all tied to it for a screen reader."""
    kind = _kind(bound.field.widget)
    help_text = help or bound.help_text
    described = " ".join(
        filter(
            None,
            (f"{bound.id_for_label}-help" if help_text else "", f"{bound.id_for_label}-error" if bound.errors else ""),
        )
    )
    if kind in CHOICES:
        bound.field.widget.attrs |= {"class": CHOICES[kind]}
    return {
        "bound": bound,
        "label": label or bound.label,
        "help": help_text,
        "kind": kind,
        "control": bound.as_widget(attrs=_control_attributes(bound, kind, described)),
        "is_choice": kind in CHOICES,
        "is_long": kind in CHOICES and any(len(str(option.choice_label)) > LONG_CHOICE for option in bound),
        "is_tick": kind == "checkbox",
        "is_file": kind == "file",
        "most": LARGEST if isinstance(bound.field, UploadField) else settings.LARGEST_BODY,
        "megabytes": (LARGEST if isinstance(bound.field, UploadField) else settings.LARGEST_BODY) // MEGABYTE,
    }


LONG_CHOICE = 6
CHOICES = {"radio": "radio", "checkboxselectmultiple": "checkbox"}
CONTROL_CLASSES = {
    "select": "select",
    "textarea": "textarea",
    "file": "file-input",
    "checkbox": "checkbox",
    "radio": "radio",
}


def _kind(widget: Widget) -> str:
    if isinstance(widget, CheckboxSelectMultiple):
        return "checkboxselectmultiple"
    return getattr(widget, "input_type", None) or type(widget).__name__.lower()


def _control_attributes(bound: BoundField, kind: str, described: str) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {"class": CONTROL_CLASSES.get(kind, "input")}
    if described:
        found["aria-describedby"] = described
    if bound.errors:
        found["aria-invalid"] = "true"
    return found


@register.inclusion_tag("components/errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """Draw the list of what is wrong above a form, each line a link to its field."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors]}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, before: str | None = None, after: str | None = None, note: str = "") -> dict[str, Any]:
    """Draw previous and next by keyset: `before` and `after` are the cursors, and filters stay in the address."""
    return {"earlier": _with(context, before=before), "later": _with(context, after=after), "note": note}


def _with(context: Context, **cursor: str | None) -> str | None:
    if not all(cursor.values()):
        return None
    query = context["request"].GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query.update(cursor)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/sort_link.html", takes_context=True)
def sort_link(context: Context, key: str, label: str, default: bool = False, number: bool = False) -> dict[str, Any]:
    """Draw a column's head that sorts by `key`, and by its reverse when it already does; it is the whole <th>."""
    query = context["request"].GET.copy()
    now = query.get("sort", key if default else "")
    query.pop("after", None)
    query.pop("before", None)
    query["sort"] = f"-{key}" if now == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    return {"label": label, "url": f"?{query.urlencode()}", "order": order, "number": number}


@register.inclusion_tag("components/timeline.html")
def timeline(deeds: Iterable[Any]) -> dict[str, Any]:
    """Draw deeds, newest first. Each: at, title; optional who, words, article."""
    return {"deeds": deeds}


@register.inclusion_tag("components/explain.html")
def explain(title: str, lines: Sequence[Any], total: str = "", basis: str = "") -> dict[str, Any]:
    """Draw arithmetic line by line. Each line: label, value, note. `total` is what it comes to, `basis` the article."""
    return {"title": title, "lines": lines, "total": total, "basis": basis}


@register.inclusion_tag("components/chart.html")
def chart(
    id: str, title: str, option: dict[str, Any], columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> dict[str, Any]:
    """Draw an ECharts `option` beside the table that says the same."""
    return {"id": id, "id_option": f"{id}-option", "title": title, "option": option, "columns": columns, "rows": rows}


@register.inclusion_tag("components/map.html")
def map_holder(
    id: str, title: str, geojson: dict[str, Any], rows: Sequence[tuple[str, str, object]] = ()
) -> dict[str, Any]:
    """Draw the district's own outline; features may carry `name`, `value`, `href`, `level`.

    `rows` (name, href, value) say the same as a list.
    """
    return {"id": id, "id_geojson": f"{id}-geojson", "title": title, "geojson": geojson, "rows": rows}


@register.inclusion_tag("components/undo_bar.html", takes_context=True)
def undo_bar(context: Context, sentence: str, action: str, name: str = "", value: str = "") -> dict[str, Any]:
    """Say what was done and offer to take it back by one post to `action`."""
    return {
        "sentence": sentence,
        "action": action,
        "name": name,
        "value": value,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/progress.html")
def progress(label: str, value: int | None = None, most: int = 100, words: str = "") -> dict[str, Any]:
    """Draw progress; without `value` it only says that work goes on."""
    return {"label": label, "value": value, "most": most, "words": words}


@register.inclusion_tag("components/mark.html")
def mark(words: str, kind: str = "calm", icon: str = "") -> dict[str, Any]:
    """Draw a short state; `kind` is calm, good, info, soon or over."""
    return {"words": words, "kind": kind, "icon": icon}
