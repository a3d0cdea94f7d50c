"""What may be attached: pictures and PDF, by what the bytes say and not by the name, up to 10 MB."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MEGABYTE = 2**20
LARGEST = 10 * MEGABYTE
HEAD = 32


def kind_of(head: bytes) -> str | None:
    """Return the media type that the first bytes of a file declare, None when it is neither picture nor PDF."""
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"heif"}:
        return "image/heic"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in STARTS.items() if head.startswith(start)), None)


STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}


class UploadField(forms.FileField):
    """A file of at most 10 MB; its `content_type` is replaced by what its bytes say."""

    widget = forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    default_error_messages = {
        "invalid": _("文件没有传完整，请再选一次。"),
        "empty": _("这是一个空文件，请换一个。"),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file, or say what is wrong with it."""
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile):
            found.content_type = _checked_kind(found)
        return found


def _checked_kind(file: "UploadedFile[bytes]") -> str:
    if file.size is None or file.size > LARGEST:
        raise ValidationError(_("这个文件超过 10 MB，请压缩后再选。"), code="too_large")
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    if kind is None:
        raise ValidationError(_("只收照片（JPG、PNG、GIF、WebP、HEIC）和 PDF，这个文件不是。"), code="wrong_kind")
    return kind
