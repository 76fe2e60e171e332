"""Makes the small images of this folder, one of each form that image files come in, and expected.json: height, width and
SHA-256 of the pixels that Pillow's exif_transpose(open(file)).convert("RGB") gives. Usage: python make-images.py
(Pillow and NumPy). What Pillow cannot write is put together by hand here."""

import hashlib
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps
from PIL import __version__ as pillow_version

folder = pathlib.Path(__file__).parent
height, width = 13, 17
y, x = np.mgrid[0:height, 0:width]
rgb = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * 3 + y * 7) % 256], -1).astype(np.uint8)
colour = Image.fromarray(rgb)
grey = Image.fromarray((x * 10 + y * 5).astype(np.uint8))
made = []


def write(name, content):
    (folder / name).write_bytes(content)
    made.append(name)


def encoded(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(depth, colour_type, rows, extra=b"", interlace=0):
    """A PNG file from packed rows, each of which gets filter 0."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def packed(values, bits):
    """Rows of `bits` a value, the first in the high bits."""
    return [np.packbits(np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :]).tobytes() for row in values]


def interlaced(pixels):
    """Rows of the seven passes of Adam7."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    return [row.tobytes() for top, left, down, right in passes for row in pixels[top::down, left::right] if row.size]


def segments(jpeg):
    """Marker and bytes of each segment in front of the scan, then the rest."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        length = struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        yield jpeg[at + 1], jpeg[at : at + 2 + length]
        at += 2 + length
    yield 0xDA, jpeg[at:]


# JPEG
write("colour-420.jpg", encoded(colour, "JPEG", quality=90, subsampling=2))
write("colour-422.jpg", encoded(colour, "JPEG", quality=90, subsampling=1))
write("colour-progressive.jpg", encoded(colour, "JPEG", quality=80, progressive=True))
write("colour-restarts.jpg", encoded(colour, "JPEG", quality=80, restart_marker_blocks=1))
write("colour-stored-as-rgb.jpg", encoded(colour, "JPEG", quality=90, keep_rgb=True))
write("grey.jpg", encoded(grey, "JPEG", quality=90))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    write(f"orientation-{orientation}.jpg", encoded(colour, "JPEG", quality=90, exif=exif.tobytes()))
    if orientation in (3, 6):
        write(f"orientation-{orientation}.png", encoded(colour, "PNG", exif=exif.tobytes()))
cmyk = encoded(colour.convert("CMYK"), "JPEG", quality=95)
parts = list(segments(cmyk))
write("cmyk-adobe.jpg", cmyk)
write("cmyk-plain.jpg", cmyk[:2] + b"".join(part for marker, part in parts if marker != 0xEE))
write("ycck-adobe.jpg", cmyk[:2] + b"".join(part[:-1] + b"\2" if marker == 0xEE else part for marker, part in parts))
# What many cameras and web sites leave behind: bytes between segments, and in front of the end.
plain = encoded(colour, "JPEG", quality=90)
first, *others = [part for _, part in segments(plain)]
write("bytes-between.jpg", plain[:2] + first + b"\0\0\0" + b"".join(others))
write("bytes-before-the-end.jpg", plain[:-2] + b"\0\1\2\3" + plain[-2:])

# PNG
write("colour.png", encoded(colour, "PNG"))
write("colour-interlaced.png", png(8, 2, interlaced(rgb), interlace=1))
write("colour-gamma.png", png(8, 2, [row.tobytes() for row in rgb], chunk(b"gAMA", struct.pack(">I", 100_000))))
deep = np.stack([x * 4000 + 77, y * 5000 + 129, (x * 3001 + y * 7013 + 200) % 65536], -1).astype(">u2")
alpha = (x * 4001) % 65536
write("colour-16-bit.png", png(16, 2, [row.tobytes() for row in deep]))
write("alpha-16-bit.png", png(16, 6, [row.tobytes() for row in np.dstack([deep, alpha]).astype(">u2")]))
write("alpha.png", encoded(Image.fromarray(np.dstack([rgb, (x * 15) % 256]).astype(np.uint8)), "PNG"))
write("colour-key.png", encoded(colour, "PNG", transparency=tuple(int(v) for v in rgb[2, 5])))
write("grey.png", encoded(grey, "PNG"))
write("grey-alpha.png", encoded(Image.merge("LA", (grey, Image.fromarray(((y * 19) % 256).astype(np.uint8)))), "PNG"))
write("grey-1-bit.png", png(1, 0, packed((x * y) % 2, 1)))
write("grey-2-bit.png", png(2, 0, packed((x + y) % 4, 2)))
write("grey-4-bit.png", png(4, 0, packed((x + y) % 16, 4)))
# Pillow cuts 16 grey bits off at 255 and does not scale them; half of the values here lie below.
wide = np.where((x + y) % 2 == 0, x * 15, x * 3855 + y * 256).astype(">u2")
write("grey-16-bit.png", png(16, 0, [row.tobytes() for row in wide]))
write("grey-16-bit-key.png", png(16, 0, [row.tobytes() for row in wide], chunk(b"tRNS", struct.pack(">H", 15))))
write("palette.png", encoded(colour.quantize(200), "PNG"))
write("palette-1-bit.png", encoded(colour.quantize(2), "PNG", bits=1))
write("palette-4-bit.png", encoded(colour.quantize(16), "PNG", bits=4))
write("palette-transparent.png", encoded(colour.quantize(16), "PNG", transparency=3))
# The name does not say what a file is.
write("png-called-jpeg.JPEG", encoded(colour, "PNG"))

expected = {"pillow": pillow_version, "images": {}}
for name in sorted(made):
    pixels = np.asarray(ImageOps.exif_transpose(Image.open(folder / name)).convert("RGB"))
    expected["images"][name] = {
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
    }
(folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
print(f"{len(made)} images")
