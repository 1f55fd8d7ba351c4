"""Files people attach: checked by content on the way in, harmless on the way out.

Only PDF, JPEG, PNG and HEIC (the photographs of iPhones, turned into JPEG) are kept. Images are
drawn again: no place, date or device of the photograph stays in them, and nothing hides after
the last pixel. A name never appears in a path, a log or a URL.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from autoprod.core import downloads
from autoprod.core.fields import contains_nir, validate_no_nir
from autoprod.core.models import BaseModel

MAX_SIZE = 10 * 1024 * 1024
#: 50 megapixels: twice a telephone's best photograph, and 200 MB once decoded.
MAX_PIXELS = 50_000_000
TITLE_LENGTH = 120

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
ACCEPT = ",".join((PDF, JPEG, PNG, HEIC, ".heic"))

EMPTY = "Ce fichier est vide. Choisissez-en un autre."
TOO_BIG = "Ce fichier dépasse 10\u00a0Mo. Réduisez-le, ou envoyez-le en plusieurs parties."
WRONG_KIND = "Choisissez un PDF ou une photo (JPEG, PNG, HEIC)\u00a0: ce fichier n’en est pas un."
BROKEN = "Cette image est abîmée. Ouvrez-la, enregistrez-la de nouveau, puis renvoyez-la."
TOO_LARGE = "Cette image est trop grande. Réduisez-la à moins de 50\u00a0millions de points."

# ISO base media brands of HEIC stills (ISO/IEC 23008-12, MIAF).
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_SAVE_OPTIONS = {PNG: {"format": "PNG"}, JPEG: {"format": "JPEG", "quality": 88, "optimize": True}}
_PIL_FORMATS = {JPEG: ("JPEG",), PNG: ("PNG",), HEIC: ("HEIF",)}

register_heif_opener()


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be stored: its content is what its type says."""

    title: str
    content: bytes
    content_type: str
    sha256: str

    @property
    def size(self) -> int:
        """How many bytes will be stored."""
        return len(self.content)


def content_type_of(head: bytes) -> str | None:
    """Return the type that the first bytes of a file show, None for any we do not take."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


def file_name(text: str) -> str:
    """Return a text that any system takes as a file's name, « document » when nothing is left."""
    normal = unicodedata.normalize("NFC", text)
    printable = "".join(char if char.isprintable() else " " for char in normal)
    name = re.sub(r'[<>:"|?*\\/\s]+', " ", printable).strip(" .")[:TITLE_LENGTH].strip()
    return name or "document"


def title_of(name: str) -> str:
    """Return a title from an uploaded file's name: no folder, no extension.

    « document » when it holds a social security number.
    """
    title = file_name(PurePath(re.split(r"[\\/]", name)[-1]).stem)
    return "document" if contains_nir(title) else title


