"""Carries out pixel operations with Pillow and torchvision, for compare-with-pillow.mjs.

Usage: python test/data/views/pillow-operations.py FOLDER. FOLDER/cases.json holds `images` (height, width, channels and where
their bytes begin in FOLDER/images.bin) and `cases`: an image and a list of operations as runtime/data/views/operations.ts
defines them. Results go to FOLDER/results.bin one after the other, their shapes to FOLDER/results.json.
Needs Pillow, numpy and torchvision.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torchvision
import torchvision.transforms.functional as F
from PIL import Image, ImageEnhance, ImageFilter, ImageOps, __version__

AFFINE = Image.Transform.AFFINE
SAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def colour(image, fill):
    return tuple(fill) if image.mode == "RGB" else fill[0]


def transformed(image, o, matrix):
    return image.transform(image.size, AFFINE, matrix, SAMPLING[o["sampling"]], fillcolor=colour(image, o["fill"]))


def rotate(image, o):
    return image.rotate(o["degrees"], SAMPLING[o["sampling"]], fillcolor=colour(image, o["fill"]))


def crop(image, o):
    cut = F.crop(image, o["top"], o["left"], o["height"], o["width"])
    return F.hflip(cut) if o["mirror"] else cut


def resized_crop(image, o):
    box = (o["left"], o["top"], o["left"] + o["width"], o["top"] + o["height"])
    # Across first, then down. Pillow 9 does so by itself; Pillow 13 goes down first where an image grows wider and lower.
    wide = image.crop(box).resize((o["outWidth"], o["height"]), SAMPLING[o["filter"]])
    scaled = wide.resize((o["outWidth"], o["outHeight"]), SAMPLING[o["filter"]])
    return F.hflip(scaled) if o["mirror"] else scaled


def solarize_add(image, o):
    table = [min(255, level + o["added"]) if level < 128 else level for level in range(256)]
    return image.point(table * len(image.getbands()))


def cutout(image, o):
    pixels = np.array(image)
    reach = o["size"] // 2
    y, x = o["y"], o["x"]
    pixels[max(0, y - reach) : max(0, y + reach), max(0, x - reach) : max(0, x + reach)] = 0
    return Image.fromarray(pixels)


OPERATIONS = {
    "crop": crop,
    "resized_crop": resized_crop,
    "flip": lambda x, o: F.hflip(x),
    "rotate": rotate,
    "shear_x": lambda x, o: transformed(x, o, (1, o["slope"], 0, 0, 1, 0)),
    "shear_y": lambda x, o: transformed(x, o, (1, 0, 0, o["slope"], 1, 0)),
    "translate_x": lambda x, o: transformed(x, o, (1, 0, o["offset"], 0, 1, 0)),
    "translate_y": lambda x, o: transformed(x, o, (1, 0, 0, 0, 1, o["offset"])),
    "brightness": lambda x, o: F.adjust_brightness(x, o["factor"]) if o["factor"] >= 0 else ImageEnhance.Brightness(x).enhance(o["factor"]),
    "contrast": lambda x, o: ImageEnhance.Contrast(x).enhance(o["factor"]),
    "saturation": lambda x, o: ImageEnhance.Color(x).enhance(o["factor"]),
    "sharpness": lambda x, o: ImageEnhance.Sharpness(x).enhance(o["factor"]),
    "hue": lambda x, o: F.adjust_hue(x, o["shift"]),
    "grayscale": lambda x, o: F.rgb_to_grayscale(x, len(x.getbands())),
    "gaussian_blur": lambda x, o: x.filter(ImageFilter.GaussianBlur(o["sigma"])),
    # Today's Pillow refuses 0 bits; the one of the published code gave black.
    "posterize": lambda x, o: ImageOps.posterize(x, o["bits"]) if o["bits"] > 0 else x.point(lambda _: 0),
    "solarize": lambda x, o: ImageOps.solarize(x, o["threshold"]),
    "solarize_add": solarize_add,
    "autocontrast": lambda x, o: ImageOps.autocontrast(x),
    "equalize": lambda x, o: ImageOps.equalize(x),
    "invert": lambda x, o: ImageOps.invert(x),
    "cutout": cutout,
}


def policies():
    """torchvision's tables of AutoAugment: for each policy the pairs of (operation, probability, magnitude index or None)."""
    Policy = torchvision.transforms.AutoAugmentPolicy
    names = {"cifar10": Policy.CIFAR10, "imagenet": Policy.IMAGENET, "svhn": Policy.SVHN}
    return {name: torchvision.transforms.AutoAugment(policy).policies for name, policy in names.items()}


def main():
    folder = Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text())
    data = np.fromfile(folder / "images.bin", dtype=np.uint8)
    images = []
    for entry in cases["images"]:
        height, width, channels = entry["height"], entry["width"], entry["channels"]
        pixels = data[entry["at"] : entry["at"] + height * width * channels]
        shape = (height, width) if channels == 1 else (height, width, channels)
        images.append(Image.fromarray(pixels.reshape(shape)))
    shapes = []
    with open(folder / "results.bin", "wb") as file:
        for case in cases["cases"]:
            image = images[case["image"]]
            for operation in case["operations"]:
                image = OPERATIONS[operation["op"]](image, operation)
            pixels = np.asarray(image)
            shapes.append(pixels.shape)
            file.write(pixels.tobytes())
    versions = {"pillow": __version__, "torchvision": torchvision.__version__}
    results = {"versions": versions, "shapes": shapes, "policies": policies()}
    (folder / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main()
