"""Components: what each tag draws, what it refuses, and pages that draw them all."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = sorted((ROOT / "templates" / "components").rglob("*.html"))

LAYOUT = {
    "navigation": [
        {
            "label": "Au quotidien",
            "entries": [
                {"label": "Présences", "icon": "clipboard-check", "url": "/p/", "current": True},
                {"label": "Personnes", "icon": "users", "url": "/q/", "current": False},
            ],
        }
    ],
    "programme_choices": [{"label": "Les Jardins du cœur", "url": "/1/", "current": True}],
    "account_menu": {
        "initials": "CV",
        "name": "Claire Vasseur",
        "email": "claire@exemple.fr",
        "entries": [{"label": "Mon compte", "url": "/moi/", "icon": "user-round"}],
    },
    "installation": {"is_demo": True, "version": "0.1.0"},
    "footer_links": [{"label": "Accessibilité", "url": "/a11y/"}],
    "organisation_name": "CCAS de Valenciennes",
}


@dataclass
class SampleTable:
    caption: str = "Entretiens"
    header: list = field(default_factory=list)
    body: list = field(default_factory=list)
    empty_state: dict | None = None


class SampleForm(forms.Form):
    name = forms.CharField(label="Nom", help_text="Tel qu’écrit sur la pièce d’identité.")
    phone = forms.CharField(label="Téléphone", required=False)
    site = forms.ChoiceField(choices=[("1", "Le Vignoble")])
    note = forms.CharField(widget=forms.Textarea(attrs={"class": "tall"}), required=False)
    level = forms.ChoiceField(choices=[("a", "Simple")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Informée de ses droits")
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)


class Undefined(str):
    """Stands for a variable that no one gave: writing it is an error."""

    __slots__ = ()

    def __contains__(self, item):
        return True

    def __mod__(self, name):
        raise AssertionError(f"undefined in a template: {name}")


@pytest.fixture
def strict(monkeypatch):
    """Fail on a variable that the context does not hold."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


def render(source: str, **context) -> str:
    return Template("{% load components %}" + source).render(Context(context)).strip()


def gallery_context() -> dict:
    cells = [
        {"label": "Personne", "align": "start", "html": "Karim D."},
        {"label": "Heures", "align": "end", "html": "12 h"},
    ]
    return LAYOUT | {
        "form": SampleForm(),
        "filters": SampleForm(),
        "sample_table": SampleTable(header=cells, body=[{"url": "/1/", "cells": cells}]),
        "empty_table": SampleTable(empty_state={"icon": "users", "title": "Personne"}),
        "sample_page": Paginator(range(230), 20).page(4),
        "sample_tabs": [{"label": "Parcours", "url": "#", "current": True}],
        "sample_facts": [("Quartier", "Fg de Paris"), ("Permis", None)],
        "messages": [],
    }


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "unicorn" %}',
        '{% icon "sun" size="huge" %}',
        '{% tag "réalisé" "pink" %}',
        '{% button_link "Voir" "/" "shiny" %}',
        '{% alert "Bonjour" "loud" %}',
        '{% card "Titre" level=5 %}{% endcard %}',
        '{% confirm_form "/" "Supprimer" "Sûr ?" "shiny" %}',
    ],
)
def test_a_wrong_variant_is_refused(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_icon_is_hidden_from_readers_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "sun" %}')
    alone = render('{% icon "x" "Fermer" %}')
    assert 'role="img" aria-label="Fermer"' in alone
    assert "aria-hidden" not in alone


def test_tag_escapes_its_text():
    assert render('{% tag text "green" %}', text="<b>") == (
        '<span class="tag tag-green">&lt;b&gt;</span>'
    )


def test_tile_writes_numbers_and_draws_a_bar_only_towards_a_target():
    plain = render('{% tile "Heures" 4205 "h" %}')
    aimed = render('{% tile "Personnes" 56 "/ 60 visées" target=60 %}')

    assert "4\u202f205" in plain
    assert "<progress" not in plain
    assert 'value="56" max="60" aria-label="Personnes"' in aimed


def test_card_escapes_its_title_and_keeps_its_content():
    drawn = render('{% card title "au plus" level=3 %}<p>ici</p>{% endcard %}', title="A & B")
    assert '<h3 class="card-title">A &amp; B' in drawn
    assert "<p>ici</p>" in drawn


def test_alert_says_its_level_in_words():
    assert 'role="alert"' in render('{% alert "Non" "error" %}')
    assert "Attention\u00a0:" in render('{% alert "Non" "warning" %}')


def test_breadcrumbs_alternate_labels_and_addresses():
    drawn = render('{% breadcrumbs "Partenaires" "/p/" name %}', name="ADOMA")
    assert 'href="/p/"' in drawn
    assert '<li aria-current="page">ADOMA</li>' in drawn


def test_breadcrumbs_are_not_drawn_above_the_first_level():
    assert render('{% breadcrumbs "Partenaires" %}') == ""


def test_pagination_keeps_the_filters():
    page = Paginator(range(230), 20).page(4)
    drawn = render('{% pagination page "etat=ouvert" %}', page=page)

    assert 'href="?etat=ouvert&amp;page=5" rel="next"' in drawn
    assert "61 à 80 sur 230" in drawn
    assert render("{% pagination page %}", page=Paginator([1], 20).page(1)) == ""


