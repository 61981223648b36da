"""Writes tests/fixtures/dicom: tiny series, RTSTRUCT and SEG objects, and what other libraries make of them.

    pip install pydicom==3.0.2 highdicom==0.28.2 rt-utils==1.2.7 SimpleITK==2.5.7 scikit-image==0.26.0 pyjpegls numpy
    python tests/peers/dicom.py

Series are written by pydicom and SimpleITK; their voxels and affines are those that SimpleITK (GDCM) reads. RTSTRUCT objects are
made of masks by rt-utils, SEG objects by highdicom: the masks are the right answer. Outlines between pixels are filled by
scikit-image. Files are in base64, voxels x fastest, affines in RAS+.
"""

import base64
import copy
import json
import tempfile
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.uid import (
    CTImageStorage, DeflatedExplicitVRLittleEndian, EnhancedMRImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian,
    ImplicitVRLittleEndian, JPEGLSLossless, MRImageStorage, RLELossless,
)
from rt_utils import RTStructBuilder
from skimage.measure import points_in_poly

random = np.random.default_rng(5)
target = Path(__file__).parent.parent / "fixtures" / "dicom"
target.mkdir(parents=True, exist_ok=True)

ROWS, COLUMNS, SLICES = 12, 10, 6
OBLIQUE = np.array([[0.8, -0.36, 0.48], [0.6, 0.48, -0.64], [0.0, 0.8, 0.6]])
count = 0


def uid():
    """The same at every run."""
    global count
    count += 1
    return f"1.2.826.0.1.3680043.8.498.{count}"


def header(modality, *, patient="P-001", name="Secret^Person", orientation=np.eye(3), syntax=ExplicitVRLittleEndian):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = CTImageStorage if modality == "CT" else MRImageStorage
    data = Dataset()
    data.file_meta = meta
    data.SOPClassUID = meta.MediaStorageSOPClassUID
    data.PatientID, data.PatientName = patient, name
    data.PatientBirthDate = data.PatientSex = data.StudyID = data.AccessionNumber = data.ReferringPhysicianName = ""
    data.Manufacturer = "none"
    data.StudyDate = data.StudyTime = data.ContentDate = ""
    data.Modality = modality
    data.SeriesNumber = 1
    data.SeriesDescription = "tiny"
    data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = uid(), uid(), uid()
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows, data.Columns = ROWS, COLUMNS
    data.PixelSpacing = [1.25, 0.75]
    data.SliceThickness = 2.5
    data.ImageOrientationPatient = [float(v) for v in np.concatenate([orientation[:, 0], orientation[:, 1]])]
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
    return data


def series_of(voxels, head, *, orientation=np.eye(3), gap=2.5, number=lambda slice: slice + 1):
    """One file a slice, of names that say nothing about their order."""
    order = random.permutation(len(voxels))
    files = []
    for slice, place in zip(range(len(voxels)), order):
        data = copy.deepcopy(head)
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid()
        data.InstanceNumber = number(slice)
        data.ImagePositionPatient = [round(float(v), 6) for v in np.array([-7.5, 4.25, 30]) + gap * slice * orientation[:, 2]]
        # Explicit big-endian files keep words the other way round.
        big = data.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
        data.PixelData = voxels[slice].astype(voxels.dtype.newbyteorder(">" if big else "<")).tobytes()
        data["PixelData"].VR = "OW"
        files.append((f"{place}.dcm", data))
    return files


def save(folder, files):
    for name, data in files:
        data.save_as(folder / name, enforce_file_format=True)


def affine_of(image):
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return (np.diag([-1, -1, 1, 1]) @ affine + 0.0).tolist()


def read(names):
    """As SimpleITK reads them, in the order of their positions."""
    image = sitk.ReadImage([str(name) for name in names]) if len(names) > 1 else sitk.ReadImage(str(names[0]))
    return {"size": image.GetSize(), "affine": affine_of(image), "voxels": sitk.GetArrayFromImage(image).ravel().tolist()}


