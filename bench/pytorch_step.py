"""One training step of SAU in PyTorch, as the yardstick of `node bench/run.mjs`.

    python bench/pytorch_step.py DEPTH WIDTH BATCH THREADS [channels_last] [compile] [bfloat16]

Without further words in eager mode and float32; `channels_last` keeps images as NHWC, `compile` takes torch.compile, `bfloat16`
torch.autocast.

Reads lines from standard input. For each it runs one step on the same made-up batch and prints
`{"milliseconds": ..., "peak_megabytes": ..., "loss": ...}`.
The step is that of experiments/sau.sau: bytes in, normalization, mixup, cutmix and two views through one ResNet, label
correction against prototypes, supervised contrastive loss, SGD with momentum and weight decay.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

DEPTH, WIDTH, BATCH, THREADS = (int(word) for word in sys.argv[1:5])
MODES = sys.argv[5:]
CHANNELS_LAST, COMPILE, BFLOAT16 = (mode in MODES for mode in ("channels_last", "compile", "bfloat16"))
CLASSES, HIDDEN, FEATURES, TEMPERATURE = 10, 2048, 128, 0.1

torch.set_num_threads(THREADS)
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.stride, self.pad = stride, (channels - channels_in) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride != 1 or self.pad:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(y + x)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(WIDTH)
        blocks, channels_in = [], WIDTH
        for stage in range(3):
            for block in range((DEPTH - 2) // 6):
                channels = WIDTH << stage
                blocks.append(Block(channels_in, channels, 2 if stage and block == 0 else 1))
                channels_in = channels
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(channels_in, CLASSES)
        self.projection = nn.Sequential(
            nn.Linear(channels_in, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, FEATURES),
        )

    def forward(self, x):
        features = self.blocks(F.relu(self.bn(self.stem(x)))).mean((2, 3))
        return self.classifier(features), F.normalize(self.projection(features))


network = Network().train()
if CHANNELS_LAST:
    network = network.to(memory_format=torch.channels_last)
if COMPILE:
    network = torch.compile(network)
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-3)

views = [torch.randint(0, 256, (BATCH, 32, 32, 3), dtype=torch.uint8) for _ in range(4)]  # a.plain, b.plain, a.strong, a.sim
labels, other_labels = torch.randint(0, CLASSES, (BATCH,)), torch.randint(0, CLASSES, (BATCH,))
synthetic = torch.randint(0, 2, (BATCH,)).bool()
prototypes = torch.randn(CLASSES, 2, FEATURES) * 0.05
mean, deviation = torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.2470, 0.2435, 0.2616])
lambdas, center = (0.3, 0.64), (11, 20)


def normalized(images):
    x = ((images.float() / 255 - mean) / deviation).permute(0, 3, 1, 2)
    return x.contiguous(memory_format=torch.channels_last if CHANNELS_LAST else torch.contiguous_format)


def soft(weight):
    return weight * F.one_hot(labels, CLASSES).float() + (1 - weight) * F.one_hot(other_labels, CLASSES).float()


def noise_of(embeddings):
    """A synthetic sample is noise unless in both views its nearest real sample or prototype has its label."""
    agrees = torch.ones(BATCH, dtype=torch.bool)
    for view, z in enumerate(embeddings):
        known = torch.cat([z, F.normalize(prototypes[:, view])])
        known_labels = torch.cat([labels, torch.arange(CLASSES)])
        cosine = z @ known.T
        cosine[:, :BATCH][:, synthetic] = -2
        agrees &= known_labels[cosine.argmax(1)] == labels
    return synthetic & ~agrees


def contrastive(embeddings):
    with torch.no_grad():
        noise = noise_of([z.detach() for z in embeddings])
        corrected = torch.where(noise, -1 - torch.arange(BATCH), labels)
    everything = torch.cat([*embeddings, prototypes[:, 0], prototypes[:, 1]])
    classes = torch.cat([corrected, corrected, torch.arange(CLASSES), torch.arange(CLASSES)])
    count = len(classes)
    own = torch.eye(count)
    scores = everything @ everything.T / TEMPERATURE - 1e9 * own
    positive = (classes[:, None] == classes[None]).float() - own
    log_probability = F.log_softmax(scores, 1)
    return -((positive * log_probability).sum(1) / positive.sum(1).clamp(min=1)).mean()


def step():
    optimizer.zero_grad(set_to_none=True)
    first, second, strong, similar = (normalized(view) for view in views)
    blended = lambdas[0] * first + (1 - lambdas[0]) * second
    half = int(32 * (1 - lambdas[1]) ** 0.5 / 2)
    rows = slice(max(0, center[1] - half), min(32, center[1] + half))
    columns = slice(max(0, center[0] - half), min(32, center[0] + half))
    pasted = first.clone()
    pasted[:, :, rows, columns] = second[:, :, rows, columns]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
        logits_mixup, _ = network(blended)
        logits_cutmix, _ = network(pasted)
        _, z_strong = network(strong)
        _, z_similar = network(similar)
    logits_mixup, logits_cutmix, z_strong, z_similar = (
        output.float() for output in (logits_mixup, logits_cutmix, z_strong, z_similar)
    )
    loss = F.cross_entropy(logits_mixup, soft(lambdas[0])) + F.cross_entropy(logits_cutmix, soft(lambdas[1]))
    loss = loss + contrastive([z_strong, z_similar])
    loss.backward()
    optimizer.step()
    return loss.item()


title = ", ".join([f"PyTorch {torch.__version__}", *(MODES or ["eager"]), f"{THREADS} threads"])
print(json.dumps({"ready": title}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    loss = step()
    milliseconds = (time.perf_counter() - start) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "peak_megabytes": peak, "loss": loss}), flush=True)
