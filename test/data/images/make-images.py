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

# Where it is said how an image lies, in forms that programs write or wrote
def tiff_part(value, kind="H", number=3, count=1, order="<", magic=42, first=8):
    """A TIFF structure that holds an orientation and nothing else."""
    data = struct.pack(order + kind, value)
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "HL", magic, first) + bytes(first - 8)
    entry = struct.pack(order + "HHL", 0x0112, number, count)
    place = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack(order + "L", first + 2 + 12 + 4)
    return mark + struct.pack(order + "H", 1) + entry + place + bytes(4) + (data if len(data) > 4 else b"")


def app1(part, name=b"Exif\0\0"):
    return b"\xff\xe1" + struct.pack(">H", 2 + len(name) + len(part)) + name + part


def with_segments(*added, dpi=True):
    """The colour image with segments behind its JFIF part."""
    jpeg = encoded(colour, "JPEG", quality=90, **({"dpi": (72, 72)} if dpi else {}))
    return jpeg[:20] + b"".join(added) + jpeg[20:]


def without_end(png_file):
    return png_file[:-12]


xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
adobe = b"http://ns.adobe.com/xap/1.0/\0"
end = chunk(b"IEND", b"")
plain_png = encoded(colour, "PNG")
write("exif-two-6-1.jpg", with_segments(app1(tiff_part(6)), app1(tiff_part(1))))
write("exif-two-1-6.jpg", with_segments(app1(tiff_part(1)), app1(tiff_part(6))))
nothing = b"II*\0" + struct.pack("<LHL", 8, 0, 0)
write("exif-two-none-6.jpg", with_segments(app1(nothing), app1(tiff_part(6))))
write("exif-0.jpg", with_segments(app1(tiff_part(0))))
write("exif-9.jpg", with_segments(app1(tiff_part(9))))
write("exif-long.jpg", with_segments(app1(tiff_part(6, "L", 4, order=">"))))
write("exif-signed.jpg", with_segments(app1(tiff_part(8, "h", 8, order=">"))))
write("exif-rational.jpg", with_segments(app1(tiff_part(6, "Q", 5)[:-8] + struct.pack("<LL", 12, 2))))
write("exif-float.jpg", with_segments(app1(tiff_part(6.0, "f", 11))))
write("exif-byte.jpg", with_segments(app1(tiff_part(6, "B", 1))))
write("exif-letters.jpg", with_segments(app1(tiff_part(ord("6"), "B", 2))))
write("exif-of-two-values.jpg", with_segments(app1(tiff_part(6 + 65536 * 3, "L", 3, 2))))
write("exif-of-no-value.jpg", with_segments(app1(tiff_part(6, count=0)), app1(xmp, adobe)))
write("exif-magic-43.jpg", with_segments(app1(tiff_part(6, order=">", magic=43))))
write("exif-other-place.jpg", with_segments(app1(tiff_part(5, first=20))))
write("exif-named-twice.jpg", with_segments(app1(b"Exif\0\0" + tiff_part(7))))
write("exif-damaged.jpg", with_segments(app1(b"XX*\0" + tiff_part(6)[4:]), dpi=False))
write("exif-and-xmp.jpg", with_segments(app1(tiff_part(3)), app1(xmp, adobe)))
write("xmp.jpg", with_segments(app1(xmp, adobe)))
write("xmp-element.jpg", with_segments(app1(b"<x><tiff:Orientation>8</tiff:Orientation></x>", adobe)))
write("mpf.jpg", with_segments(b"\xff\xe2" + struct.pack(">H", 6 + len(nothing)) + b"MPF\0" + nothing, app1(tiff_part(6))))
write("exif-after-pixels.png", without_end(plain_png) + chunk(b"eXIf", tiff_part(6)) + end)
write("exif-twice.png", plain_png[:33] + chunk(b"eXIf", tiff_part(6)) + without_end(plain_png)[33:] + chunk(b"eXIf", tiff_part(3)) + end)
write("xmp.png", plain_png[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) + plain_png[33:])
write("xmp-packed.png", plain_png[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp)) + plain_png[33:])
profile = b"\nexif\n      %d\n" % (6 + len(tiff_part(8))) + (b"Exif\0\0" + tiff_part(8)).hex().encode() + b"\n"
write("raw-profile.png", plain_png[:33] + chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile)) + plain_png[33:])
write("raw-profile-as-text.png", plain_png[:33] + chunk(b"tEXt", b"Raw profile type exif\0" + profile) + plain_png[33:])
write("chunks-of-an-animation.png", encoded(colour, "PNG", save_all=True, append_images=[colour.rotate(180)]))

