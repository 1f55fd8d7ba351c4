"""Attached files: content checked, images drawn again, downloads without danger."""

import hashlib
import struct
import warnings
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import PurePath

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from autoprod.core import files
from autoprod.core.files import (
    CheckedUpload,
    DocumentField,
    StoredFile,
    check_upload,
    gone_with_rows,
    title_of,
)

PLACE = 0x8825  # EXIF tag of the GPS block
PDF_CONTENT = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def upload(content, name="scan.pdf", content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


def picture(kind="JPEG", size=(40, 20), mode="RGB", **options):
    output = BytesIO()
    colour = {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 0), "CMYK": (0, 200, 200, 0)}[mode]
    Image.new(mode, size, colour).save(output, format=kind, **options)
    return output.getvalue()


def with_place():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right
    exif[0x010F] = "Telephone"
    exif.get_ifd(PLACE)[2] = (50.0, 21.0, 30.0)
    return exif


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def paper(django_db_setup, django_db_blocker):
    """A table of its own, made outside transactions as SQLite asks."""
    with isolate_apps("autoprod.core"):

        class Paper(StoredFile):
            kind = models.CharField(max_length=20, default="lettre")

            class Meta:
                app_label = "core"

        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(Paper)
            yield Paper
            with connection.schema_editor() as editor:
                editor.delete_model(Paper)


def saved(paper, **values):
    stored = paper.from_upload(check_upload(upload(PDF_CONTENT, "Élodie.pdf")), by="7", **values)
    stored.save()
    return stored


def test_pdf_is_kept_as_it_is():
    checked = check_upload(upload(PDF_CONTENT, "Convention 2015.PDF", "image/png"))
    assert checked.content == PDF_CONTENT
    assert (checked.title, checked.content_type) == ("Convention 2015", "application/pdf")
    assert checked.sha256 == hashlib.sha256(PDF_CONTENT).hexdigest()
    assert checked.size == len(PDF_CONTENT)


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_photographs_lose_their_place_and_stand_upright(kind):
    content = picture(kind, exif=with_place().tobytes())
    assert Image.open(BytesIO(content)).getexif().get_ifd(PLACE)
    checked = check_upload(upload(content, "IMG_1.heic"))
    assert checked.content_type == "image/jpeg"
    image = Image.open(BytesIO(checked.content))
    assert (image.format, image.size) == ("JPEG", (20, 40))
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)
    assert b"Telephone" not in checked.content


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "PNG"])
def test_a_picture_is_reduced_to_the_longest_side_asked(kind):
    large = upload(picture(kind, size=(400, 200)), "IMG_1.heic")
    image = Image.open(BytesIO(check_upload(large, longest=100).content))
    assert image.size == (100, 50)
    small = upload(picture(kind, size=(40, 20)))
    assert Image.open(BytesIO(check_upload(small, longest=100).content)).size == (40, 20)
    # A paper that somebody will read keeps all its points.
    assert Image.open(BytesIO(check_upload(large).content)).size == (400, 200)


def test_drawings_lose_their_comments_and_keep_transparency():
    output = BytesIO()
    notes = Image.Exif()
    notes[0x010F] = "Telephone"
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(output, "PNG", exif=notes, icc_profile=b"secret")
    content = output.getvalue() + b"<script>hidden()</script>"
    checked = check_upload(upload(content, "plan.png"))
    image = Image.open(BytesIO(checked.content))
    assert (image.format, image.mode, image.getpixel((0, 0))[3]) == ("PNG", "RGBA", 0)
    for secret in (b"Telephone", b"secret", b"iCCP", b"hidden"):
        assert secret not in checked.content