def test_table_links_the_first_cell_only_and_escapes_the_others():
    header = [{"label": "Nom", "align": "start"}, {"label": "", "align": "end"}]
    cells = [
        {"label": "Nom", "align": "start", "html": "<i>K</i>"},
        {"label": "", "align": "end", "html": mark_safe("<b>12</b>")},
    ]
    body = [{"url": "/1/", "cells": cells}]
    drawn = render("{% table t %}", t=SampleTable(header=header, body=body))

    assert drawn.count("<a ") == 1
    assert '<a class="row-link" href="/1/">&lt;i&gt;K&lt;/i&gt;</a>' in drawn
    assert "<b>12</b>" in drawn
    assert '<span class="visually-hidden">Actions</span>' in drawn


def test_empty_table_says_what_to_do(strict):
    state = {"icon": "users", "title": "Aucune fiche", "action_url": "/n/", "action_label": "Créer"}
    drawn = render("{% table t %}", t=SampleTable(empty_state=state))

    assert "Aucune fiche" in drawn
    assert 'href="/n/"' in drawn
    assert "<table" not in drawn


def test_confirm_form_posts_with_its_token_and_its_question():
    source = '{% confirm_form "/x/" "Clôturer" "Clôturer la séance ?" "outline" %}'
    drawn = render(source, csrf_token="abc")

    assert 'method="post" action="/x/" data-confirm="Clôturer la séance ?"' in drawn
    assert 'name="csrfmiddlewaretoken" value="abc"' in drawn


def test_only_optional_fields_are_marked():
    assert "facultatif" not in SampleForm()["name"].as_field_group()
    assert "facultatif" in SampleForm()["phone"].as_field_group()
    assert "facultatif" not in render("{% filter_form form %}", form=SampleForm())


def test_an_error_is_tied_to_its_field():
    bound = SampleForm({"level": "a"})
    drawn = bound["name"].as_field_group()

    assert 'class="form-control is-invalid"' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn
    assert "is-invalid" not in bound["phone"].as_field_group()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("site", '<select name="site" class="form-select"'),
        ("note", '<textarea name="note" class="form-control tall"'),
        ("level", 'name="level" value="a" class="form-check-input"'),
        ("agreed", '<input type="checkbox" name="agreed" class="form-check-input"'),
    ],
)
def test_widgets_carry_their_class(name, expected):
    assert expected in SampleForm()[name].as_field_group()


def test_choices_are_a_group_with_a_legend():
    drawn = SampleForm()["level"].as_field_group()
    assert drawn.index("<fieldset") < drawn.index("<legend") < drawn.index('type="radio"')


def test_whole_form_keeps_hidden_fields_and_general_errors(strict):
    bound = SampleForm({})
    bound.add_error(None, "Deux fiches se ressemblent.")
    drawn = render('{% post_form form cancel_url="/l/" %}', form=bound, csrf_token="abc")

    assert '<input type="hidden" name="version" id="id_version">' in drawn
    assert "Deux fiches se ressemblent." in drawn
    assert 'href="/l/">Annuler' in drawn


@pytest.mark.parametrize("context", [{}, LAYOUT, gallery_context()], ids=["bare", "page", "full"])
def test_gallery_draws_every_component(context, strict):
    drawn = render_to_string("components/gallery.html", context)

    assert "<h1>Tableau de bord 2015</h1>" in drawn
    assert "du 1<sup>er</sup>" in drawn
    assert "style=" not in drawn
    assert not re.search(r"<script(?![^>]*src=)", drawn)
    assert not re.search(r"\son[a-z]+=", drawn)


def test_layout_marks_the_current_page_and_shows_the_demo_band(strict):
    drawn = render_to_string("layout/base.html", LAYOUT)

    assert re.search(r'href="/p/" aria-current="page"', drawn)
    assert not re.search(r'href="/q/" aria-current', drawn)
    assert "Données fictives" in drawn
    assert "Données fictives" not in render_to_string("layout/base.html", {})
    assert "Données fictives" in render_to_string("layout/plain.html", LAYOUT)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context(name, strict):
    drawn = render_to_string(f"{name}.html", {})
    assert drawn.count("<h1>") == 1
    assert 'href="/"' in drawn


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_each_component_says_its_options_first(path):
    source = path.read_text(encoding="utf-8")
    assert re.match(r"(\{% extends [^%]+%\}\s*)?\{% comment %\}", source)


def luminance(colour: str) -> float:
    if len(colour) == 4:
        colour = "#" + "".join(digit * 2 for digit in colour[1:])
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("muted", "paper", 4.5),
        ("muted", "surface", 4.5),
        ("green", "surface", 4.5),
        ("green", "green-pale", 4.5),
        ("surface", "green", 4.5),
        ("surface", "green-dark", 4.5),
        ("green-dark", "green-pale", 4.5),
        ("ochre", "ochre-pale", 4.5),
        ("terracotta", "terracotta-pale", 4.5),
        ("surface", "terracotta", 4.5),
        ("blue", "blue-pale", 4.5),
        ("muted", "neutral-pale", 4.5),
        ("field-line", "surface", 3),
        ("field-line", "paper", 3),
    ],
)
def test_colours_can_be_read(text, ground, least):
    """WCAG 2.2, 1.4.3 for text and 1.4.11 for the edge of a field."""
    sheet = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", sheet))
    assert contrast(colours[text], colours[ground]) >= least
