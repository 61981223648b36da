import { assertEquals, assertRejects } from "@std/assert";
import { explainFailure, runCommand } from "../../../lib/setup/steps/command.ts";
import { SetupError } from "../../../lib/setup/steps/setup_error.ts";

const explained: [name: string, output: string, message: string][] = [
  [
    "pip, disk full",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "the disk is full",
  ],
  ["Deno, disk full", "error: failed to write: No space left on device (os error 28)", "the disk is full"],
  [
    "pip, no network",
    "WARNING: Retrying … NewConnectionError: Temporary failure in name resolution\n" +
    "ERROR: No matching distribution found for anyio==4.16.0",
    "the package registry does not answer",
  ],
  [
    "pip, silent registry",
    "ReadTimeoutError: HTTPSConnectionPool: Read timed out. (read timeout=20)",
    "does not answer",
  ],
  [
    "Deno, no network",
    "error: client error (Connect): tcp connect error: Connection refused (os error 111)",
    "does not answer",
  ],
  ["pip, old glibc", "ERROR: No matching distribution found for tensorflow-cpu==2.21.0", "glibc 2.28"],
  ["foreign files", "PermissionError: [Errno 13] Permission denied: '/home/x/.cache'", "may not be written"],
  ["stale lock file", "error: The lockfile is out of date. Run `deno install`", "deno.lock does not match"],
  [
    "anything else",
    "warming up\nx.cc:3: error: no member named y\n1 warning",
    "x.cc:3: error: no member named y",
  ],
  ["nothing printed", "", "no message"],
];

for (const [name, output, message] of explained) {
  Deno.test(`explainFailure(): ${name}`, () => {
    const sentence = explainFailure("install", output);
    assertEquals(sentence.startsWith("Cannot install: "), true);
    assertEquals(sentence.includes(message), true, sentence);
    assertEquals(sentence.includes("\n"), false);
  });
}

Deno.test("explainFailure(): a sentence of ours is passed on as it is, whatever stands around it", () => {
  const sentence = `Cannot load TensorFlow: /x/libstdc++.so.6: Permission denied; this may come from ${
    "x".repeat(300)
  }`;
  assertEquals(explainFailure("run TensorFlow", `a greeting about errors\n${sentence}\n`), sentence);
});

Deno.test("runCommand() says how a program ended that said nothing", async () => {
  const end = (command: string) => runCommand("try", ["sh", "-c", command]);
  const silent = "and without a message";
  await assertRejects(() => end("exit 127"), SetupError, `Cannot try: it ended with code 127 ${silent}`);
  await assertRejects(() => end("kill -ILL $$"), SetupError, `Cannot try: it ended with SIGILL ${silent}`);
});

Deno.test("runCommand() returns what the command printed", async () => {
  assertEquals(await runCommand("say", ["sh", "-c", "echo $WORD"], { env: { WORD: "hello" } }), "hello\n");
});

Deno.test("runCommand() names a failure, a missing program and a time limit", async () => {
  await assertRejects(
    () => runCommand("try", ["sh", "-c", "echo error: why >&2; exit 3"]),
    SetupError,
    "Cannot try: error: why",
  );
  await assertRejects(() => runCommand("try", ["/nonexistent/tool"]), SetupError, "/nonexistent/tool");
  const slow = () => runCommand("wait", ["sleep", "30"], { timeoutSeconds: 0.1 });
  await assertRejects(slow, SetupError, "check the network");
});
