import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from qianxian.web.shell.uploads import LARGEST, UploadField, kind_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<svg xmlns=", None),
        (b"<html><script>", None),
        (b"MZ\x90\x00", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head, kind):
    assert kind_of(head) == kind


def test_a_script_under_the_name_of_a_picture_is_refused_in_a_sentence():
    with pytest.raises(ValidationError, match="只收照片"):
        UploadField().clean(SimpleUploadedFile("楼道.jpg", b"<script>alert(1)</script>", "image/jpeg"))


def test_a_file_keeps_the_type_of_its_bytes_whatever_its_name_says():
    assert (
        UploadField().clean(SimpleUploadedFile("楼道.exe", b"%PDF-1.7 ...", "text/html")).content_type
        == "application/pdf"
    )


def test_a_file_beyond_ten_megabytes_is_refused_in_a_sentence():
    large = SimpleUploadedFile("大图.png", b"\x89PNG\r\n\x1a\n")
    large.size = LARGEST + 1
    with pytest.raises(ValidationError, match="超过 10 MB"):
        UploadField().clean(large)
