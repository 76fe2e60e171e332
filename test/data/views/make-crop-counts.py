"""Writes crop-counts.jsonl: how torchvision's RandomResizedCrop.get_params distributes its boxes, for distributions.test.ts.

Run once: python test/data/views/make-crop-counts.py > test/data/views/crop-counts.jsonl. Each setting has histograms of DRAWS boxes:
share of the area, log(width / height), place down and across as a share of what is free, and how many boxes are the
largest centred one (the fallback, or a draw that equals it).
"""

import json
import math

import numpy as np
import torch
import torchvision
from PIL import Image

DRAWS = 40000
BINS = 12
SETTINGS = [
    {"height": 224, "width": 224, "scale": (0.08, 1.0), "ratio": (3 / 4, 4 / 3)},
    {"height": 375, "width": 500, "scale": (0.08, 1.0), "ratio": (3 / 4, 4 / 3)},
    {"height": 32, "width": 32, "scale": (0.2, 1.0), "ratio": (3 / 4, 4 / 3)},
    # Seldom fits, so that falling back is frequent.
    {"height": 90, "width": 240, "scale": (0.3, 1.0), "ratio": (3 / 4, 4 / 3)},
    {"height": 300, "width": 200, "scale": (0.3, 0.9), "ratio": (0.5, 1.6)},
]


def centred(height, width, ratio):
    shape = width / height
    if shape < ratio[0]:
        h, w = round(width / ratio[0]), width
    elif shape > ratio[1]:
        h, w = height, round(height * ratio[1])
    else:
        h, w = height, width
    return (height - h) // 2, (width - w) // 2, h, w


def counts(setting):
    height, width, ratio = setting["height"], setting["width"], setting["ratio"]
    image = Image.new("RGB", (width, height))
    get = torchvision.transforms.RandomResizedCrop.get_params
    boxes = np.array([get(image, setting["scale"], ratio) for _ in range(DRAWS)])
    top, left, h, w = boxes.T
    down, across = height - h, width - w
    spans = {"area": (0, 1), "logRatio": (math.log(ratio[0]) - 0.1, math.log(ratio[1]) + 0.1), "down": (0, 1), "across": (0, 1)}
    values = {
        "area": h * w / (height * width),
        "logRatio": np.log(w / h),
        "down": (top / np.maximum(down, 1))[down > 0],
        "across": (left / np.maximum(across, 1))[across > 0],
    }
    histograms = {name: {"span": spans[name], "counts": np.histogram(x, BINS, spans[name])[0].tolist()} for name, x in values.items()}
    fallback = int((boxes == centred(height, width, ratio)).all(axis=1).sum())
    return {**setting, "draws": DRAWS, "histograms": histograms, "centred": fallback}


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for setting in SETTINGS:
        print(json.dumps(counts(setting)))
