"""The U-Net of lib/models/unet.ts in PyTorch, from the weights that network.ts writes."""

import json
import pathlib

import numpy
import torch
from torch.nn import functional


class StoredNetwork:
    """network.json and numbers.bin of a folder: the settings and the tensors by name."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.settings = json.loads((folder / "network.json").read_text())
        self.numbers = numpy.fromfile(folder / "numbers.bin", "<f4")

    def tensor(self, name):
        offset, shape = self.settings["tensors"][name]
        return torch.from_numpy(self.numbers[offset : offset + int(numpy.prod(shape))].reshape(shape).copy())


class Unet(torch.nn.Module):
    def __init__(self, stored, layout):
        """`layout` is the memory format of the convolutions' weights."""
        super().__init__()
        self.strides = stored.settings["strides"]
        self.names = [name for name in stored.settings["tensors"] if name.startswith("unet_")]
        self.weights = torch.nn.ParameterList([self.weight(stored.tensor(name), layout) for name in self.names])

    @staticmethod
    def weight(value, layout):
        """Ours are [depth, height, width, in, out] (transposed convolutions [..., out, in])."""
        if value.ndim == 5:
            value = value.permute(4, 3, 0, 1, 2).contiguous(memory_format=layout)
        return torch.nn.Parameter(value)

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
        skips = []
        for level in range(len(self.strides) + 1):
            x = self.block(x, f"down{level}_a", tuple(self.strides[level - 1]) if level else (1, 1, 1))
            x = self.block(x, f"down{level}_b")
            skips.append(x)
        for level in reversed(range(len(self.strides))):
            x = functional.conv_transpose3d(x, self.get(f"up{level}/kernel"), stride=self.strides[level])
            x = torch.cat([skips[level], x], 1)
            x = self.block(x, f"up{level}_a")
            x = self.block(x, f"up{level}_b")
        return functional.conv3d(x, self.get("logits/kernel"), self.get("logits/bias"))
