"""Golden cases of networks, computed by PyTorch and torchvision in float64 and stored as float32.

    python make.py                       # the cases and the table beside this file
    python make.py whole FOLDER [NAME]   # one training step of whole networks (resnet18 resnet34 resnet50 resnext50),
                                         # a few hundred MB each; `saurun parity FOLDER` compares them

Needs torch, torchvision and safetensors. Runs on the CPU; every number follows from the seeds below.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
import torchvision
from safetensors.torch import save_file
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

HERE = Path(__file__).parent
EPSILON, MOMENTUM = 1e-5, 0.1
torch.set_default_dtype(torch.float64)


def stored(t):
    """Rounded to what a case holds, so that its numbers follow from just these."""
    return t.to(torch.float32).to(torch.float64)


def save(path, tensors, metadata):
    types = {torch.float64: torch.float32, torch.int64: torch.int32}
    tensors = {name: t.detach().to(types[t.dtype]).contiguous() for name, t in tensors.items()}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}
    save_file(tensors, path, metadata=texts)
    path.chmod(0o644)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


# ---- single operations ------------------------------------------------------------------------------------------


def convolution(name, seed, groups, into, out, kernel, stride, padding, batch, height, width):
    """`into` and `out` are channels of one group. Images and results are [n, c, h, w]."""
    torch.manual_seed(seed)
    x = stored(torch.randn(batch, groups * into, height, width)).requires_grad_()
    w = stored(torch.randn(groups * out, into, kernel, kernel)).requires_grad_()
    y = F.conv2d(x, w, stride=stride, padding=padding, groups=groups)
    dy = stored(torch.randn_like(y))
    y.backward(dy)
    save(
        HERE / f"convolution-{name}.safetensors",
        {"x": x, "w": w, "dy": dy, "y": y, "dx": x.grad, "dw": w.grad},
        {"kind": "operation", "operation": "convolution", "groups": groups, "stride": stride, "padding": padding},
    )


def max_pool(name, seed, window, stride, padding, batch, channels, height, width, rectified):
    torch.manual_seed(seed)
    x = stored(torch.randn(batch, channels, height, width))
    # Zeros of a ReLU are equal maxima, whose gradient goes to the first of them.
    x = (x.relu() if rectified else x).requires_grad_()
    y = F.max_pool2d(x, window, stride, padding)
    dy = stored(torch.randn_like(y))
    y.backward(dy)
    save(
        HERE / f"max-pool-{name}.safetensors",
        {"x": x, "dy": dy, "y": y, "dx": x.grad},
        {"kind": "operation", "operation": "max_pool", "window": window, "stride": stride, "padding": padding},
    )


# ---- networks ---------------------------------------------------------------------------------------------------


class CosineHead(nn.Module):
    def __init__(self, features, classes, scale):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, features) * (2 / features) ** 0.5)
        self.scale = scale

    def forward(self, x):
        return self.scale * F.linear(F.normalize(x), F.normalize(self.weight))


class Narrow(nn.Module):
    """torchvision's blocks behind a stem of any width, in any number of stages."""

    def __init__(self, backbone, head, classes):
        super().__init__()
        width, stem, block = backbone["width"], backbone["stem"], backbone["block"]
        size, stride, side = (7, 2, 3) if stem == "imagenet" else (3, 1, 1)
        self.conv1 = nn.Conv2d(3, width, size, stride, side, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if backbone["pool"] == "max" else nn.Identity()
        kind = BasicBlock if block["kind"] == "basic" else Bottleneck
        groups = block.get("groups", 1)
        base_width = 64 if kind is BasicBlock else block["middle"] / groups * 64 / width
        before = width
        self.stages = len(backbone["blocks"])
        for stage, blocks in enumerate(backbone["blocks"]):
            planes, layers = width * 2**stage, []
            for position in range(blocks):
                stride = 2 if stage > 0 and position == 0 else 1
                downsample = None
                if stride != 1 or before != planes * kind.expansion:
                    downsample = nn.Sequential(
                        nn.Conv2d(before, planes * kind.expansion, 1, stride, bias=False),
                        nn.BatchNorm2d(planes * kind.expansion),
                    )
                layers.append(kind(before, planes, stride, downsample, groups, base_width))
                before = planes * kind.expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        if head["op"] == "cosine":
            self.fc = CosineHead(before, classes, head["scale"])
        else:
            self.fc = nn.Linear(before, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, nn.BatchNorm2d):
                # Not 1 and 0, so that they matter.
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def state_of(model, prefix):
    return {f"{prefix}.{name}": t.clone() for name, t in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def network(path, seed, backbone, head, classes, batch, size, steps, frozen=None, model=None):
    """Some steps of SGD on noise, then the logits in evaluation mode."""
    torch.manual_seed(seed)
    model = model or Narrow(backbone, head, classes)
    with torch.no_grad():
        for t in [*model.parameters(), *model.buffers()]:
            if t.is_floating_point():
                t.copy_(stored(t))
    images = stored(torch.randn(steps, batch, size, size, 3))
    labels = torch.randint(classes, (steps, batch))
    still = []
    for part in (frozen or {}).get("backbone", []):
        still += [model.conv1, model.bn1] if part == "stem" else [getattr(model, part.replace("stage", "layer"))]
    if frozen and frozen["heads"]:
        still.append(model.fc)
    model.train()
    for module in still:
        module.eval()
        module.requires_grad_(False)
    settings = {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.005}
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, **settings)
    tensors = {"images": images, "labels": labels, **state_of(model, "init")}
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[step].permute(0, 3, 1, 2)), labels[step])
        loss.backward()
        if step == 0:
            tensors |= {f"grad0.{name}": p.grad.clone() for name, p in model.named_parameters() if p.requires_grad}
        optimizer.step()
        losses.append(loss.detach())
    model.eval()
    with torch.no_grad():
        logits = model(images[-1].permute(0, 3, 1, 2))
    tensors |= {"loss": torch.stack(losses), **state_of(model, "final"), "eval_logits": logits}
    metadata = {"kind": "network", "backbone": backbone, "head": head, "classes": classes, **settings}
    metadata |= {"bn_eps": EPSILON, "bn_momentum": MOMENTUM}
    if frozen:
        metadata["frozen"] = frozen
    save(path, tensors, metadata)


