"""PyTorch's training step of the network that ours.ts trains, or its forward pass, from the same weights on the same batch.

python pytorch.py <folder> <eager | channels_last | compile> <float32 | bfloat16> <step | forward>
"""

import pathlib
import sys

import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve
from unet import StoredNetwork, Unet

folder, mode, precision, task = sys.argv[1:]
network = StoredNetwork(folder)
layout = torch.channels_last_3d if mode == "channels_last" else torch.contiguous_format


def supervision(logits, labels):
    """Cross-entropy and the mean soft Dice loss over organs present, as lib/losses/supervision.ts."""
    entropy = functional.cross_entropy(logits, labels)
    probabilities = functional.softmax(logits, 1)[:, 1:].transpose(0, 1).flatten(1)
    truth = functional.one_hot(labels, logits.shape[1])[..., 1:].permute(4, 0, 1, 2, 3).flatten(1).float()
    volume = truth.sum(1)
    dice = (2 * (probabilities * truth).sum(1) + 1e-5) / (probabilities.sum(1) + volume + 1e-5)
    return entropy + (1 - dice).mean()


images = network.tensor("images").unsqueeze(1).contiguous(memory_format=layout)
labels = network.tensor("labels").long()
model = Unet(network, layout)
optimiser = torch.optim.AdamW(model.parameters(), lr=network.settings["learningRate"], weight_decay=1e-5, fused=True)
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
