/**
 * Loading one scan or label map: NIfTI, NRRD or MetaImage, by the end of its name.
 *
 * @module
 */
import { describeMatrix, isInvertible, linearPart } from "./matrix.ts";
import type { NiftiHeader } from "./nifti/nifti_header.ts";
import { readNifti, readNiftiGeometry } from "./nifti/read_nifti.ts";
import { implausible } from "./plausible_grid.ts";
import { textHeaderReader } from "./scan_files.ts";
import { ScanError } from "./scan_error.ts";
import { type DescribedImage, readDescribedVoxels } from "./text_headers/described_image.ts";
import { type Affine, type Shape, spacingOf, type Volume, type VoxelArray } from "./volume.ts";

/** Where a scan's voxels are, by its header. */
export interface ScanGrid {
  path: string;
  shape: Shape;
  affine: Affine;
  /** What of its geometry is odd, and what was made of it: one sentence each, without the path. */
  notes: string[];
}

/** A volume in its file's own orientation, with what is needed to write something onto the same grid. */
export interface Scan<T extends VoxelArray = VoxelArray> extends Volume<T>, ScanGrid {
  shape: Shape;
  affine: Affine;
  /** Absent where the file is not NIfTI: the affine is then all that is said of its place. */
  header?: NiftiHeader;
}

/**
 * Reads a 3D image; trailing axes of length 1 are dropped. `data` are the scaled voxels of `readNifti`, or those of an NRRD or
 * MetaImage file as they are.
 *
 * @throws ScanError as `readNifti`; `implausible` of grids that no scan of a person has (see plausible_grid.ts); `dimensions` when there is more than one volume; `geometry` when the affine
 *   squeezes space flat.
 */
export async function loadScan(path: string): Promise<Scan> {
  const readHeader = textHeaderReader(path);
  if (readHeader) {
    const grid = plausibleGrid(await readHeader(path));
    return { ...invertible(ownGrid(grid)), data: await readDescribedVoxels(grid) };
  }
  const { shape, affine, notes, data, header } = await readNifti(path, { plausible: true });
  return { ...invertible({ path, shape: volumeShape(shape, path), affine, notes }), data, header };
}

export interface ReadScanGridOptions {
  /** Refuse grids that no scan of a person has. @default false */
  plausible?: boolean;
}

/** What a file's header says of its grid; voxels are not read. @throws ScanError as `loadScan`, but of a flat affine */
export async function readScanGrid(
  path: string,
  { plausible = false }: ReadScanGridOptions = {},
): Promise<ScanGrid> {
  const readHeader = textHeaderReader(path);
  if (readHeader) {
    const grid = await readHeader(path);
    return ownGrid(plausible ? plausibleGrid(grid) : grid);
  }
  const { shape, affine, notes } = await readNiftiGeometry(path, { plausible });
  return { path, shape: volumeShape(shape, path), affine, notes };
}

function ownGrid({ path, shape, affine, notes }: DescribedImage): ScanGrid {
  return { path, shape, affine, notes };
}

/** @throws ScanError `implausible` */
function plausibleGrid(grid: DescribedImage): DescribedImage {
  const problem = implausible(grid.shape, spacingOf(grid.affine));
  if (problem) throw new ScanError("implausible", problem, { path: grid.path });
  return grid;
}

/** @throws ScanError `geometry` */
function invertible(grid: ScanGrid): ScanGrid {
  const { affine, path } = grid;
  if (isInvertible(linearPart(affine))) return grid;
  throw new ScanError("geometry", `wanted an invertible affine, found ${describeMatrix(affine)}`, { path });
}

/** @throws ScanError `dimensions` */
function volumeShape([width, height, depth, ...others]: readonly number[], path: string): Shape {
  if (others.every((size) => size === 1)) return [depth!, height!, width!];
  const found = [width, height, depth, ...others].join("×");
  throw new ScanError("dimensions", `wanted one 3D volume, found ${found}`, { path });
}
