"""Writes tests/fixtures/imaging/nifti_files.json: tiny NIfTI files and how nibabel reads them. Needs nibabel 5.4.2.

    python tests/peers/nifti_files.py
"""

import base64
import gzip
import json
import struct
from pathlib import Path

import nibabel as nib
import numpy as np

random = np.random.default_rng(3)
cases = []


def affine_of(seed):
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    affine = np.eye(4)
    affine[:3, :3] = q @ np.diag([0.9, 1.7, 3.1])
    affine[:3, 3] = [-12.5, 30.25, 7]
    return affine


def add(name, data):
    """`data`: the file's bytes."""
    image = (nib.Nifti1Image if data[344:347] == b"n+1" else nib.Nifti2Image).from_bytes(data)
    voxels = np.asarray(image.dataobj)
    cases.append({
        "name": name,
        "file": base64.b64encode(gzip.compress(data, mtime=0)).decode(),
        "shape": image.shape,
        "zooms": np.round(np.array(image.header.get_zooms(), float), 6).tolist(),
        "affine": np.round(image.affine, 6).tolist(),
        "qformCode": int(image.header["qform_code"]),
        "sformCode": int(image.header["sform_code"]),
        "voxels": [float(value) for value in voxels.ravel(order="F")],
        "extensions": [[int(e.code), len(e.text if hasattr(e, "text") else e.get_content())] for e in image.header.extensions],
    })


def make(kind, dtype, endian="<", shape=(2, 3, 2), sform=0, qform=0, edit=None, comment=None):
    header = (nib.Nifti1Header if kind == 1 else nib.Nifti2Header)(endianness=endian)
    dtype = np.dtype(dtype)
    header.set_data_dtype(dtype)
    if dtype.kind == "f":
        voxels = random.normal(size=shape) * 100
    else:
        info = np.iinfo(dtype)
        low, high = max(info.min, -(2**53)), min(info.max, 2**53)
        voxels = random.integers(low, high, shape, endpoint=True, dtype=dtype)
        voxels.flat[:2] = [low, high]
    image = (nib.Nifti1Image if kind == 1 else nib.Nifti2Image)(voxels.astype(dtype), None, header)
    if sform:
        image.set_sform(affine_of(1), sform)
    if qform:
        image.set_qform(affine_of(2), qform)
    image.header.set_slope_inter(1, 0)
    if comment:
        image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", comment))
    data = bytearray(image.to_bytes())
    for offset, layout, value in edit or []:
        struct.pack_into(endian + layout, data, offset, value)
    return bytes(data)


for kind in (1, 2):
    for endian in "<>":
        for dtype in ("u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
            add(f"NIfTI-{kind} {endian}{dtype}", make(kind, dtype, endian, sform=1))
        add(f"NIfTI-{kind} {endian} qform", make(kind, "i2", endian, qform=1))
        add(f"NIfTI-{kind} {endian} sform 1, qform 4", make(kind, "i2", endian, sform=1, qform=4))
        add(f"NIfTI-{kind} {endian} no codes", make(kind, "i2", endian, shape=(5, 4, 3)))
        add(f"NIfTI-{kind} {endian} extension", make(kind, "i2", endian, sform=2, comment=b"twenty bytes of text"))
        add(f"NIfTI-{kind} {endian} 5D", make(kind, "u1", endian, shape=(2, 1, 3, 1, 2), sform=2))

scaled = {1: (112, 116, "f"), 2: (176, 184, "d")}
for kind, (slope, inter, real) in scaled.items():
    for dtype in ("u1", "i2", "i4", "i8", "f4", "f8"):
        add(f"NIfTI-{kind} {dtype} scaled", make(kind, dtype, edit=[(slope, real, 0.37), (inter, real, -1024)]))
    for value in (0.0, float("nan"), float("inf")):
        add(f"NIfTI-{kind} slope {value}", make(kind, "i2", edit=[(slope, real, value), (inter, real, 5)]))
    add(f"NIfTI-{kind} inter only", make(kind, "i2", edit=[(slope, real, 1), (inter, real, 5)]))

pixdim, codes = {1: (76, "f", 4), 2: (104, "d", 8)}, {1: (252, 254, "h"), 2: (344, 348, "i")}
for kind in (1, 2):
    first, real, width = pixdim[kind]
    qform, sform, integer = codes[kind]
    add(f"NIfTI-{kind} qfac 0", make(kind, "u1", qform=1, edit=[(first, real, 0)]))
    add(f"NIfTI-{kind} qfac -1", make(kind, "u1", qform=1, edit=[(first, real, -1)]))
    add(f"NIfTI-{kind} negative spacing", make(kind, "u1", qform=1, edit=[(first + width, real, -2.5)]))
    add(f"NIfTI-{kind} spacing 0", make(kind, "u1", edit=[(first + 2 * width, real, 0)]))
    add(f"NIfTI-{kind} unknown sform", make(kind, "u1", qform=1, sform=1, edit=[(sform, integer, 9)]))
    add(f"NIfTI-{kind} negative qform", make(kind, "u1", qform=1, edit=[(qform, integer, -1)]))

target = Path(__file__).parent.parent / "fixtures" / "imaging" / "nifti_files.json"
target.write_text("[\n" + ",\n".join(json.dumps(case).replace("NaN", "null") for case in cases) + "\n]\n")
print(len(cases), target.stat().st_size)