def in_order(folder):
    reader = sitk.ImageSeriesReader()
    (series,) = [one for one in reader.GetGDCMSeriesIDs(str(folder))]
    return reader.GetGDCMSeriesFileNames(str(folder), series)


def store(name, folder, **answers):
    files = {path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(Path(folder).iterdir())}
    path = target / f"{name}.json"
    path.write_text(json.dumps({"files": files, **answers}) + "\n")
    print(name, path.stat().st_size)


def masks():
    """[slice, row, column]: a ring with a hole on some slices, and two parts of another organ beside it."""
    ring = np.zeros((SLICES, ROWS, COLUMNS), bool)
    ring[1:5, 1:8, 1:7] = True
    ring[2:4, 3:6, 3:5] = False
    parts = np.zeros_like(ring)
    parts[0:3, 9:12, 0:4] = True
    parts[2:5, 9:11, 6:10] = True
    return {"Ring": ring, "Parts (L)": parts}


def flat(mask):
    return "".join(str(int(value)) for value in mask.ravel())


def segmentation(source, drawn, **options):
    described = [
        hd.seg.SegmentDescription(
            segment_number=index + 1, segment_label=name, segmented_property_category=codes.SCT.Organ,
            segmented_property_type=codes.SCT.Liver, algorithm_type=hd.seg.SegmentAlgorithmTypeValues.MANUAL,
        )
        for index, name in enumerate(drawn)
    ]
    made = hd.seg.Segmentation(
        source_images=source, pixel_array=np.stack(list(drawn.values()), axis=-1).astype(options.pop("dtype", np.uint8)),
        segment_descriptions=described, series_instance_uid=uid(), series_number=9, sop_instance_uid=uid(),
        instance_number=1, manufacturer="none", manufacturer_model_name="none", software_versions="0",
        device_serial_number="0", content_creator_name=None, **options,
    )
    return made


def structures(folder, drawn, path):
    builder = RTStructBuilder.create_new(dicom_series_path=str(folder))
    for name, mask in drawn.items():
        builder.add_roi(mask=np.moveaxis(mask, 0, 2), name=name)
    builder.save(str(path))
    # What the library makes up anew each time.
    data = pydicom.dcmread(path)
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid()
    data.SeriesInstanceUID = uid()
    for name in ["InstanceCreationDate", "StructureSetDate"]:
        setattr(data, name, "20200101")
    for name in ["InstanceCreationTime", "StructureSetTime"]:
        setattr(data, name, "000000")
    data.save_as(path)


def scaled(dtype=np.int16, low=-500, high=2000):
    return random.integers(low, high, (SLICES, ROWS, COLUMNS)).astype(dtype)


# CT: numbers run against positions; RTSTRUCT with a hole.
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    head = header("CT")
    head.RescaleIntercept, head.RescaleSlope = -1024, 1
    # rt-utils takes the spacing of rows for that of columns: only square pixels are right.
    head.PixelSpacing = [0.75, 0.75]
    save(folder, series_of(scaled(), head, number=lambda slice: SLICES - slice))
    answer = read(in_order(folder))
    structures(folder, masks(), folder / "structures.dcm")
    store("ct_structures", folder, **answer, masks={name: flat(mask) for name, mask in masks().items()})

