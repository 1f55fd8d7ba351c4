"""PDF documents, judged on their text and structure; their bytes change with each version."""

import datetime
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from PIL import ImageFile
from pypdf import PdfReader

from autoprod.core import pdf
from autoprod.core.charts import Bar, horizontal_bars
from autoprod.core.models import Installation

BODY = """{% extends "pdf/base.html" %}{% block content %}
<p>Le mois a été doux : 1 234,50 €, « Œuvre », Łukasz.</p>
<table><thead><tr><th>Volet</th></tr></thead><tbody><tr><td>Santé</td></tr></tbody></table>
<figure class="chart">{{ chart.svg }}</figure>
<p>{{ typed }}</p>
{% for number in pages %}<p style="break-before: page">Suite {{ number }}</p>{% endfor %}
{% endblock %}"""
HOSTILE = """{% extends "pdf/base.html" %}{% block content %}
<link rel="stylesheet" href="file:///etc/hostname">
<link rel="attachment" href="file:///etc/passwd">
<img src="file:///etc/hostname" alt="un"><img src="http://127.0.0.1:9/x.png" alt="deux">
<img src="data:image/png;base64,AAAA" alt="trois"><img src="static:../manage.py" alt="quatre">
<img src="static:/etc/hostname" alt="cinq">
<object data="file:///etc/hostname"></object>
<p>Le document sort quand même.</p>
{% endblock %}"""
TEMPLATES = {"bilan.html": BODY, "hostile.html": HOSTILE}
DOCUMENT = pdf.Document(
    template="bilan.html",
    title="Bilan mensuel — mars 2016",
    filename="bilan-2016-03",
    audience="interne",
    subtitle="Les Jardins du cœur",
    organisation="CCAS de Valenciennes",
    edited_at=datetime.datetime(2016, 4, 4, 7, 4, tzinfo=datetime.UTC),
    fingerprint="7f3a91c2",
    demo=False,
)


@pytest.fixture(scope="module", autouse=True)
def templates():
    """The documents of this file, found beside the real base template."""
    engine = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": django_settings.TEMPLATES[0]["DIRS"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.locmem.Loader", TEMPLATES),
                "django.template.loaders.filesystem.Loader",
            ]
        },
    }
    with override_settings(TEMPLATES=[engine]):
        yield


def context(**values):
    chart = horizontal_bars("Présence par site", [Bar("Le Vignoble", 402, "402 h")])
    return {"chart": chart, "typed": "<b>5 > 4</b>", "pages": [], **values}


def read(content):
    return PdfReader(BytesIO(content))


def words(page):
    return page.extract_text().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def bilan(templates):
    return read(pdf.render(replace(DOCUMENT, demo=True), context=context(pages=[2, 3])))


def test_text_of_the_document(bilan):
    first = words(bilan.pages[0])
    for said in (
        "CCAS de Valenciennes", "édité le 4 avril 2016", "Bilan mensuel — mars 2016",
        "Les Jardins du cœur", "1 234,50 €", "« Œuvre »", "Łukasz", "Santé",
        "Le Vignoble", "402 h", "<b>5 > 4</b>",
    ):  # fmt: skip
        assert said in first


def test_every_page_is_numbered_dated_and_marked(bilan):
    assert len(bilan.pages) == 3
    for number, page in enumerate(bilan.pages, start=1):
        text = words(page)
        assert f"{number} / 3" in text
        assert "Édition interne. Édité le 4 avril 2016 à 9 h 04" in text
        assert "empreinte des chiffres 7f3a 91c2" in text
        assert "Données fictives" in text
    assert "Bilan mensuel — mars 2016" in words(bilan.pages[2])


def test_structure_for_assistive_technologies(bilan):
    root = bilan.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "/StructTreeRoot" in root
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert bilan.metadata.title == "Bilan mensuel — mars 2016"
    assert bilan.metadata.author == "CCAS de Valenciennes"


def test_chart_has_its_alternative_text(bilan):
    alternatives, seen = [], [bilan.trailer["/Root"]["/StructTreeRoot"]]
    while seen:
        node = seen.pop().get_object()
        if not isinstance(node, dict):
            continue
        if node.get("/S") == "/Figure":
            alternatives.append(node.get("/Alt"))
        children = node.get("/K", [])
        seen.extend(children if isinstance(children, list) else [children])
    assert alternatives == ["Présence par site"]


