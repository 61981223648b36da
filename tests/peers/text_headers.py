"""Writes tests/fixtures/imaging/text_headers.json: NRRD and MetaImage files by SimpleITK, and what SimpleITK reads in them.

    python tests/peers/text_headers.py     # SimpleITK 2.5.7, numpy

Bytes are in base64; voxels x fastest; affines in RAS+, of SimpleITK's direction, spacing and origin (LPS+).
"""

import base64
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import SimpleITK as sitk

random = np.random.default_rng(3)
target = Path(__file__).parent.parent / "fixtures" / "imaging" / "text_headers.json"

OBLIQUE = np.array([[0.8, -0.36, 0.48], [0.6, 0.48, -0.64], [0.0, 0.8, 0.6]])
TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "float32", "float64"]


def image_of(dtype, *, oblique):
    shape = (3, 4, 5)
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        data = random.integers(max(info.min, -(2**40)), min(info.max, 2**40), shape, dtype=dtype)
    else:
        data = random.normal(size=shape).astype(dtype)
    image = sitk.GetImageFromArray(data)
    image.SetSpacing((0.75, 1.25, 3.5))
    image.SetOrigin((-10.5, 20.25, 7.125))
    if oblique:
        image.SetDirection(OBLIQUE.ravel().tolist())
    return image


def expected(path):
    image = sitk.ReadImage(str(path))
    directions = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = directions, image.GetOrigin()
    affine = np.diag([-1, -1, 1, 1]) @ affine + 0.0
    return {
        "size": image.GetSize(),
        "affine": affine.tolist(),
        "voxels": sitk.GetArrayFromImage(image).ravel().tolist(),
    }


cases = []


def keep(folder, name, what):
    files = {path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(folder.iterdir())}
    cases.append({"what": what, "name": name, "files": files, **expected(folder / name)})


def with_header(path, change):
    """Edits the text before the voxels."""
    data = path.read_bytes()
    end = data.index(b"\n\n") if path.suffix == ".nrrd" else data.index(b"LOCAL")
    path.write_bytes(change(data[:end].decode()).encode() + data[end:])


def swapped(path, field):
    """The same voxels, in the other byte order."""
    data = path.read_bytes()
    image = sitk.ReadImage(str(path))
    voxels = sitk.GetArrayFromImage(image)
    header = data[: len(data) - voxels.nbytes].decode()
    path.write_bytes(field(header).encode() + voxels.astype(voxels.dtype.newbyteorder(">")).tobytes())


def case(name, what, image, *, compress=False, edit=None):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        sitk.WriteImage(image, str(path), useCompression=compress)
        if edit:
            edit(path)
        keep(Path(folder), name, what)


for dtype in TYPES:
    for ending in ["nrrd", "mha"]:
        oblique = dtype in ("int16", "float32")
        case(f"scan.{ending}", f"{dtype}, {ending}", image_of(dtype, oblique=oblique), compress=dtype in ("int16", "int64"))
case("scan.nhdr", "NRRD, voxels beside it", image_of("int16", oblique=True))
case("scan.nhdr", "NRRD, compressed voxels beside it", image_of("int16", oblique=True), compress=True)
case("scan.mhd", "MetaImage, voxels beside it", image_of("int16", oblique=True))
case("scan.mhd", "MetaImage, compressed voxels beside it", image_of("uint8", oblique=True), compress=True)
case(
    "scan.mha", "MetaImage, big-endian", image_of("float32", oblique=True),
    edit=lambda path: swapped(path, lambda text: text.replace("ByteOrderMSB = False", "ByteOrderMSB = True")),
)
case(
    "scan.nrrd", "NRRD, big-endian", image_of("int32", oblique=True),
    edit=lambda path: swapped(path, lambda text: text.replace("endian: little", "endian: big")),
)
for space in ["right-anterior-superior", "left-anterior-superior", "RAS", "LAS"]:
    case(
        "scan.nrrd", f"NRRD, space {space}", image_of("uint8", oblique=True),
        edit=lambda path: with_header(path, lambda text: text.replace("left-posterior-superior", space)),
    )
case(
    "scan.nrrd", "NRRD, spacings alone", image_of("uint8", oblique=False),
    edit=lambda path: with_header(
        path, lambda text: re.sub(r"\n(space|space directions|space origin|kinds): [^\n]*", "", text) + "\nspacings: 0.75 1.25 3.5",
    ),
)
case(
    "scan.nrrd", "NRRD, comments, keys and lines of Windows", image_of("uint8", oblique=True),
    edit=lambda path: path.write_bytes(
        (lambda head, voxels: head.replace(b"\n", b"\r\n") + b"\r\n# a comment\r\nSegment0_Name:=liver: left\r\n\r\n" + voxels)(
            *path.read_bytes().split(b"\n\n", 1)
        )
    ),
)

target.write_text("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]\n")
print(len(cases), target.stat().st_size)