def test_print_colours_become_screen_colours():
    checked = check_upload(upload(picture("JPEG", mode="CMYK")))
    assert Image.open(BytesIO(checked.content)).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"MZ\x90 a program", "Choisissez un PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Choisissez un PDF"),
        (b"GIF89a" + b"\0" * 40, "Choisissez un PDF"),
        (b"\n%PDF-1.7", "Choisissez un PDF"),
        (picture("JPEG")[:-300], "abîmée"),
        (picture("PNG")[:60], "abîmée"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "abîmée"),
        (b"\xff\xd8\xff\xe0 not an image", "abîmée"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "abîmée"),
        (b"%PDF-" + b"\0" * files.MAX_SIZE, "dépasse 10"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_refusals_say_what_to_do(content, said):
    with pytest.raises(ValidationError, match=said):
        check_upload(upload(content, "photo.jpg", "image/jpeg"))


def test_announced_size_is_not_believed():
    lying = upload(b"%PDF-" + b"\0" * files.MAX_SIZE)
    lying.size = 10
    with pytest.raises(ValidationError, match="dépasse 10"):
        check_upload(lying)


def bomb(width, height):
    """A PNG of a few bytes that says it has this many pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(10_000, 5_001), (10_000, 12_000), (40_000, 40_000)])
def test_decompression_bombs_refused_before_decoding(size):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValidationError, match="trop grande"):
            check_upload(upload(bomb(*size), "photo.png"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]),
    st.binary(min_size=1, max_size=300),
)
def test_any_bytes_are_refused_kindly(head, rest):
    with pytest.raises(ValidationError):
        check_upload(upload(head + b"\0" + rest))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Dossiers\\Bail jardin.pdf", "Bail jardin"),
        ("bail.v2.pdf", "bail.v2"),
        ('a<b>:"c"\n\x07.pdf', "a b c"),
        (".pdf", "pdf"),
        ("", "document"),
        ("1850578006084_attestation.pdf", "document"),
        ("é" * 300 + ".pdf", "é" * files.TITLE_LENGTH),
    ],
)
def test_titles(name, title):
    assert title_of(name) == title


def test_stored_file_has_a_random_name(paper, db, media):
    stored = saved(paper)
    stored.refresh_from_db()
    folder, _, name = stored.file.name.split("/")
    assert (folder, stored.title, stored.uploaded_by_key) == ("core.paper", "Élodie", "7")
    assert len(name) == 36
    assert name.endswith(".pdf")
    assert stored.size == len(PDF_CONTENT)
    with default_storage.open(stored.file.name) as file:
        assert file.read() == PDF_CONTENT
    assert saved(paper).file.name != stored.file.name


def test_given_title_wins(paper, db, media):
    assert saved(paper, title="Bail du Vignoble", kind="bail").title == "Bail du Vignoble"


@pytest.mark.django_db(transaction=True)
def test_a_file_written_in_what_fails_goes_with_its_row(paper, media):
    stays = saved(paper)

    def refused(inside):
        with gone_with_rows(), transaction.atomic():
            saved(paper)
            with suppress(LookupError), gone_with_rows(), transaction.atomic():
                saved(paper)
                raise LookupError
            with gone_with_rows(), transaction.atomic():
                saved(paper)
            assert len(list(media.rglob("*.pdf"))) == inside
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused(inside=3)
    assert [path.name for path in media.rglob("*.pdf")] == [PurePath(stays.file.name).name]
    with gone_with_rows(), transaction.atomic():
        kept = saved(paper)
    assert default_storage.exists(kept.file.name)
    kept.delete()
    stays.delete()


@pytest.mark.django_db(transaction=True)
def test_file_goes_with_its_row_once_committed(paper, media):
    stored = saved(paper)
    with transaction.atomic():
        paper.objects.get(pk=stored.pk).delete()
        transaction.set_rollback(True)
    assert default_storage.exists(stored.file.name)
    paper.objects.get(pk=stored.pk).delete()
    assert not default_storage.exists(stored.file.name)
    assert not paper.objects.exists()


def test_download_is_harmless(paper, db, media):
    response = files.file_response(saved(paper, title='Bail "2015" / v1.2'))
    assert b"".join(response) == PDF_CONTENT
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="Bail 2015 v1.2.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


class DocumentForm(forms.Form):
    document = DocumentField(label="document")


def test_form_gives_a_checked_upload():
    form = DocumentForm({}, {"document": upload(picture("PNG"), "photo.pdf")})
    assert form.is_valid(), form.errors
    assert isinstance(form.cleaned_data["document"], CheckedUpload)
    assert form.cleaned_data["document"].content_type == "image/png"
    assert 'accept="application/pdf,image/jpeg' in form.as_p()


def test_form_refuses_kindly():
    assert "document" in DocumentForm({}, {}).errors
    form = DocumentForm({}, {"document": upload(b"")})
    assert form.errors["document"] == [files.EMPTY]
    form = DocumentForm({}, {"document": upload(b"hello")})
    assert form.errors["document"] == [files.WRONG_KIND]
