# Writes COUNT image files of random forms into FOLDER, and what Pillow makes of each into FOLDER/expected.json: height, width
# and SHA-256 of the red, green and blue bytes of `exif_transpose(open(file)).convert("RGB")`, or the error that it raises.
# Usage: python make-fuzzed-images.py FOLDER SEED COUNT
import hashlib
import io
import json
import os
import random
import struct
import sys
import warnings
import zlib

import PIL
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder, exist_ok=True)


def picture(r, mode):
    """An image of a random size: noise, a ramp or blocks of colours."""
    width, height = r.choice([(r.randint(1, 9), r.randint(1, 9)), (r.randint(8, 64), r.randint(8, 64))])
    kind = r.randrange(3)
    if kind == 0:
        image = Image.frombytes("RGB", (width, height), r.randbytes(3 * width * height))
    elif kind == 1:
        rows = bytearray()
        for y in range(height):
            for x in range(width):
                rows += bytes(((5 * x + 3 * y) % 256, (7 * y) % 256, (255 - 4 * x) % 256))
        image = Image.frombytes("RGB", (width, height), bytes(rows))
    else:
        image = Image.new("RGB", (width, height), tuple(r.randbytes(3)))
        for _ in range(4):
            x, y = r.randrange(width), r.randrange(height)
            image.paste(tuple(r.randbytes(3)), (x, y, min(width, x + 20), min(height, y + 20)))
    alpha = Image.frombytes("L", image.size, r.randbytes(width * height))
    if r.random() < 0.5:
        alpha = alpha.point(lambda v: 0 if v < 90 else 255)
    if mode in ("RGBA", "LA"):
        image = image.convert("RGB" if mode == "RGBA" else "L")
        image.putalpha(alpha)
        return image
    if mode == "I;16":
        return Image.frombytes("I;16", image.size, r.randbytes(2 * width * height))
    if mode == "P":
        return image.quantize(r.choice([2, 3, 4, 16, 17, 100, 256]))
    return image.convert(mode)


# --- Metadata -------------------------------------------------------------------------------------------------------------

sizes_of_types = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}


def packed(order, kind, number):
    """A number in a type of TIFF; unknown types have two bytes."""
    if kind in (5, 10):
        return struct.pack(order + "LL", number * 2, 2)
    if kind == 11:
        return struct.pack(order + "f", number)
    if kind == 12:
        return struct.pack(order + "d", number)
    letter = {1: "B", 2: "B", 3: "H", 4: "L", 6: "B", 7: "B", 8: "H", 9: "L", 13: "L", 16: "Q"}.get(kind, "H")
    mask = {"B": 0xFF, "H": 0xFFFF}.get(letter, 0xFFFFFFFF)
    return struct.pack(order + letter, number & mask)


def tiff_part(r):
    """A TIFF structure with an orientation, in one of many odd forms."""
    order, mark = r.choice([("<", b"II"), (">", b"MM")])
    magic = struct.pack(order + "H", 42)
    if r.random() < 0.12:
        magic = r.choice([b"\x2a\x00", b"\x00\x2a", b"\x2b\x00", b"\x00\x2b", b"\x00\x00"])
    orientation = r.choice([1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 0, 9, 65535])
    entries, later = [], b""
    tags = [0x010E, 0x0112, 0x011A, 0x0128, 0x8769, 0x0132]
    tags = sorted(r.sample(tags, r.randint(1, 4)))
    if 0x0112 not in tags and r.random() < 0.8:
        tags.append(0x0112)
    if 0x0112 in tags and r.random() < 0.15:
        tags.append(0x0112)
    offset = 8 if r.random() < 0.8 else r.choice([8 + r.randint(1, 12), 9, 20])
    pad = b"\0" * (offset - 8)
    values_at = offset + 2 + 12 * len(tags) + 4
    for tag in tags:
        if tag == 0x0112:
            kind = r.choice([3, 3, 3, 3, 3, 3, 1, 2, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 0, 14, 99])
            number = orientation if r.random() < 0.85 else r.choice([1, 3, 6, 8])
            amount = r.choice([1, 1, 1, 1, 1, 1, 0, 2, 3, 1000, 0x7FFFFFFF])
            value = packed(order, kind, number) * min(amount, 3)
        elif tag == 0x010E:
            kind, value = 2, b"a picture of nothing\0"
            amount = len(value)
        elif tag == 0x011A:
            kind, value, amount = 5, struct.pack(order + "LL", 72, 1), 1
        elif tag == 0x0128:
            kind, value, amount = 3, struct.pack(order + "H", 2), 1
        elif tag == 0x8769:
            kind, value, amount = 4, struct.pack(order + "L", r.choice([8, 99, 70000])), 1
        else:
            kind, value, amount = 2, b"2020:01:01 00:00:00\0", 20
        size = sizes_of_types.get(kind, 2) * amount
        if size > 4:
            at = values_at + len(later) if r.random() < 0.9 else r.randint(0, 70000)
            later += value
            value = struct.pack(order + "L", at)
        entries.append(struct.pack(order + "HHL", tag, kind, amount & 0xFFFFFFFF) + value[:4].ljust(4, b"\0"))
    number = len(entries) if r.random() < 0.93 else r.choice([0, len(entries) + 3, 65535])
    part = mark + magic + struct.pack(order + "L", offset) + pad
    part += struct.pack(order + "H", number) + b"".join(entries) + b"\0\0\0\0" + later
    if r.random() < 0.12:
        part = part[: r.randint(0, len(part))]
    return part


