import { assertEquals, assertThrows } from "@std/assert";
import {
  checkDisk,
  checkFolder,
  checkPlatform,
  denoVersion,
  type Machine,
  thisPlatform,
} from "../../lib/setup/platform.ts";
import { SetupError } from "../../lib/setup/steps/setup_error.ts";

const good: Machine = { os: "linux", arch: "x86_64", libc: "gnu", deno: denoVersion };

const refused: [name: string, machine: Partial<Machine>, message: string][] = [
  ["macOS", { os: "darwin", arch: "aarch64", libc: null }, "this is darwin aarch64"],
  ["Windows", { os: "windows", libc: "msvc" }, "this is windows x86_64 msvc"],
  ["Arm", { arch: "aarch64" }, "this is linux aarch64 gnu"],
  ["Alpine", { libc: "musl" }, "this is linux x86_64 musl"],
  [
    "newer Deno",
    { deno: "2.9.0" },
    "Deno must be 2.8.1, this is 2.9.0; type: npx -y deno@2.8.1 task -q …",
  ],
];

for (const [name, difference, message] of refused) {
  Deno.test(`checkPlatform() refuses ${name}`, () => {
    assertThrows(() => checkPlatform({ ...good, ...difference }), SetupError, message);
  });
}

Deno.test("checkPlatform() accepts Linux on x86-64 with glibc, and this machine", () => {
  checkPlatform(good);
  checkPlatform(thisPlatform());
});

Deno.test("checkDisk() says how much is needed and how much is left", () => {
  checkDisk("/", 0);
  const error = assertThrows(() => checkDisk("/", 1e9), SetupError, "the disk needs 1000000000 GB free");
  assertEquals(/, [\d.]+ GB are left \(\/\)/.test(error.message), true);
});

Deno.test("checkFolder() refuses paths in which a shell would replace something", () => {
  checkFolder("/home/a b/it's (here) #1/ü");
  for (const letter of ["$", '"', "`", "\\"]) {
    assertThrows(() => checkFolder(`/home/a${letter}b`), SetupError, `it has ${letter} (/home/a${letter}b)`);
  }
});
