"""Images a second that one core brings through the same views with torchvision and Pillow.

Prints one JSON line. Usage: python bench/views.py IMAGES POLICY [SECONDS]
IMAGES is a file of raw 32x32x3 images and POLICY the AutoAugment table as JSON, both written by bench/views-compare.mjs.
Needs torch and torchvision. AutoAugment and Cutout are direct Pillow and numpy calls, which is faster than torchvision's
own AutoAugment. The `*_tensor` rates add ToTensor and Normalize, as a PyTorch loader needs them; the others stop at the
8-bit pixels, as bench/views.mjs does.
"""

import json
import random
import sys
import time

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from torchvision import transforms

torch.set_num_threads(1)
GREY = (128, 128, 128)
AFFINE = Image.Transform.AFFINE if hasattr(Image, "Transform") else Image.AFFINE
BICUBIC = Image.Resampling.BICUBIC if hasattr(Image, "Resampling") else Image.BICUBIC


def rotate_on_grey(image, degrees):
    turned = image.convert("RGBA").rotate(degrees)
    return Image.composite(turned, Image.new("RGBA", turned.size, (128,) * 4), turned).convert(image.mode)


def sign():
    return random.choice((-1, 1))


OPERATIONS = {
    "shearX": lambda x, m: x.transform(x.size, AFFINE, (1, m * sign(), 0, 0, 1, 0), BICUBIC, fillcolor=GREY),
    "shearY": lambda x, m: x.transform(x.size, AFFINE, (1, 0, 0, m * sign(), 1, 0), BICUBIC, fillcolor=GREY),
    "translateX": lambda x, m: x.transform(x.size, AFFINE, (1, 0, m * x.size[0] * sign(), 0, 1, 0), fillcolor=GREY),
    "translateY": lambda x, m: x.transform(x.size, AFFINE, (1, 0, 0, 0, 1, m * x.size[1] * sign()), fillcolor=GREY),
    "rotate": rotate_on_grey,
    "color": lambda x, m: ImageEnhance.Color(x).enhance(1 + m * sign()),
    "contrast": lambda x, m: ImageEnhance.Contrast(x).enhance(1 + m * sign()),
    "sharpness": lambda x, m: ImageEnhance.Sharpness(x).enhance(1 + m * sign()),
    "brightness": lambda x, m: ImageEnhance.Brightness(x).enhance(1 + m * sign()),
    "posterize": lambda x, m: ImageOps.posterize(x, int(m)),
    "solarize": ImageOps.solarize,
    "autocontrast": lambda x, m: ImageOps.autocontrast(x),
    "equalize": lambda x, m: ImageOps.equalize(x),
    "invert": lambda x, m: ImageOps.invert(x),
}


class AutoAugment:
    def __init__(self, policy):
        self.policy = policy

    def __call__(self, image):
        for probability, operation, magnitude in random.choice(self.policy):
            if random.random() < probability:
                image = OPERATIONS[operation](image, magnitude)
        return image


class GaussianBlur:
    def __call__(self, image):
        return image.filter(ImageFilter.GaussianBlur(random.uniform(0.1, 2.0)))


def cutout(pixels):
    y, x = random.randrange(32), random.randrange(32)
    pixels[max(0, y - 8) : y + 8, max(0, x - 8) : x + 8] = 0
    return pixels


def views(policy):
    plain = [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()]
    sim = [
        transforms.RandomResizedCrop(32, scale=(0.2, 1.0)),
        transforms.RandomHorizontalFlip(),
        transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
        transforms.RandomGrayscale(p=0.2),
        transforms.RandomApply([GaussianBlur()], p=0.5),
    ]
    pixels = [lambda image: np.array(image)]
    tensor = [
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    ]
    strong = [*plain, AutoAugment(policy), *pixels, cutout]
    return {
        "plain": transforms.Compose([*plain, *pixels]),
        "strong": transforms.Compose(strong),
        "sim": transforms.Compose([*sim, *pixels]),
        "plain_tensor": transforms.Compose([*plain, *tensor]),
        "strong_tensor": transforms.Compose([*strong, *tensor]),
        "sim_tensor": transforms.Compose([*sim, *tensor]),
    }


def main():
    images = np.fromfile(sys.argv[1], dtype=np.uint8).reshape(-1, 32, 32, 3)
    with open(sys.argv[2]) as file:
        policy = json.load(file)
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    rates = {}
    for name, view in views(policy).items():
        for i in range(200):
            view(Image.fromarray(images[i % len(images)]))
        done = 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            for _ in range(128):
                view(Image.fromarray(images[done % len(images)]))
                done += 1
        rates[name] = done / (time.perf_counter() - start)
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
