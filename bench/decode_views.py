"""Milliseconds of processor time an image for the same with Pillow and torchvision; see bench/decode-views.mjs.

Prints one JSON line. Usage: python bench/decode_views.py LIST COUNT. Needs torch and torchvision. RandAugment is written
with direct Pillow calls as timm does it. The `*_tensor` times add ToTensor and Normalize, as a PyTorch loader needs them;
the others stop at the 8-bit pixels, as this pipeline does.
"""

import json
import random
import sys
import time

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from torchvision import transforms

torch.set_num_threads(1)
AFFINE = Image.Transform.AFFINE
SAMPLINGS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)
MEAN = (124, 116, 104)


def sign(value):
    return value if random.random() < 0.5 else -value


def affine(image, matrix):
    return image.transform(image.size, AFFINE, matrix, random.choice(SAMPLINGS), fillcolor=MEAN)


def solarize_add(image, added):
    return image.point([min(255, i + added) if i < 128 else i for i in range(256)] * 3)


RAND_AUGMENT = (
    lambda x, m: ImageOps.autocontrast(x),
    lambda x, m: ImageOps.equalize(x),
    lambda x, m: ImageOps.invert(x),
    lambda x, m: x.rotate(sign(m * 30), random.choice(SAMPLINGS), fillcolor=MEAN),
    lambda x, m: ImageOps.posterize(x, max(1, int(m * 4))),
    lambda x, m: ImageOps.solarize(x, int(m * 256)),
    lambda x, m: solarize_add(x, int(m * 110)),
    lambda x, m: ImageEnhance.Color(x).enhance(m * 1.8 + 0.1),
    lambda x, m: ImageEnhance.Contrast(x).enhance(m * 1.8 + 0.1),
    lambda x, m: ImageEnhance.Brightness(x).enhance(m * 1.8 + 0.1),
    lambda x, m: ImageEnhance.Sharpness(x).enhance(m * 1.8 + 0.1),
    lambda x, m: affine(x, (1, sign(m * 0.3), 0, 0, 1, 0)),
    lambda x, m: affine(x, (1, 0, 0, sign(m * 0.3), 1, 0)),
    lambda x, m: affine(x, (1, 0, sign(m * 0.45) * x.size[0], 0, 1, 0)),
    lambda x, m: affine(x, (1, 0, 0, 0, 1, sign(m * 0.45) * x.size[1])),
)


def rand_augment(image):
    for operation in random.choices(RAND_AUGMENT, k=2):
        if random.random() < 0.5:
            image = operation(image, max(0.0, min(10.0, random.gauss(10, 0.5))) / 10)
    return image


def views():
    crop = [transforms.RandomResizedCrop(224, scale=(0.08, 1.0)), transforms.RandomHorizontalFlip()]
    first = transforms.Compose([*crop, transforms.ColorJitter(0.4, 0.4, 0.4, 0), rand_augment])
    second = transforms.Compose(
        [
            *crop,
            transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
            transforms.RandomGrayscale(p=0.2),
        ]
    )
    test = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
    return {"decode": [], "first": [first], "second": [second], "three views": [first, second, second], "test": [test]}


def main():
    with open(sys.argv[1]) as file:
        files = file.read().split("\n")
    count = int(sys.argv[2])
    tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])

    def bring(file, these, finish):
        with open(file, "rb") as opened:
            image = Image.open(opened).convert("RGB")
        if not these:
            finish(image)
        for view in these:
            finish(view(image))

    times = {}
    for name, these in views().items():
        for suffix, finish in (("", np.array), ("_tensor", tensor)):
            for i in range(10):
                bring(files[i % len(files)], these, finish)
            start = time.process_time()
            for i in range(count):
                bring(files[i % len(files)], these, finish)
            times[name + suffix] = (time.process_time() - start) * 1000 / count
    print(json.dumps(times))


if __name__ == "__main__":
    main()
