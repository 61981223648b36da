"""PyTorch's training step of the network that training_step.ts trains, from the same weights on the same batch.

python training_step.py <folder with network.json and numbers.bin> <eager | channels_last | compile> <float32 | bfloat16> <step | forward>
"""

import json
import pathlib
import sys

import numpy
import torch
from contestant import serve
from torch.nn import functional

folder, mode, precision, task = pathlib.Path(sys.argv[1]), *sys.argv[2:]
network = json.loads((folder / "network.json").read_text())
numbers = numpy.fromfile(folder / "numbers.bin", "<f4")
layout = torch.channels_last_3d if mode == "channels_last" else torch.contiguous_format


def stored(name):
    offset, shape = network["tensors"][name]
    return torch.from_numpy(numbers[offset : offset + int(numpy.prod(shape))].reshape(shape).copy())


def weight(name):
    """Ours are [depth, height, width, in, out] (transposed convolutions [..., out, in])."""
    value = stored(name)
    if value.ndim == 5:
        value = value.permute(4, 3, 0, 1, 2).contiguous(memory_format=layout)
    return torch.nn.Parameter(value)


class Unet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.names = [name for name in network["tensors"] if name.startswith("unet_")]
        self.weights = torch.nn.ParameterList([weight(name) for name in self.names])

    def get(self, name):
        return self.weights[self.names.index(f"unet_{name}")]

    def block(self, x, label, stride=(1, 1, 1)):
        # TensorFlow's "same" padding: with stride 2 on an even size, behind only.
        if max(stride) > 1:
            x = functional.pad(x, [side for step in reversed(stride) for side in ((1, 1) if step == 1 else (0, 1))])
            x = functional.conv3d(x, self.get(f"{label}_conv/kernel"), stride=stride)
        else:
            x = functional.conv3d(x, self.get(f"{label}_conv/kernel"), padding=1)
        x = functional.instance_norm(
            x, weight=self.get(f"{label}_norm/scale"), bias=self.get(f"{label}_norm/shift"), eps=1e-5
        )
        return functional.leaky_relu(x, 0.01, inplace=True)

    def forward(self, x):
        strides, skips = network["strides"], []
        for level in range(len(network["widths"])):
            x = self.block(x, f"down{level}_a", tuple(strides[level - 1]) if level else (1, 1, 1))
            x = self.block(x, f"down{level}_b")
            skips.append(x)
        for level in reversed(range(len(strides))):
            x = functional.conv_transpose3d(x, self.get(f"up{level}/kernel"), stride=strides[level])
            x = torch.cat([skips[level], x], 1)
            x = self.block(x, f"up{level}_a")
            x = self.block(x, f"up{level}_b")
        return functional.conv3d(x, self.get("logits/kernel"), self.get("logits/bias"))


def supervision(logits, labels):
    """Cross-entropy and the mean soft Dice loss over organs present, as lib/losses/supervision.ts."""
    entropy = functional.cross_entropy(logits, labels)
    probabilities = functional.softmax(logits, 1)[:, 1:].transpose(0, 1).flatten(1)
    truth = functional.one_hot(labels, logits.shape[1])[..., 1:].permute(4, 0, 1, 2, 3).flatten(1).float()
    volume = truth.sum(1)
    dice = (2 * (probabilities * truth).sum(1) + 1e-5) / (probabilities.sum(1) + volume + 1e-5)
    return entropy + (1 - dice).mean()


images = stored("images").unsqueeze(1).contiguous(memory_format=layout)
labels = stored("labels").long()
model = Unet()
optimiser = torch.optim.AdamW(model.parameters(), lr=network["learningRate"], weight_decay=1e-5, fused=True)
cast = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")


def loss_of(images, labels):
    with cast:
        logits = model(images)
    return supervision(logits.float(), labels)


def logits_of(images):
    with cast:
        return model(images)


if mode == "compile":
    loss_of, logits_of = torch.compile(loss_of), torch.compile(logits_of)


def step():
    loss = loss_of(images, labels)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 12)
    optimiser.step()
    return [loss.item()]


def forward():
    with torch.inference_mode():
        logits = logits_of(images)
        return [logits.float().abs().mean().item()]


serve(step if task == "step" else forward)
