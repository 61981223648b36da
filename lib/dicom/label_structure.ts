/**
 * What a label object labels, whichever kind it is.
 *
 * @module
 */
import type { Stack } from "./stack.ts";

export interface LabelStructure {
  /** As the object has it. */
  name: string;
  /**
   * Voxels of a series' grid that it covers.
   *
   * @throws DicomError where it does not lie on that grid
   */
  draw(stack: Stack): DrawnStructure;
}

export interface DrawnStructure {
  /** 1 where it is, else 0, in the order of the stack's voxels. */
  mask: Uint8Array;
  /** What is odd, and what was made of it. */
  notes: string[];
}

/** What a label object is about. */
export interface LabelContent {
  /** Structures without any voxel are none: nobody drew them. */
  structures: LabelStructure[];
  /** Names of those that are left out, with the reason. */
  leftOut: string[];
  /** SeriesInstanceUIDs of the series that it names. */
  series: string[];
  /** SOPInstanceUIDs of the slices that it names. */
  instances: string[];
  /** FrameOfReferenceUIDs that it has; one, or there is a problem. */
  framesOfReference: string[];
}

/** Where a point lies on a stack's grid, in voxels: x along rows, y along columns, z from slice to slice. */
export type GridPoint = readonly [x: number, y: number, z: number];
