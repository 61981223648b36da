/**
 * What the steps of set-up know of where they are.
 *
 * @module
 */

export interface SetupContext {
  root: string;
  /** Whether TensorFlow is to run on an NVIDIA GPU. */
  cuda: boolean;
}