# WebP
see_through = Image.fromarray(np.dstack([rgb, np.where((x + y) % 3 == 0, 0, x * 15)]).astype(np.uint8))
write("lossy.webp", encoded(colour, "WEBP", quality=80))
write("lossless.webp", encoded(colour, "WEBP", lossless=True))
write("alpha-lossy.webp", encoded(see_through, "WEBP", quality=80))
write("alpha-lossless.webp", encoded(see_through, "WEBP", lossless=True, exact=True))
write("orientation-6.webp", encoded(colour, "WEBP", quality=80, exif=b"Exif\0\0" + tiff_part(6)))
write("orientation-bare.webp", encoded(colour, "WEBP", lossless=True, exif=tiff_part(5)))
write("xmp.webp", encoded(colour, "WEBP", lossless=True, xmp=xmp))
animation = encoded(see_through, "WEBP", save_all=True, append_images=[colour.rotate(180)], lossless=True, exact=True)
write("animation.webp", animation)
at = animation.index(b"ANMF") + 8
wider = bytearray(animation)
wider[24:30] = struct.pack("<L", width + 5)[:3] + struct.pack("<L", height + 3)[:3]
wider[at : at + 6] = b"\1\0\0\1\0\0"
write("animation-of-parts.webp", bytes(wider))
write("webp-called-jpg.jpg", encoded(colour, "WEBP", quality=80))
write("jpeg.jfif", encoded(colour, "JPEG", quality=90))

# GIF
write("palette.gif", encoded(colour.quantize(200), "GIF"))
write("interlaced.gif", encoded(colour.quantize(16), "GIF", interlace=1))
write("transparent.gif", encoded(colour.quantize(16), "GIF", transparency=3))
write("grey.gif", encoded(grey, "GIF"))
write("animation.gif", encoded(colour.quantize(30), "GIF", save_all=True, append_images=[colour.rotate(180)]))


def gif(left, top, transparent, local):
    """A frame of 3 x 2 pixels in a screen of 5 x 4, codes of 3 bits."""
    table = bytes(range(40, 52))
    control = b"\x21\xf9\4\1\0\0" + bytes([transparent]) + b"\0" if transparent is not None else b""
    codes = [4, 0, 1, 4, 2, 3, 4, 2, 1, 5]
    number = sum(code << (3 * i) for i, code in enumerate(codes))
    data = number.to_bytes(4, "little")
    frame = b"," + struct.pack("<HHHHB", left, top, 3, 2, 0x81 if local else 0) + (bytes(range(100, 112)) if local else b"")
    return b"GIF89a" + struct.pack("<HHBBB", 5, 4, 0x81, 1, 0) + table + control + frame + b"\2\4" + data + b"\0;"


write("part.gif", gif(1, 1, None, False))
write("part-transparent.gif", gif(1, 1, 2, False))
write("part-beyond.gif", gif(4, 3, None, True))

# BMP
write("colour.bmp", encoded(colour, "BMP"))
write("palette.bmp", encoded(colour.quantize(200), "BMP"))
write("grey.bmp", encoded(grey, "BMP"))
write("1-bit.bmp", encoded(colour.convert("1"), "BMP"))


def bmp(bits, data, table=b"", masks=b"", compression=0, upside=1):
    head = struct.pack("<LLlHHLLLLLL", 40, width, upside * height, 1, bits, compression, 0, 0, 0, len(table) // 4, 0)
    start = 14 + len(head) + len(masks) + len(table)
    return b"BM" + struct.pack("<LHHL", start + len(data), 0, 0, start) + head + masks + table + data


def padded_rows(rows):
    return b"".join(row + bytes(-len(row) % 4) for row in rows)


table = bytes((i * 37) % 256 for i in range(64))
write("4-bit.bmp", bmp(4, padded_rows(packed((x + y) % 16, 4)), table))
write("16-bit.bmp", bmp(16, padded_rows([row.tobytes() for row in ((x * 4001 + y * 577) % 65536).astype("<u2")])))
write("16-bit-565.bmp", bmp(16, padded_rows([row.tobytes() for row in ((x * 4001 + y * 577) % 65536).astype("<u2")]), masks=struct.pack("<LLL", 0xF800, 0x7E0, 0x1F), compression=3))
write("32-bit-from-the-top.bmp", bmp(32, np.dstack([rgb, rgb[..., :1]]).tobytes(), upside=-1))
runs = b"".join(bytes([10, r % 16, 0, 5, 1, 2, 3, r % 7, 4, 0, 2, 9, 0, 0]) for r in range(height)) + b"\0\1"
write("runs.bmp", bmp(8, runs, table, compression=1))

# TIFF
write("colour.tif", encoded(colour, "TIFF"))
write("colour-lzw.tiff", encoded(colour, "TIFF", compression="tiff_lzw", tiffinfo={274: 6, 278: 4}))
write("colour-predicted.tiff", encoded(colour, "TIFF", compression="tiff_adobe_deflate", tiffinfo={317: 2}))
write("grey-packbits.tiff", encoded(grey, "TIFF", compression="packbits", tiffinfo={274: 8}))
write("grey-16-bit.tiff", encoded(Image.fromarray(wide.astype("<u2")), "TIFF"))
write("palette.tiff", encoded(colour.quantize(200), "TIFF"))
write("alpha.tiff", encoded(see_through, "TIFF"))
write("1-bit.tiff", encoded(colour.convert("1"), "TIFF", tiffinfo={274: 5}))

# Netpbm
write("colour.ppm", encoded(colour, "PPM"))
write("grey.pgm", b"P5\n# a remark\n17 13\n200\n" + ((x * 3 + y * 5) % 201).astype(np.uint8).tobytes())
write("grey-16-bit.pgm", b"P5 17 13 65535\n" + wide.tobytes())

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
