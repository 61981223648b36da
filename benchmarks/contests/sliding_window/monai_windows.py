"""MONAI's sliding windows over the scan of prepare.ts, with the same network and weights of voxels.

    python monai_windows.py <folder> <contiguous | channels_last> <windows in a batch>          answers the benchmark
    python monai_windows.py <folder> <contiguous | channels_last> <windows in a batch> <path>   writes the probabilities,
                                                                       [depth, height, width, class] in float32
"""

import pathlib
import sys

import torch
from monai.inferers import sliding_window_inference

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve
from unet import StoredNetwork, Unet

folder, mode, batch, *path = sys.argv[1:]
network = StoredNetwork(folder)
classes = network.settings["classes"]
layout = torch.channels_last_3d if mode == "channels_last" else torch.contiguous_format
model = Unet(network, layout)
image = network.tensor("image")[None, None]
window = (64, 64, 64)


def gaussian(floor=1e-6):
    """MONAI's importance map, but with our floor of the weights: its own, 1e-3, would be another answer."""
    weights = torch.ones(())
    for size in window:
        place = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
        weights = weights[..., None] * torch.exp(-0.5 * (place / (size * 0.125)) ** 2)
    return weights.clamp(min=floor).float()


weights = gaussian()


def probabilities_of(windows):
    return torch.softmax(model(windows.contiguous(memory_format=layout)), 1)


def predict():
    with torch.inference_mode():
        return sliding_window_inference(
            image, window, int(batch), probabilities_of, overlap=0.5, mode="gaussian", roi_weight_map=weights
        )


def counts():
    return torch.bincount(predict()[0].argmax(0).flatten(), minlength=classes).tolist()


if path:
    predict()[0].permute(1, 2, 3, 0).contiguous().numpy().tofile(path[0])
else:
    serve(counts)