# MR: oblique, slope of a fraction; SEG.
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    head = header("MR", patient="P/002", orientation=OBLIQUE)
    head.RescaleIntercept, head.RescaleSlope = 0.25, 0.5
    files = series_of(scaled(low=0), head, orientation=OBLIQUE)
    save(folder, files)
    answer = read(in_order(folder))
    # highdicom wants slices and masks to go together.
    source = [data for _, data in sorted(files, key=lambda file: file[1].InstanceNumber)]
    segmentation(source, masks(), segmentation_type="BINARY").save_as(folder / "segments.dcm")
    store("mr_segments", folder, **answer, masks={name: flat(mask) for name, mask in masks().items()})
    overlap = masks()
    overlap["Parts (L)"][3, 4:8, 1:3] = True
    extra = {}
    for kind, made in {
        "fractional": segmentation(source, {"Ring": masks()["Ring"] * 0.5}, dtype=np.float64, segmentation_type="FRACTIONAL"),
        "labelmap": segmentation(source, {"Ring": masks()["Ring"]}, segmentation_type="LABELMAP"),
        "overlap": segmentation(source, overlap, segmentation_type="BINARY"),
    }.items():
        made.save_as(folder / "other.dcm")
        extra[kind] = base64.b64encode((folder / "other.dcm").read_bytes()).decode()
    (target / "other_segments.json").write_text(json.dumps(extra) + "\n")

# Encodings of one slice: of 12 bits with rubbish above them, of bytes, and compressed.
encodings = []


def encoding(what, data):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.dcm"
        if isinstance(data, sitk.ImageFileWriter):
            data.SetFileName(str(path))
            data.Execute(sitk.ReadImage(str(plain)))
        else:
            data.save_as(path, enforce_file_format=True)
        syntax = pydicom.dcmread(path).file_meta.TransferSyntaxUID
        encodings.append({"what": what, "syntax": syntax, "bytes": base64.b64encode(path.read_bytes()).decode(),
                          "voxels": read([path])["voxels"]})


def one(voxels, *, syntax=ExplicitVRLittleEndian, bits=16, signed=True):
    head = header("CT", syntax=syntax)
    head.BitsAllocated = voxels.dtype.itemsize * 8
    head.BitsStored, head.HighBit, head.PixelRepresentation = bits, bits - 1, int(signed)
    ((_, data),) = series_of(voxels[:1], head)
    return data


smooth = (np.add.outer(np.arange(ROWS) * 7, np.arange(COLUMNS) * 11)[None] - 60).astype(np.int16)
encoding("implicit", one(scaled(), syntax=ImplicitVRLittleEndian))
encoding("deflated", one(scaled(), syntax=DeflatedExplicitVRLittleEndian))
encoding("big-endian", one(scaled(), syntax=ExplicitVRBigEndian))
encoding("uint16", one(scaled(np.uint16, 0, 65535), signed=False))
encoding("uint8", one(scaled(np.uint8, 0, 255), bits=8, signed=False))
encoding("12 of 16 bits, signed, -2048 to 2047", one((scaled(low=-2048, high=2047).view(np.uint16) & 0x0FFF), bits=12))
for syntax, what in [(RLELossless, "RLE"), (JPEGLSLossless, "JPEG-LS")]:
    for kind, voxels, options in [
        ("int16", smooth, {}),
        ("uint16", np.abs(smooth).astype(np.uint16), {"signed": False}),
        ("uint8", np.abs(smooth).astype(np.uint8), {"signed": False, "bits": 8}),
    ]:
        data = one(voxels, **options)
        data.compress(syntax, generate_instance_uid=False)
        encoding(f"{what}, {kind}", data)
for compressor, what in [("JPEG", "JPEG lossless"), ("JPEG2000", "JPEG 2000")]:
    for kind, voxels, options in [
        ("int16", smooth, {}),
        ("uint16", np.abs(smooth).astype(np.uint16), {"signed": False}),
    ]:
        with tempfile.TemporaryDirectory() as name:
            plain = Path(name) / "plain.dcm"
            one(voxels, **options).save_as(plain, enforce_file_format=True)
            writer = sitk.ImageFileWriter()
            writer.SetImageIO("GDCMImageIO")
            writer.KeepOriginalImageUIDOn()
            writer.UseCompressionOn()
            writer.SetCompressor(compressor)
            encoding(f"{what}, {kind}", writer)
(target / "encodings.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in encodings) + "\n]\n")
print("encodings", [case["what"] + " " + case["syntax"] for case in encodings])