# ---- whole networks ---------------------------------------------------------------------------------------------

BASIC, WIDE = {"kind": "basic"}, {"kind": "bottleneck", "middle": 64, "groups": 1}
GROUPED = {"kind": "bottleneck", "middle": 128, "groups": 32}
WHOLE = {
    "resnet18": (torchvision.models.resnet18, [2, 2, 2, 2], BASIC),
    "resnet34": (torchvision.models.resnet34, [3, 4, 6, 3], BASIC),
    "resnet50": (torchvision.models.resnet50, [3, 4, 6, 3], WIDE),
    "resnext50": (torchvision.models.resnext50_32x4d, [3, 4, 6, 3], GROUPED),
}


def backbone(blocks, block, width=64, stem="imagenet", pool="max"):
    return {"op": "resnet", "blocks": blocks, "width": width, "block": block, "stem": stem, "pool": pool}


def table():
    """Names and shapes of all weights and statistics of torchvision's networks with 1000 classes."""
    lines = []
    for name, (make, _, _) in WHOLE.items():
        model = make()
        lines.append(f"{name} {sum(p.numel() for p in model.parameters())}")
        for key, t in model.state_dict().items():
            if not key.endswith("num_batches_tracked"):
                lines.append(f"{key} {'x'.join(map(str, t.shape))}")
    (HERE / "torchvision.txt").write_text("\n".join(lines) + "\n")


def whole(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or WHOLE:
        make, blocks, block = WHOLE[name]
        torch.manual_seed(0)
        model: ResNet = make()
        path = folder / f"{name}.safetensors"
        network(path, 1, backbone(blocks, block), {"op": "linear"}, 1000, 4, 96, 1, model=model)


def committed():
    convolution("groups-4-of-2", 1, 4, 2, 3, 3, 1, 1, 2, 5, 6)
    convolution("groups-8-of-4-stride-2", 2, 8, 4, 4, 3, 2, 1, 1, 7, 6)
    convolution("groups-16-of-4-odd", 4, 16, 4, 4, 3, 2, 1, 1, 5, 3)
    convolution("groups-3-padding-2", 5, 3, 1, 2, 5, 2, 2, 2, 6, 9)
    max_pool("3-stride-2", 6, 3, 2, 1, 2, 4, 8, 8, True)
    max_pool("3-stride-2-odd", 7, 3, 2, 1, 2, 3, 7, 5, True)
    max_pool("2-stride-2", 8, 2, 2, 0, 2, 3, 5, 6, False)
    linear, cosine = {"op": "linear"}, {"op": "cosine", "scale": 8}
    grouped = {"kind": "bottleneck", "middle": 8, "groups": 4}
    network(HERE / "network-basic.safetensors", 11, backbone([1, 1], BASIC, 6), linear, 5, 3, 19, 2)
    network(HERE / "network-grouped.safetensors", 22, backbone([1, 2], grouped, 4), linear, 5, 3, 20, 2)
    wide = {"kind": "bottleneck", "middle": 16, "groups": 4}
    no_pool = backbone([1], wide, 16, pool="none")
    network(HERE / "network-grouped-blocks.safetensors", 13, no_pool, linear, 4, 3, 12, 1)
    small = backbone([1, 1], BASIC, 4, "small", "none")
    network(HERE / "network-cosine.safetensors", 14, small, cosine, 5, 4, 8, 2)
    frozen = {"backbone": ["stem", "stage1"], "heads": []}
    network(HERE / "network-frozen-start.safetensors", 15, backbone([1, 1], grouped, 4), linear, 5, 3, 20, 2, frozen)
    middle = {"backbone": ["stage1"], "heads": ["fc"]}
    network(HERE / "network-frozen-middle.safetensors", 16, backbone([1, 1], BASIC, 4, "small", "none"), linear, 5, 3, 10, 2, middle)
    table()


if sys.argv[1:2] == ["whole"]:
    whole(Path(sys.argv[2]), sys.argv[3:])
else:
    committed()