def xmp_part(r):
    number = r.choice("1235678690")
    return r.choice(
        [
            f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="{number}"/></x:xmpmeta>',
            f"<x:xmpmeta><tiff:Orientation>{number}</tiff:Orientation></x:xmpmeta>",
            f"<x:xmpmeta><tiff:Orientation> {number} </tiff:Orientation></x:xmpmeta>",
            f"<x:xmpmeta tiff:Orientation='{number}'/>",
            f'<x:xmpmeta tiff:Orientation="{number}{number}"/>',
            "<x:xmpmeta/>",
        ]
    ).encode()


def metadata(r):
    """Parts to be put into a file: (kind, bytes)."""
    if r.random() < 0.35:
        return []
    parts = []
    for _ in range(r.choice([1, 1, 1, 2, 3])):
        kind = r.choice(["exif", "exif", "exif", "xmp", "raw profile"])
        parts.append((kind, xmp_part(r) if kind == "xmp" else tiff_part(r)))
    return parts


# --- JPEG -----------------------------------------------------------------------------------------------------------------


def segment(marker, data):
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(data)) + data


def jpeg(r):
    mode = r.choice(["RGB", "RGB", "RGB", "L", "CMYK"])
    options = {"quality": r.choice([5, 30, 75, 95, 100]), "progressive": r.random() < 0.3, "optimize": r.random() < 0.2}
    if mode == "RGB":
        options["subsampling"] = r.choice([0, 1, 2])
        if r.random() < 0.15:
            options.update(keep_rgb=True, subsampling=0)
    if r.random() < 0.2:
        options["restart_marker_blocks"] = r.choice([1, 2, 5])
    if r.random() < 0.2:
        options["restart_marker_rows"] = 1
    if r.random() < 0.2:
        options["dpi"] = (72, 72)
    if r.random() < 0.15:
        options["icc_profile"] = r.randbytes(r.choice([200, 70000]))
    target = io.BytesIO()
    image = picture(r, mode)
    try:
        image.save(target, "JPEG", **options)
    except OSError:
        # The encoder's buffer is too small for some tiny images.
        target = io.BytesIO()
        image.save(target, "JPEG")
    bytes_ = target.getvalue()
    extra = b""
    for kind, part in metadata(r):
        if kind == "xmp":
            extra += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + part)
        else:
            start = r.choice([b"Exif\0\0"] * 8 + [b"Exif\0\0Exif\0\0", b"Exif\0\1", b"exif\0\0", b"Exif"])
            extra += segment(0xE1, start + part)
    if r.random() < 0.1:
        extra += segment(0xE2, b"MPF\0" + r.choice([tiff_part(r), r.randbytes(30)]))
    if r.random() < 0.1:
        extra += segment(0xFE, b"a remark") + r.choice([b"", b"\xff", b"\xff\xff\xff", b"\0\0"])
    if r.random() < 0.5:
        # Before the JFIF part, or behind it.
        at = 2 if r.random() < 0.3 or bytes_[2:4] != b"\xff\xe0" else 4 + struct.unpack(">H", bytes_[4:6])[0]
    else:
        at = max(bytes_.find(b"\xff\xc0"), bytes_.find(b"\xff\xc2"))
        if r.random() < 0.2:
            at = bytes_.find(b"\xff\xda")
    return mode, bytes_[:at] + extra + bytes_[at:]