def test_fonts_of_the_house_are_embedded(bilan):
    fonts = bilan.pages[0]["/Resources"]["/Font"].values()
    names = {font.get_object()["/BaseFont"].split("+")[-1] for font in fonts}
    assert any(name.startswith("Atkinson-Hyperlegible-Next") for name in names)
    assert not any("DejaVu" in name for name in names)
    for font in fonts:
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())


def test_rendering_does_not_accept_broken_photographs(bilan):
    assert len(bilan.pages) == 3
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_page_is_a4(bilan):
    assert [round(float(side)) for side in bilan.pages[0].mediabox[2:]] == [595, 842]


def test_landscape_without_audience_nor_mark():
    document = replace(DOCUMENT, orientation="landscape", audience=None, fingerprint="")
    page = read(pdf.render(document, context=context())).pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]
    assert "Édité le 4 avril 2016 à 9 h 04" in words(page)
    for absent in ("Édition", "empreinte", "fictives"):
        assert absent not in words(page)


def test_nothing_outside_our_static_files_is_read():
    content = pdf.render(replace(DOCUMENT, template="hostile.html"), context={})
    reader = read(content)
    assert "Le document sort quand même." in words(reader.pages[0])
    assert not reader.attachments
    assert b"root:" not in content


@pytest.mark.parametrize(
    "name", ["../manage.py", "/etc/hostname", "css/../../manage.py", "css", "", "absent.css"]
)
def test_static_names_stay_in_the_static_folder(name):
    with pytest.raises(FileNotFoundError):
        pdf.static_file(name)


def test_collected_files_serve_when_sources_are_absent(settings, tmp_path):
    assert pdf.static_file("css/pdf.css").is_file()
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "collected.css").write_text("p{}")
    settings.STATIC_ROOT = tmp_path
    assert pdf.static_file("css/collected.css") == tmp_path / "css" / "collected.css"


@dataclass(frozen=True)
class LaidOut:
    """Stands for a document that WeasyPrint has laid out."""

    write: Callable[[], bytes]

    def write_pdf(self, **_) -> bytes:
        """Return the bytes."""
        return self.write()


def test_demo_base_marks_its_documents_by_itself(db, monkeypatch):
    monkeypatch.setattr(pdf, "_laid_out", lambda html: LaidOut(html.encode))
    document = replace(DOCUMENT, demo=None)
    assert "fictives" not in pdf.render(document, context=context()).decode()
    Installation.objects.create(pk=1, is_demo=True)
    assert "Données fictives" in pdf.render(document, context=context()).decode()


def test_threads_take_turns(monkeypatch):
    meeting, met = threading.Barrier(2), []

    def write():
        # Passes only if a second thread comes in while this one waits.
        with suppress(threading.BrokenBarrierError):
            met.append(meeting.wait(timeout=0.2))
        return b"%PDF"

    monkeypatch.setattr(pdf, "_laid_out", lambda html: LaidOut(write))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: pdf.render(DOCUMENT, context=context()), range(4)))
    assert made == [b"%PDF"] * 4
    assert met == []


def fonts_of(content) -> set[str]:
    """Return the names of the fonts of the first page, without the mark of their subset."""
    fonts = read(content).pages[0]["/Resources"]["/Font"].values()
    return {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts}


def test_fonts_cleaned_away_while_the_service_runs_are_unpacked_again():
    before = pdf.render(DOCUMENT, context=context())
    folder = pdf._unpacked()._folder
    shutil.rmtree(folder)
    after = pdf.render(DOCUMENT, context=context())
    assert [words(page) for page in read(after).pages] == [
        words(page) for page in read(before).pages
    ]
    assert fonts_of(after) == fonts_of(before) != set()
    assert pdf._unpacked()._folder != folder


def test_download():
    answer = pdf.response(DOCUMENT, b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="bilan-2016-03.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("wrong", [{"audience": "public"}, {"orientation": "paysage"}])
def test_wrong_document(wrong):
    with pytest.raises(ValueError, match=r"an (audience|orientation) is"):
        replace(DOCUMENT, **wrong)
