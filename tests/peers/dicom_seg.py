"""Asks highdicom whether a SEG object of `consilium export dicom-seg` is one, and whether its masks are those of its label map.

    python tests/peers/dicom_seg.py <seg.dcm> <folder of the series> <label map>     # highdicom 0.28.2, SimpleITK 2.5.7

Prints one line a segment; ends with an error where anything differs.
"""

import sys
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import SimpleITK as sitk

path, series, labels = sys.argv[1:]
seg = hd.seg.segread(path)
files = [pydicom.dcmread(file) for file in sorted(Path(series).iterdir())]
slices = [one for one in files if one.get("Modality") in ("CT", "MR")]
normal = np.cross(slices[0].ImageOrientationPatient[:3], slices[0].ImageOrientationPatient[3:])
slices.sort(key=lambda one: np.dot(normal, [float(v) for v in one.ImagePositionPatient]))
masks = seg.get_pixels_by_source_instance([one.SOPInstanceUID for one in slices], assert_missing_frames_are_empty=True)
image = sitk.ReadImage(labels)
map = sitk.GetArrayFromImage(image)
# By the grid of the object itself, too, not only by the slices that it names.
volume = seg.get_volume(combine_segments=False, allow_missing_positions=True)
for index, number in enumerate(seg.segment_numbers):
    wanted = map == number
    assert (masks[..., index].astype(bool) == wanted).all(), number
    points = np.argwhere(volume.array[..., index] > 0)
    world = volume.map_indices_to_reference(points)
    back = [image.TransformPhysicalPointToContinuousIndex([float(v) for v in point]) for point in world]
    found = np.round(back).astype(int)
    assert np.abs(np.array(back) - found).max() < 1e-3
    assert wanted[found[:, 2], found[:, 1], found[:, 0]].all() and len(found) == wanted.sum(), number
    print(number, seg.get_segment_description(number).segment_label, int(wanted.sum()), "voxels, equal")
for keyword in ["PatientID", "PatientName", "StudyInstanceUID", "FrameOfReferenceUID"]:
    assert seg.get(keyword) == slices[0].get(keyword), keyword