# --- PNG ------------------------------------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def interlaced(r):
    """An Adam7 file: Pillow writes none."""
    width, height = r.randint(1, 20), r.randint(1, 20)
    colour, depth, channels = r.choice([(0, 1, 1), (0, 2, 1), (0, 8, 1), (0, 16, 1), (2, 8, 3), (2, 16, 3), (4, 8, 2), (6, 8, 4), (6, 16, 4)])
    rows = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        columns = len(range(x0, width, dx))
        for _ in range(y0, height, dy):
            if columns > 0:
                rows += bytes((r.randrange(5),)) + r.randbytes((columns * depth * channels + 7) // 8)
    head = struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def of_depth(r):
    """A file of any colour type and depth, filtered at random."""
    width, height = r.randint(1, 40), r.randint(1, 40)
    colour, depths, channels = r.choice(
        [(0, (1, 2, 4, 8, 16), 1), (2, (8, 16), 3), (3, (1, 2, 4, 8), 1), (4, (8, 16), 2), (6, (8, 16), 4)]
    )
    depth = r.choice(depths)
    rows = b"".join(
        bytes((r.randrange(5),)) + r.randbytes((width * depth * channels + 7) // 8) for _ in range(height)
    )
    bytes_ = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 0))
    if colour == 3:
        entries = r.choice([1 << depth, 1 << depth, max(1, (1 << depth) - 3)])
        bytes_ += chunk(b"PLTE", r.randbytes(3 * entries))
        if r.random() < 0.4:
            bytes_ += chunk(b"tRNS", r.randbytes(r.randint(1, entries)))
    elif colour == 2 and r.random() < 0.2:
        bytes_ += chunk(b"tRNS", r.randbytes(6))
    elif colour == 0 and r.random() < 0.3:
        bytes_ += chunk(b"tRNS", struct.pack(">H", r.randrange(1 << depth)))
    packed_rows = zlib.compress(rows)
    cut = r.randint(0, len(packed_rows))
    parts = [packed_rows] if r.random() < 0.6 else [packed_rows[:cut], packed_rows[cut:]]
    return bytes_ + b"".join(chunk(b"IDAT", part) for part in parts) + chunk(b"IEND", b"")


def raw_profile(part):
    text = (b"Exif\0\0" + part).hex()
    lines = "\n".join(text[i : i + 72] for i in range(0, len(text), 72))
    return f"\nexif\n{len(part) + 6:8}\n{lines}\n".encode()


def png_chunks(r, kind, part):
    if kind == "exif":
        return chunk(b"eXIf", r.choice([b"", b"", b"", b"Exif\0\0"]) + part)
    if kind == "xmp":
        key = b"XML:com.adobe.xmp"
        return r.choice(
            [
                chunk(b"iTXt", key + b"\0\0\0\0\0" + part),
                chunk(b"iTXt", key + b"\0\1\0\0\0" + zlib.compress(part)),
                chunk(b"tEXt", key + b"\0" + part),
            ]
        )
    key = b"Raw profile type " + r.choice([b"exif", b"exif", b"exif", b"APP1"])
    text = raw_profile(part)
    return r.choice([chunk(b"zTXt", key + b"\0\0" + zlib.compress(text)), chunk(b"tEXt", key + b"\0" + text)])


