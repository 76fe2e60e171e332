"""Writes pillow-expectations.json: what Pillow and torchvision make of a small formula image, for golden.test.ts.

Run once, with Pillow 9.4 and torchvision 0.14: python test/data/views/make-pillow-expectations.py > test/data/views/pillow-expectations.json
The entries have the form of the golden cases of kind `augment`.
"""

import json

import numpy as np
import torchvision.transforms.functional as F
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

HEIGHT, WIDTH = 7, 9
GREY = (128, 128, 128)


def formula_image():
    i = np.arange(HEIGHT * WIDTH * 3)
    return ((i * i * 7 + i * 29 + (i % 3) * 50) % 251).astype(np.uint8).reshape(HEIGHT, WIDTH, 3)


def rotate_on_grey(image, degrees):
    turned = image.convert("RGBA").rotate(degrees)
    return Image.composite(turned, Image.new("RGBA", turned.size, (128,) * 4), turned).convert("RGB")


def cases(x):
    affine, cubic = Image.Transform.AFFINE, Image.Resampling.BICUBIC
    for sign in (1, -1):
        m = 0.27
        pixels = {"X": m * WIDTH * sign, "Y": m * HEIGHT * sign}
        yield "shearX", {"magnitude": m, "sign": sign}, x.transform(x.size, affine, (1, m * sign, 0, 0, 1, 0), cubic, fillcolor=GREY)
        yield "shearY", {"magnitude": m, "sign": sign}, x.transform(x.size, affine, (1, 0, 0, m * sign, 1, 0), cubic, fillcolor=GREY)
        yield "translateX", {"magnitude": m, "sign": sign}, x.transform(x.size, affine, (1, 0, pixels["X"], 0, 1, 0), fillcolor=GREY)
        yield "translateY", {"magnitude": m, "sign": sign}, x.transform(x.size, affine, (1, 0, 0, 0, 1, pixels["Y"]), fillcolor=GREY)
        yield "color", {"magnitude": 0.7, "sign": sign}, ImageEnhance.Color(x).enhance(1 + 0.7 * sign)
        yield "contrast", {"magnitude": 0.7, "sign": sign}, ImageEnhance.Contrast(x).enhance(1 + 0.7 * sign)
        yield "sharpness", {"magnitude": 0.7, "sign": sign}, ImageEnhance.Sharpness(x).enhance(1 + 0.7 * sign)
        yield "brightness", {"magnitude": 0.7, "sign": sign}, ImageEnhance.Brightness(x).enhance(1 + 0.7 * sign)
    for degrees in (11.0, 90.0, 180.0, 200.5):
        yield "rotate", {"magnitude": degrees, "sign": 1}, rotate_on_grey(x, degrees)
    yield "posterize", {"magnitude": 3.0, "sign": 1}, ImageOps.posterize(x, 3)
    yield "solarize", {"magnitude": 99.6, "sign": 1}, ImageOps.solarize(x, 99.6)
    yield "autocontrast", {"magnitude": 0.0, "sign": 1}, ImageOps.autocontrast(x)
    yield "equalize", {"magnitude": 0.0, "sign": 1}, ImageOps.equalize(x)
    for factor in (-0.5, -0.07, 0.0, 0.31):
        yield "hue", {"factor": factor}, F.adjust_hue(x, factor)
    for radius in (0.1, 0.9, 1.7, 3.0):
        yield "gaussian_blur", {"radius": radius}, x.filter(ImageFilter.GaussianBlur(radius))
    for top, left, height, width, size in ((1, 2, 5, 4, 8), (0, 3, 7, 6, 3), (2, 0, 1, 9, 6), (3, 3, 4, 4, 4)):
        box = {"top": top, "left": left, "height": height, "width": width, "size": size, "filter": "bilinear"}
        yield "resized_crop", box, F.resized_crop(x, top, left, height, width, [size, size], F.InterpolationMode.BILINEAR)
    yield "resize", {"size": 5, "filter": "lanczos"}, x.resize((5, 5), Image.Resampling.LANCZOS)
    yield "resize", {"size": 12, "filter": "bilinear"}, x.resize((12, 12), Image.Resampling.BILINEAR)
    yield "grayscale", {}, F.rgb_to_grayscale(x, 3)
    for size in (4, 8, 12):
        yield "center_crop", {"size": size}, F.center_crop(x, [size, size])


def main():
    image = Image.fromarray(formula_image())
    lines = []
    for op, parameters, out in cases(image):
        pixels = np.asarray(out)
        entry = {"operation": {"op": op, **parameters}, "shape": pixels.shape, "pixels": pixels.tobytes().hex()}
        lines.append("  " + json.dumps(entry))
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