# Enhanced MR: all slices in one file.
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    voxels = scaled(low=0)
    data = header("MR", orientation=OBLIQUE)
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = EnhancedMRImageStorage
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid()
    data.InstanceNumber, data.NumberOfFrames = 1, SLICES
    orientation, spacing = data.ImageOrientationPatient, data.PixelSpacing
    for keyword in ["ImageOrientationPatient", "PixelSpacing", "SliceThickness"]:
        delattr(data, keyword)

    def item(**values):
        made = Dataset()
        for keyword, value in values.items():
            setattr(made, keyword, value)
        return made

    data.SharedFunctionalGroupsSequence = Sequence([item(
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=orientation)]),
        PixelMeasuresSequence=Sequence([item(PixelSpacing=spacing, SliceThickness=2.5, SpacingBetweenSlices=2.5)]),
        PixelValueTransformationSequence=Sequence([item(RescaleIntercept=-10, RescaleSlope=2, RescaleType="US")]),
    )])
    data.PerFrameFunctionalGroupsSequence = Sequence([
        item(PlanePositionSequence=Sequence([item(
            ImagePositionPatient=[round(float(v), 6) for v in np.array([-7.5, 4.25, 30]) + 2.5 * slice * OBLIQUE[:, 2]])]))
        for slice in range(SLICES)
    ])
    data.PixelData = voxels.tobytes()
    data["PixelData"].VR = "OW"
    data.save_as(folder / "all.dcm", enforce_file_format=True)
    store("enhanced", folder, **read([folder / "all.dcm"]))

# Names in other alphabets.
alphabets = []
for sets, name in [("ISO_IR 100", "Lübeck"), ("ISO_IR 192", "Печень 肝"), ("ISO_IR 144", "Печень"), (["", "ISO 2022 IR 87"], "肝 a"), ("", "plain")]:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID, data.file_meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, CTImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = uid()
    data.SpecificCharacterSet, data.SeriesDescription = sets, name
    inner = Dataset()
    inner.ROIName = name
    data.StructureSetROISequence = Sequence([inner])
    for undefined in [False, True]:
        data["StructureSetROISequence"].is_undefined_length = undefined
        inner.is_undefined_length_sequence_item = undefined
        with tempfile.TemporaryDirectory() as folder:
            data.save_as(Path(folder) / "a.dcm", enforce_file_format=True)
            text = base64.b64encode((Path(folder) / "a.dcm").read_bytes()).decode()
        alphabets.append({"sets": sets, "undefined": undefined, "name": name, "bytes": text})
(target / "alphabets.json").write_text("[\n" + ",\n".join(json.dumps(one) for one in alphabets) + "\n]\n")

# Outlines between pixels, some within others.
outlines = []
for _ in range(40):
    size = [int(v) for v in random.integers(5, 14, 2)]
    polygons = [
        (random.random((int(random.integers(3, 9)), 2)) * np.array(size[::-1]) - 0.7).round(4)
        for _ in range(int(random.integers(1, 4)))
    ]
    centres = np.stack(np.meshgrid(np.arange(size[1]), np.arange(size[0])), axis=-1).reshape(-1, 2).astype(float)
    inside = np.zeros(len(centres), bool)
    for polygon in polygons:
        inside ^= points_in_poly(centres, polygon)
    # A centre that a line passes by less than what is printed is on it, whichever side it is on.
    near = np.zeros(len(centres), bool)
    for polygon in polygons:
        for a, b in zip(polygon, np.roll(polygon, -1, axis=0)):
            t = np.clip(((centres - a) @ (b - a)) / max(1e-12, (b - a) @ (b - a)), 0, 1)
            near |= np.hypot(*(centres - a - t[:, None] * (b - a)).T) < 0.02
    outlines.append({
        "height": size[0], "width": size[1], "outlines": [polygon.ravel().tolist() for polygon in polygons],
        "inside": "".join("?" if close else str(int(value)) for value, close in zip(inside, near)),
    })
(target / "outlines.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in outlines) + "\n]\n")
print("all", sum(path.stat().st_size for path in target.iterdir()))