def png(r):
    which = r.randrange(4)
    if which == 0:
        form, bytes_ = "interlaced", interlaced(r)
    elif which == 1:
        form, bytes_ = "of a depth", of_depth(r)
    else:
        form = r.choice(["RGB", "L", "RGBA", "LA", "P", "1", "I;16"])
        target = io.BytesIO()
        image = picture(r, form)
        options = {"compress_level": r.randrange(10)}
        if form == "P" and r.random() < 0.4:
            options["transparency"] = r.choice([0, r.randbytes(5)])
        if r.random() < 0.15:
            options["icc_profile"] = r.randbytes(400)
        if r.random() < 0.1:
            options.update(save_all=True, append_images=[image.rotate(180)], default_image=r.random() < 0.5)
        try:
            image.save(target, "PNG", **options)
        except Exception:
            target = io.BytesIO()
            image.save(target, "PNG")
        bytes_ = target.getvalue()
    before = after = b""
    if r.random() < 0.2:
        before += chunk(b"gAMA", struct.pack(">L", r.choice([45455, 100000, 22727])))
    if r.random() < 0.1:
        before += chunk(b"sRGB", bytes((r.randrange(4),)))
    if r.random() < 0.1:
        before += chunk(b"tEXt", b"Comment\0nothing")
    if r.random() < 0.1:
        before += chunk(b"bKGD", b"\0\1\0\1\0\1")
    for kind, part in metadata(r):
        if r.random() < 0.6:
            before += png_chunks(r, kind, part)
        else:
            after += png_chunks(r, kind, part)
    behind_header = 33
    end = bytes_.rfind(b"IEND") - 4
    return form, bytes_[:behind_header] + before + bytes_[behind_header:end] + after + bytes_[end:]


# --- Other formats --------------------------------------------------------------------------------------------------------


def webp(r):
    mode = r.choice(["RGB", "RGBA", "L", "P"])
    options = {"lossless": r.random() < 0.4, "quality": r.choice([10, 80, 100]), "exact": r.random() < 0.5, "method": 2}
    for kind, part in metadata(r)[:2]:
        if kind == "exif":
            options["exif"] = r.choice([b"", b"Exif\0\0"]) + part
        elif kind == "xmp":
            options["xmp"] = part
    image = picture(r, mode)
    if r.random() < 0.15:
        others = [picture(r, mode).resize(image.size) for _ in range(2)]
        options.update(save_all=True, append_images=others, duration=40)
    target = io.BytesIO()
    image.save(target, "WEBP", **options)
    return mode, target.getvalue()


def lzw(minimum, values):
    """GIF's compression without a dictionary: a clear code often enough keeps the codes short."""
    clear, bits, number, out = 1 << minimum, 0, 0, bytearray()
    for i, value in enumerate(values):
        if i % (clear - 2 if clear > 4 else 1) == 0:
            number |= clear << bits
            bits += minimum + 1
        number |= value << bits
        bits += minimum + 1
        while bits >= 8:
            out.append(number & 255)
            number >>= 8
            bits -= 8
    number |= (clear + 1) << bits
    bits += minimum + 1
    while bits > 0:
        out.append(number & 255)
        number >>= 8
        bits -= 8
    return bytes(out)


def blocks(data):
    return b"".join(bytes((len(data[i : i + 255]),)) + data[i : i + 255] for i in range(0, len(data), 255)) + b"\0"


