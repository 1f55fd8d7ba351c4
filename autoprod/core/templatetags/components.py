"""Components of the pages: one tag each, drawn by the template of the same name.

A wrong variant, tone or icon raises when the page is rendered: a page of the wrong colour is a bug
that no one would see otherwise.
"""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core import formatting

register = template.Library()

SPRITE = "vendor/lucide-1.62.0/sprite.svg"
TONES = ("neutral", "green", "ochre", "red", "blue")
BUTTONS = {
    "primary": "btn-primary",
    "outline": "btn-outline-primary",
    "danger": "btn-danger",
    "quiet": "btn-quiet",
    "quiet-danger": "btn-quiet btn-quiet-danger",
}
# The word is read aloud before the message: the colour and the icon are never alone.
ALERTS = {
    "info": ("info", "Information"),
    "success": ("circle-check", "Réussi"),
    "warning": ("triangle-alert", "Attention"),
    "danger": ("circle-x", "Erreur"),
}
EMPTY_STATE = {"icon": "list", "title": "", "text": "", "action_label": "", "action_url": ""}


@cache
def icon_names() -> frozenset[str]:
    """Return the names of the icons that the sprite holds."""
    sprite = Path(finders.find(SPRITE)).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


def _one_of(value: str, allowed, kind: str) -> str:
    if value not in allowed:
        raise template.TemplateSyntaxError(
            f"«\u00a0{value}\u00a0» is no {kind}: {', '.join(map(str, sorted(allowed)))}"
        )
    return value


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon; `label` is read aloud when it stands alone; `size` is "" or "large"."""
    _one_of(name, icon_names(), "icon")
    classes = f"icon icon-{_one_of(size, ('large',), 'icon size')}" if size else "icon"
    use = format_html('<use href="{}#{}"></use>', static(SPRITE), name)
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}">{}</svg>', classes, label, use
        )
    return format_html('<svg class="{}" aria-hidden="true">{}</svg>', classes, use)


@register.inclusion_tag("components/tag.html")
def tag(text, tone: str = "neutral", icon: str = "") -> dict:
    """Draw a short state as a pill."""
    return {"text": text, "tone": _one_of(tone, TONES, "tone"), "icon": icon}


@register.inclusion_tag("components/button_link.html")
def button_link(label: str, url: str, variant: str = "outline", icon: str = "") -> dict:
    """Draw a link that looks like a button."""
    classes = BUTTONS[_one_of(variant, BUTTONS, "button variant")]
    return {"label": label, "url": url, "classes": classes, "icon": icon}


@register.inclusion_tag("components/tile.html")
def tile(label: str, value, unit: str = "", hint="", url: str = "", target=None) -> dict:
    """Draw a key figure; numbers are written the French way; a `target` adds a progress bar."""
    is_number = isinstance(value, int | Decimal)
    return {
        "label": label,
        "value": formatting.number(value) if is_number else value,
        "unit": unit,
        "hint": hint,
        "url": url,
        "raw": value,
        "target": target,
    }


@register.inclusion_tag("components/progress.html")
def progress(value, target, label: str) -> dict:
    """Draw a bar filled to `value` out of `target`; `label` says what it measures."""
    return {"value": value, "target": target, "label": label}


@register.simple_block_tag
def card(content: str, title: str = "", hint: str = "", level: int = 2, id: str = "") -> SafeString:
    """Frame the content between `{% card "Titre" %}` and `{% endcard %}`."""
    _one_of(level, (2, 3), "card heading level")
    parts = {"content": content, "title": title, "hint": hint, "level": level, "id": id}
    return SafeString(render_to_string("components/card.html", parts))


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    icon: str, title: str, text: str = "", action_label: str = "", action_url: str = ""
) -> dict:
    """Say that a list holds nothing yet, and what to do about it."""
    return {
        "icon": icon,
        "title": title,
        "text": text,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("components/alert.html")
def alert(message, level: str = "info", title: str = "") -> dict:
    """Draw a message; Django's `error` and `debug` levels are accepted."""
    level = {"error": "danger", "debug": "info"}.get(level, level)
    icon_name, word = ALERTS[_one_of(level, ALERTS, "alert level")]
    return {
        "message": message,
        "level": level,
        "title": title,
        "icon": icon_name,
        "word": word,
        "is_urgent": level == "danger",
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*trail: str) -> dict:
    """Draw the path to the page: label, url, label, url…, then the label of the page itself."""
    pairs = [
        {"label": trail[position], "url": trail[position + 1]}
        for position in range(0, len(trail) - 1, 2)
    ]
    return {"parents": pairs, "current": trail[-1] if len(trail) % 2 else ""}


@register.inclusion_tag("components/pagination.html")
def pagination(page: Page, query: str = "") -> dict:
    """Draw the links to the other pages; `query` keeps the filters (without `page`)."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "ellipsis": page.paginator.ELLIPSIS,
        "prefix": f"?{query}&page=" if query else "?page=",
    }


@register.inclusion_tag("components/table.html")
def table(table) -> dict:
    """Draw a `core.tables` table, stacked as cards on a phone."""
    empty = EMPTY_STATE | table.empty_state if table.empty_state else None
    return {"table": table, "empty": empty}


@register.inclusion_tag("components/tabs.html")
def tabs(items: list[dict], label: str) -> dict:
    """Draw links between the parts of a record: dicts of label, url, current, maybe count."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/definition_list.html")
def definition_list(items: list[tuple]) -> dict:
    """Draw (label, value) pairs; an empty value is shown as a dash."""
    return {
        "items": [
            (label, formatting.MISSING if value in (None, "") else value) for label, value in items
        ]
    }


@register.inclusion_tag("components/confirm_form.html", takes_context=True)
def confirm_form(
    context, url: str, label: str, question: str, variant: str = "danger", icon: str = ""
) -> dict:
    """Draw a button that posts to `url` after asking the question."""
    return {
        "url": url,
        "label": label,
        "question": question,
        "classes": BUTTONS[_one_of(variant, BUTTONS, "button variant")],
        "icon": icon,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/post_form.html", takes_context=True)
def post_form(
    context, form: BaseForm, submit: str = "Enregistrer", cancel_url: str = "", action: str = ""
) -> dict:
    """Draw a whole form that posts: errors, fields, then its buttons in a bar."""
    return {
        "form": form,
        "submit": submit,
        "cancel_url": cancel_url,
        "action": action,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/filter_form.html")
def filter_form(form: BaseForm, submit: str = "Filtrer", reset_url: str = "") -> dict:
    """Draw a form of filters on one line; it travels in the address (GET)."""
    form.hides_optional_mark = True  # every filter is optional: the mark would only be noise
    return {"form": form, "submit": submit, "reset_url": reset_url}
