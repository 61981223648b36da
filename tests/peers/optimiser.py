"""Writes tests/fixtures/optimiser.json: PyTorch's AdamW and SGD on fixed gradients, in float64, with clipping.

python tests/peers/optimiser.py  (needs torch)
"""

import json
import pathlib

import torch

generator = torch.Generator().manual_seed(3)
start = torch.randn(4, generator=generator, dtype=torch.float64).float().double()
gradients = (torch.randn(6, 4, generator=generator, dtype=torch.float64) * 3).float().double()
RATES = [0.1, 0.1, 0.05, 0.05, 0.02, 0.01]
CLIP = 4.0


def trajectory(make):
    weights = start.clone().requires_grad_()
    optimiser = make([weights])
    steps = []
    for gradient, rate in zip(gradients, RATES):
        optimiser.param_groups[0]["lr"] = rate
        weights.grad = gradient.clone()
        torch.nn.utils.clip_grad_norm_([weights], CLIP)
        optimiser.step()
        steps.append(weights.detach().tolist())
    return steps


fixture = {
    "torch": torch.__version__,
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "rates": RATES,
    "clipNorm": CLIP,
    "adamw": trajectory(lambda p: torch.optim.AdamW(p, lr=1, betas=(0.9, 0.999), eps=0.1, weight_decay=0.1)),
    "sgd": trajectory(lambda p: torch.optim.SGD(p, lr=1, momentum=0.99, nesterov=True, weight_decay=0.1)),
}
path = pathlib.Path(__file__).parents[1] / "fixtures" / "optimiser.json"
path.write_text(json.dumps(fixture, indent=1))
print(path, path.stat().st_size, "bytes")
