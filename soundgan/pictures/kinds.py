"""What kind of picture a file is by its first bytes, and how to get one that can be read."""

from __future__ import annotations

from PIL import features

READ = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF") + (("AVIF",) if features.check("avif") else ())
"""What Pillow is asked to try; AVIF where it was built with it."""

READ_TEXT = "PNG, JPEG, WebP, BMP, TIFF, GIF or AVIF"

HEAD_BYTES = 512
"""Of a file that tell its kind."""

_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*", b"GIF8")

_OTHERS = (
    (b"%PDF", "a PDF", "draw its page with `pdftoppm -r 200 -png`, or take a screenshot"),
    (b"%!PS", "PostScript", "draw it with Ghostscript, or take a screenshot"),
    (b"8BPS", "a Photoshop file", "save it as PNG"),
    (b"\xff\x0a", "JPEG XL", "save it as PNG"),
    (b"\0\0\0\x0cJXL ", "JPEG XL", "save it as PNG"),
)


def is_read(head: bytes) -> bool:
    """Whether the first bytes of a file are of a picture that can be read."""
    if head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return True
    return head[4:12] in (b"ftypavif", b"ftypavis") and "AVIF" in READ


def other_kind(head: bytes) -> str | None:
    """What a picture is that cannot be read, and the way to one that can; ``None`` for the rest."""
    for start, name, way in _OTHERS:
        if head.startswith(start):
            return f"{name}, which is not read; {way}"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return "HEIC, which is not read; save it as PNG or JPEG"
    if head[4:12] in (b"ftypavif", b"ftypavis") and "AVIF" not in READ:
        return "AVIF, which this Pillow does not read; save it as PNG"
    if b"<svg" in head or (head.lstrip()[:9].lower() == b"<!doctype" and b"svg" in head.lower()):
        return "an SVG, which is not read; draw it with `rsvg-convert -z 2`, or take a screenshot"
    return None
