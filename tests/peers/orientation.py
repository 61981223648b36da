"""Writes tests/fixtures/imaging/orientation.json: closest axes by nibabel. Needs numpy, nibabel 5.4.2.

    python tests/peers/orientation.py
"""

import itertools
import json
from pathlib import Path

import nibabel as nib
import numpy as np

random = np.random.default_rng(7)
affines = []
for axes in itertools.permutations(range(3)):
    for signs in itertools.product((1, -1), repeat=3):
        rotation = np.zeros((3, 3))
        for axis, (world, sign) in enumerate(zip(axes, signs)):
            rotation[world, axis] = sign
        zooms = random.uniform(0.5, 5, 3)
        affines.append(rotation * zooms)
for _ in range(60):  # oblique: rotation, zooms, shear
    q, _ = np.linalg.qr(random.normal(size=(3, 3)))
    shear = np.eye(3)
    shear[np.triu_indices(3, 1)] = random.uniform(-0.4, 0.4, 3)
    affines.append(q @ shear @ np.diag(random.uniform(0.3, 6, 3)))
for _ in range(12):  # slight tilt
    q, _ = np.linalg.qr(np.eye(3) + 0.1 * random.normal(size=(3, 3)))
    affines.append(q @ np.diag(random.uniform(0.3, 6, 3)))

cases = []
for block in affines:
    affine = np.eye(4)
    affine[:3, :3] = block
    affine[:3, 3] = random.uniform(-100, 100, 3)
    affine = np.round(affine, 6)
    orientation = nib.io_orientation(affine)
    image = nib.Nifti1Image(np.zeros((2, 3, 4), np.uint8), affine)
    ras = nib.as_closest_canonical(image)
    cases.append({
        "affine": affine[:3].tolist(),
        "axes": orientation[:, 0].astype(int).tolist(),
        "signs": orientation[:, 1].astype(int).tolist(),
        "codes": "".join(nib.aff2axcodes(affine)),
        "rasShape": list(ras.shape),
        "rasAffine": np.round(ras.affine[:3], 3).tolist(),
    })

target = Path(__file__).parent.parent / "fixtures" / "imaging" / "orientation.json"
target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
