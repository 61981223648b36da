"""Writes tests/fixtures/unet.json: PyTorch's forward pass and gradients of our U-Net, in float64.

python tests/peers/unet.py  (needs torch)
"""

import base64
import json
import pathlib

import numpy
import torch
import torch.nn.functional as functional

CLASSES, WIDTHS, STRIDES = 3, [3, 4, 5], [(1, 2, 2), (2, 2, 2)]
SIZE = (2, 1, 4, 8, 8)  # batch, channel, depth, height, width

generator = torch.Generator().manual_seed(7)
weights = {}


def draw(name, shape, scale=0.4, shift=0.0):
    value = torch.randn(shape, generator=generator, dtype=torch.float64) * scale + shift
    # Both sides must start from the same float32 numbers.
    weights[name] = value.float().double().requires_grad_()
    return weights[name]


def same_padding(x, stride):
    """TensorFlow's "same" for a 3-voxel kernel: with stride 2 on an even size, behind only."""
    pads = []
    for size, step in zip(reversed(x.shape[2:]), reversed(stride)):
        total = max((-(-size // step) - 1) * step + 3 - size, 0)
        pads += [total // 2, total - total // 2]
    return functional.pad(x, pads)


def block(x, width, label, stride=(1, 1, 1)):
    kernel = draw(f"unet_{label}_conv/kernel", (width, x.shape[1], 3, 3, 3))
    x = functional.conv3d(same_padding(x, stride), kernel, stride=stride)
    scale = draw(f"unet_{label}_norm/scale", (width,), 0.2, 1.0)
    shift = draw(f"unet_{label}_norm/shift", (width,), 0.2)
    return functional.leaky_relu(functional.instance_norm(x, weight=scale, bias=shift, eps=1e-5), 0.01)


def unet(x):
    skips = []
    for level, width in enumerate(WIDTHS):
        x = block(x, width, f"down{level}_a", STRIDES[level - 1] if level else (1, 1, 1))
        x = block(x, width, f"down{level}_b")
        skips.append(x)
    for level in reversed(range(len(WIDTHS) - 1)):
        kernel = draw(f"unet_up{level}/kernel", (x.shape[1], WIDTHS[level], *STRIDES[level]))
        x = functional.conv_transpose3d(x, kernel, stride=STRIDES[level])
        x = torch.cat([skips[level], x], 1)
        x = block(x, WIDTHS[level], f"up{level}_a")
        x = block(x, WIDTHS[level], f"up{level}_b")
    kernel = draw("unet_logits/kernel", (CLASSES, x.shape[1], 1, 1, 1))
    bias = draw("unet_logits/bias", (CLASSES,))
    return functional.conv3d(x, kernel, bias), x


def ours(tensor):
    """Channels last; kernels [depth, height, width, in, out] (transposed ones [..., out, in])."""
    array = tensor.detach().numpy()
    if array.ndim == 5:
        array = array.transpose(2, 3, 4, 1, 0)
    return stored(array)


def volume(tensor):
    return stored(tensor.detach().numpy().transpose(0, 2, 3, 4, 1))


def stored(array):
    array = numpy.ascontiguousarray(array, dtype="<f4")
    return {"shape": array.shape, "base64": base64.b64encode(array.tobytes()).decode()}


images = torch.randn(SIZE, generator=generator, dtype=torch.float64).float().double().requires_grad_()
logits, features = unet(images)
logit_weights = torch.randn(logits.shape, generator=generator, dtype=torch.float64).float().double()
feature_weights = torch.randn(features.shape, generator=generator, dtype=torch.float64).float().double()
loss = (logits * logit_weights).mean() + (features * feature_weights).mean()
loss.backward()

fixture = {
    "torch": torch.__version__,
    "options": {"classes": CLASSES, "widths": WIDTHS, "strides": STRIDES},
    "images": volume(images),
    "logits": volume(logits),
    "features": volume(features),
    "logitWeights": volume(logit_weights),
    "featureWeights": volume(feature_weights),
    "loss": loss.item(),
    "imageGradient": volume(images.grad),
    "weights": {name: ours(value) for name, value in weights.items()},
    "gradients": {name: ours(value.grad) for name, value in weights.items()},
}
path = pathlib.Path(__file__).parents[1] / "fixtures" / "unet.json"
path.write_text(json.dumps(fixture))
print(path, path.stat().st_size, "bytes, loss", loss.item())