def gif(r):
    if r.random() < 0.5:
        mode = r.choice(["P", "P", "L", "1", "RGB", "RGBA"])
        image = picture(r, mode)
        options = {"interlace": r.randrange(2)}
        if mode in ("P", "L") and r.random() < 0.4:
            options["transparency"] = r.randrange(4)
        if r.random() < 0.2:
            options.update(save_all=True, append_images=[picture(r, mode) for _ in range(2)], disposal=r.randrange(4))
        target = io.BytesIO()
        image.save(target, "GIF", **options)
        return mode, target.getvalue()
    # A frame that is not of the screen's size.
    width, height = r.randint(1, 20), r.randint(1, 20)
    depth = r.randint(1, 8)
    left, top = r.choice([(0, 0), (r.randrange(width), r.randrange(height))])
    columns, rows = r.randint(1, width + 2), r.randint(1, height + 2)
    has_global = r.random() < 0.7
    bytes_ = b"GIF89a" + struct.pack("<HHBBB", width, height, (128 if has_global else 0) | (depth - 1), r.randrange(2), 0)
    grey = r.random() < 0.2
    table = b"".join(bytes((i, i, i)) for i in range(1 << depth)) if grey else r.randbytes(3 << depth)
    if has_global:
        bytes_ += table
    if r.random() < 0.5:
        bytes_ += b"\x21\xf9\x04" + struct.pack("<BHB", r.choice([0, 1, 1, 4, 9, 13]), 5, r.randrange(1 << depth)) + b"\0"
    if r.random() < 0.2:
        bytes_ += b"\x21\xfe" + blocks(b"a remark")
    has_local = not has_global and r.random() < 0.7 or r.random() < 0.2
    local_depth = r.randint(1, depth)
    flags = (128 | (local_depth - 1) if has_local else 0) | r.choice([0, 64])
    bytes_ += b"," + struct.pack("<HHHHB", left, top, columns, rows, flags)
    if has_local:
        bytes_ += r.randbytes(3 << local_depth)
    minimum = max(2, depth)
    values = [r.randrange(1 << depth) for _ in range(columns * rows)]
    return "frame", bytes_ + bytes((minimum,)) + blocks(lzw(minimum, values)) + b";"


