/**
 * The machines Consilium runs on, and the version of Deno it is pinned to.
 *
 * @module
 */
import { existsSync, statfsSync } from "node:fs";
import { SetupError } from "./steps/setup_error.ts";

/**
 * From 2.8.2 on, Deno's Jupyter kernel reports `idle` before its outputs are sent, and papermill loses some of
 * them. `tests/setup/notebook_kernel_test.ts` counts outputs, so the pin can be raised when that test passes.
 */
export const denoVersion = "2.8.1";

/** TensorFlow alone unpacks to 1.2 GB, the npm packages to 0.4 GB. */
export const neededGigabytes = 3;
/** CUDA's libraries unpack to about 6 GB more. */
export const neededGigabytesForCuda = 6;

/** What {@linkcode checkPlatform} looks at; the fields are those of `Deno.build` and `Deno.version`. */
export interface Machine {
  os: string;
  arch: string;
  /** The C library the running Deno was built for. */
  libc: string | null;
  deno: string;
}

/** The machine this process runs on. */
export function thisPlatform(): Machine {
  return { os: Deno.build.os, arch: Deno.build.arch, libc: Deno.build.env ?? null, deno: Deno.version.deno };
}

/** @throws {SetupError} if TensorFlow or the kernel cannot run on `machine` */
export function checkPlatform(machine: Machine): void {
  const { os, arch, libc, deno } = machine;
  if (os !== "linux" || arch !== "x86_64" || libc !== "gnu") {
    const found = [os, arch, libc].filter((part) => part).join(" ");
    throw new SetupError(
      `Cannot set up: Consilium needs Linux on x86-64 with glibc, this is ${found}; ` +
        "use such a machine, a container or WSL 2.",
    );
  }
  if (deno !== denoVersion) {
    throw new SetupError(
      `Cannot set up: Deno must be ${denoVersion}, this is ${deno}; type: npx -y deno@${denoVersion} task -q …`,
    );
  }
}

/**
 * Python's script `activate` has the folder in double quotes, where a shell replaces what these letters begin.
 *
 * @throws {SetupError} if the path of `folder` has one of them
 */
export function checkFolder(folder: string): void {
  const letter = folder.match(/[$"`\\]/)?.[0];
  if (letter === undefined) return;
  throw new SetupError(
    `Cannot set up: the path of the project's folder must be without $, ", \` and \\, it has ${letter} (${folder}); ` +
      "rename the folder and run the command again.",
  );
}

/** @throws {SetupError} if the file system of `folder` has less than `gigabytes` (10⁹ bytes) free */
export function checkDisk(folder: string, gigabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free < gigabytes) {
    throw new SetupError(
      `Cannot set up: the disk needs ${gigabytes} GB free, ${free.toFixed(1)} GB are left (${folder}); ` +
        "free some space and run the command again.",
    );
  }
}

/** Whether this machine has a working NVIDIA driver. */
export function hasNvidiaDriver(): boolean {
  return existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidiactl");
}
