"""French typography of what people read."""

import pytest

from tests.house import typography
from tests.house.tree import PROJECT, Tree


@pytest.mark.parametrize(
    "guardian",
    [typography.python_faults, typography.template_faults, typography.list_faults],
    ids=lambda guardian: guardian.__name__,
)
def test_the_project_keeps_it(guardian):
    assert guardian(PROJECT) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Modifier l'action", "straight apostrophe"),
        ("Lorsqu'elle finit", "straight apostrophe"),
        ("Supprimer la fiche ?", "breaking space before punctuation"),
        ("Nom :", "breaking space before punctuation"),
        ("Supprimer la fiche?", "no space before punctuation"),
        ("Votre choix: oui", "no space before punctuation"),
        ("La liste «\u00a0vide»", "no non-breaking space inside"),
        ("La liste « vide\u00a0»", "no non-breaking space inside"),
        ("Chargement des fiches...", "three dots"),
    ],
)
def test_a_fault_is_named(text, fault):
    found = typography.faults(text)
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    "text",
    [
        "Modifier l’action",
        "Supprimer la fiche\u00a0?",
        "Nom\u202f: la «\u00a0vraie\u00a0» liste…",
        "Le jardin ouvre à 8:30, le site est https://exemple.fr/?a=b;c",
        "unknown section: programmes",
        "it doesn't match, isn't it?",
        "%s at %s: %d ms",
        "«",
        "ABC«»123",
    ],
)
def test_good_texts_pass(text):
    assert typography.faults(text) == []


def test_docstrings_and_patterns_are_left_alone(tmp_path):
    path = tmp_path / "gardens" / "forms.py"
    path.parent.mkdir()
    path.write_text('"""Say l\'action ?"""\nimport re\nP = re.compile(r"l\'a\\d ?")\n')
    assert typography.python_faults(Tree(tmp_path)) == []


@pytest.mark.parametrize("line", ['A = "Nom :"', 'A = f"Nom {1} :"', "def f(a='l\\'an'): ..."])
def test_strings_of_the_code_are_read(tmp_path, line):
    path = tmp_path / "gardens" / "forms.py"
    path.parent.mkdir()
    path.write_text(f"{line}\n")
    assert len(typography.python_faults(Tree(tmp_path))) == 1


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>Nom :</p>", 1),
        ("<p>Nom\n   : x</p>", 1),
        ("<p>{{ label }}: x</p>", 1),
        ("<p>Nom&nbsp;: x</p>", 0),
        ("<img alt='Encore ?'>", 1),
        ('{% card "Encore ?" %}', 1),
        ("{{ x|default:'Pas encore !' }}", 1),
        ("{# l'ombre ? #}{% comment %}l'ombre ?{% endcomment %}<script src='l.js'></script>", 0),
    ],
)
def test_templates_are_read(tmp_path, html, count):
    path = tmp_path / "templates" / "list.html"
    path.parent.mkdir()
    path.write_text(html)
    assert len(typography.template_faults(Tree(tmp_path))) == count


def test_lists_are_read(tmp_path):
    path = tmp_path / "programmes" / "models" / "data" / "sex.csv"
    path.parent.mkdir(parents=True)
    path.write_text("list,code,label\nsex,x,Ne l'a pas dit\n")
    assert len(typography.list_faults(Tree(tmp_path))) == 1