def bmp(r):
    if r.random() < 0.4:
        mode = r.choice(["RGB", "L", "P", "1", "RGBA"])
        target = io.BytesIO()
        picture(r, mode).save(target, "BMP")
        return mode, target.getvalue()
    width, height = r.randint(1, 30), r.randint(1, 30)
    bits = r.choice([1, 4, 8, 16, 24, 32])
    header_size = r.choice([12, 40, 40, 52, 56, 64, 108, 124])
    compression, masks = 0, b""
    if header_size != 12 and bits in (16, 32) and r.random() < 0.6:
        compression = 3
        layouts = {
            16: [(0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0)],
            32: [(0xFF0000, 0xFF00, 0xFF, 0), (0xFF000000, 0xFF0000, 0xFF00, 0), (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
                 (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xFF000000, 0xFF0000, 0xFF00, 0xFF), (0, 0, 0, 0)],
        }[bits]
        masks = struct.pack("<LLLL", *r.choice(layouts))
    if header_size != 12 and bits in (4, 8) and r.random() < 0.4:
        compression = 2 if bits == 4 else 1
    flipped = header_size != 12 and r.random() < 0.3
    colours = 1 << bits if bits <= 8 else 0
    if header_size == 12:
        head = struct.pack("<LHHHH", 12, width, height, 1, bits)
    else:
        given = r.choice([0, colours, max(1, colours - 2)]) if bits <= 8 else 0
        colours = given or colours
        head = struct.pack("<LLlHHLLLLLL", header_size, width, -height if flipped else height, 1, bits, compression, 0, 2835, 2835, given, 0)
        body = (masks if compression == 3 else b"") + bytes(200)
        head += body[: max(header_size - 40, 12 if compression == 3 and header_size == 40 else 0)]
    padding = 3 if header_size == 12 else 4
    if bits <= 8:
        # Pillow reads four bits of grey as if they were eight.
        grey = r.random() < 0.3 and bits != 4
        for i in range(colours):
            level = (255 * i) if colours == 2 else i
            head += (bytes((level, level, level)) if grey else r.randbytes(3)) + b"\0" * (padding - 3)
    if compression in (1, 2):
        data = b""
        for _ in range(height):
            x = 0
            while x < width:
                run = r.randint(1, min(20, width - x))
                if r.random() < 0.3 and run >= 3:
                    size = run if bits == 8 else (run + 1) // 2
                    data += bytes((0, run)) + bytes(r.randrange(colours) if bits == 8 else r.randrange(256) for _ in range(size)) + b"\0" * (size % 2)
                elif r.random() < 0.05:
                    data += bytes((0, 2, run, r.randrange(2)))
                else:
                    data += bytes((run, r.randrange(colours) if bits == 8 else r.randrange(256)))
                x += run
            data += b"\0\0"
        data += b"\0\1"
    else:
        data = r.randbytes(((width * bits + 31) // 32) * 4 * height)
    offset = 14 + len(head)
    return f"{bits} bits", b"BM" + struct.pack("<LHHL", offset + len(data), 0, 0, offset) + head + data


def tiff(r):
    mode = r.choice(["RGB", "RGB", "L", "RGBA", "LA", "P", "1", "I;16", "CMYK", "YCbCr", "LAB", "F", "I"])
    options = {"compression": r.choice([None, None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4", "tiff_deflate"])}
    tags = {}
    if r.random() < 0.5:
        tags[274] = r.randint(1, 8)
    if r.random() < 0.3:
        tags[278] = r.randint(1, 9)
    if r.random() < 0.2 and options["compression"] in ("tiff_lzw", "tiff_adobe_deflate"):
        tags[317] = 2
    if r.random() < 0.15:
        tags[262] = 0 if mode in ("L", "1") else 2
    if options["compression"] == "group4" and mode != "1":
        options["compression"] = None
    target = io.BytesIO()
    image = picture(r, "RGB" if mode in ("F", "I", "LAB", "YCbCr") else mode)
    if mode in ("F", "I"):
        image = image.convert("L").convert(mode)
    elif mode == "YCbCr":
        image = image.convert(mode)
    try:
        image.save(target, "TIFF", tiffinfo=tags, big_tiff=r.random() < 0.1, **options)
    except Exception:
        target = io.BytesIO()
        image.save(target, "TIFF")
    return f"{mode} {options['compression']}", target.getvalue()


def ppm(r):
    width, height = r.randint(1, 20), r.randint(1, 20)
    number = r.choice([5, 6, 5, 6, 4, 1, 2, 3])
    most = r.choice([255, 255, 255, 65535, 100, 1, 1000])
    text = f"P{number}" + r.choice(["\n", " ", "\n# a remark\n"]) + f"{width} {height}\n"
    if number not in (1, 4):
        text += f"{most}\n"
    values = width * height * (3 if number in (3, 6) else 1)
    if number == 4:
        data = r.randbytes((width + 7) // 8 * height)
    elif number in (1, 2, 3):
        data = " ".join(str(r.randint(0, 1 if number == 1 else most)) for _ in range(values)).encode()
    elif most > 255:
        data = b"".join(struct.pack(">H", r.randint(0, most)) for _ in range(values))
    else:
        data = bytes(r.randint(0, most) for _ in range(values))
    return f"P{number} {most}", text.encode() + data


# --- Damage ---------------------------------------------------------------------------------------------------------------


def damaged(r, bytes_):
    kind = r.choices(["whole", "cut", "flipped", "trailing", "inserted"], [70, 8, 12, 6, 4])[0]
    if kind == "cut":
        return kind, bytes_[: r.randint(0, len(bytes_))]
    if kind == "flipped":
        changed = bytearray(bytes_)
        for _ in range(r.choice([1, 1, 2, 5])):
            changed[r.randrange(len(changed))] = r.randrange(256)
        return kind, bytes(changed)
    if kind == "trailing":
        return kind, bytes_ + r.choice([b"\0", b"\xff\xd9", r.randbytes(300), b"GIF89a"])
    if kind == "inserted":
        at = r.randint(0, len(bytes_))
        return kind, bytes_[:at] + r.randbytes(r.randint(1, 4)) + bytes_[at:]
    return kind, bytes_


def answer(path):
    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        return {"height": image.height, "width": image.width, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200].replace(folder, "")}


formats = [(jpeg, "jpg", 30), (png, "png", 30), (webp, "webp", 9), (gif, "gif", 9), (bmp, "bmp", 9), (tiff, "tif", 9), (ppm, "ppm", 4)]
images = {}
for i in range(count):
    r = random.Random(f"{seed} {i}")
    make, extension, _ = r.choices(formats, [weight for _, _, weight in formats])[0]
    form, encoded = make(r)
    damage, encoded = damaged(r, encoded)
    if r.random() < 0.1:
        extension = r.choice(["jpg", "png", "JPEG", "webp"])
    name = f"{i:05}.{extension}"
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(encoded)
    images[name] = {"form": f"{make.__name__} {form}, {damage}", **answer(path)}
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump({"pillow": PIL.__version__, "images": images}, file, indent=1)