def _drawn_again(content: bytes, content_type: str, longest: int | None) -> tuple[bytes, str]:
    """Return the pixels alone, upright, as JPEG or PNG; reduced to the longest side given."""
    kept_type = PNG if content_type == PNG else JPEG
    try:
        with Image.open(BytesIO(content), formats=_PIL_FORMATS[content_type]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(TOO_LARGE, code="too_large")
            upright = ImageOps.exif_transpose(image)
            has_alpha = kept_type == PNG and upright.has_transparency_data
            clean = upright.convert("RGBA" if has_alpha else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE, code="too_large") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(BROKEN, code="broken") from error
    if longest:
        clean.thumbnail((longest, longest))
    clean.info = {}  # what Pillow would write back: EXIF, colour profile, comments
    output = BytesIO()
    clean.save(output, **_SAVE_OPTIONS[kept_type])
    return output.getvalue(), kept_type


def check_upload(upload: UploadedFile, *, longest: int | None = None) -> CheckedUpload:
    """Return what may be stored of a file; a ValidationError in French says what to do instead.

    An image larger than `longest` (pixels, of its longest side) is reduced to it. The type
    announced by the browser and the extension are not looked at.
    """
    if not upload.size:
        raise ValidationError(EMPTY, code="empty")
    if upload.size > MAX_SIZE:
        raise ValidationError(TOO_BIG, code="too_big")
    upload.seek(0)
    content = upload.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE:
        raise ValidationError(TOO_BIG, code="too_big")
    content_type = content_type_of(content[:32])
    if content_type is None:
        raise ValidationError(WRONG_KIND, code="wrong_kind")
    if content_type != PDF:
        content, content_type = _drawn_again(content, content_type, longest)
    return CheckedUpload(
        title=title_of(upload.name or ""),
        content=content,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
    )


class DocumentField(forms.FileField):
    """A file input whose cleaned value is a CheckedUpload, its image reduced to `longest`."""

    def __init__(self, *, longest: int | None = None, **kwargs) -> None:
        """Keep images as large as they are unless `longest` (pixels) is given."""
        super().__init__(**kwargs)
        self.longest = longest

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Let the browser offer the right files, and a telephone its camera."""
        return {**super().widget_attrs(widget), "accept": ACCEPT}

    def to_python(self, data: UploadedFile | None) -> CheckedUpload | None:
        """Check the content; None when no file was sent."""
        if data in self.empty_values:
            return None
        if not data.size:
            raise ValidationError(EMPTY, code="empty")
        upload = super().to_python(data)
        return None if upload is None else check_upload(upload, longest=self.longest)


#: The files written inside of `gone_with_rows`, None outside.
_written: ContextVar[list[FieldFile] | None] = ContextVar("written", default=None)


@contextmanager
def gone_with_rows() -> Iterator[None]:
    """Delete the files written inside when it fails: the storage knows no transaction.

    Stands outside of the transaction, whose rows go by themselves. Decorates a service too.
    """
    outside, inside = _written.get(), []
    token = _written.set(inside)
    try:
        yield
    except BaseException:
        for file in inside:
            file.storage.delete(file.name)
        raise
    else:
        if outside is not None:
            outside += inside
    finally:
        _written.reset(token)


def random_path(instance: models.Model, filename: str) -> str:
    """Return where a file is stored: its owner's table and a random name."""
    name = uuid.uuid4().hex
    extension = EXTENSIONS.get(instance.content_type, ".bin")
    return f"{instance._meta.label_lower}/{name[:2]}/{name}{extension}"


class StoredFile(BaseModel):
    """A file and what proves it; each owner makes its own table and its own SCOPE_PATH.

    `delete()` removes the file too, once the transaction is over. A queryset's `delete()` and
    cascades do not: delete files one by one.
    """

    title = models.CharField("titre", max_length=TITLE_LENGTH, validators=[validate_no_nir])
    file = models.FileField("fichier", upload_to=random_path, max_length=200, editable=False)
    content_type = models.CharField("type", max_length=40, editable=False)
    size = models.PositiveIntegerField("taille en octets", editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField("déposé le", auto_now_add=True)
    uploaded_by_key = models.CharField("clé du déposant", max_length=40, blank=True, editable=False)
    keep_until = models.DateField("à garder jusqu’au", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_upload(cls, checked: CheckedUpload, *, by: str, **values) -> "StoredFile":
        """Return an unsaved row with its file; `by` is the key of who uploads it."""
        stored = cls(
            **{"title": checked.title, **values},
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
            uploaded_by_key=by,
        )
        stored.file = ContentFile(checked.content, name="file")
        return stored

    def save(self, *args, **kwargs) -> None:
        """Store the file, then the row; see `gone_with_rows` for what becomes of it."""
        is_new = not self.file._committed
        try:
            super().save(*args, **kwargs)
        finally:
            written = _written.get()
            if is_new and self.file._committed and written is not None:
                written.append(self.file)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Delete the row, then its file when the transaction commits."""
        storage, name = self.file.storage, self.file.name
        deleted = super().delete(*args, **kwargs)
        if name:
            transaction.on_commit(lambda: storage.delete(name))
        return deleted


def file_response(stored: StoredFile) -> FileResponse:
    """Return the file as a download that no browser will run, guess about or keep.

    The caller has read `stored` through its scope and writes the audit event.
    """
    filename = f"{file_name(stored.title)}{EXTENSIONS.get(stored.content_type, '.bin')}"
    return downloads.stored(stored.file, filename=filename, content_type=stored.content_type)
