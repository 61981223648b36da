/** Programs without a network. */
import { toolPaths } from "../../../lib/setup/tool_paths.ts";

// A new network has a loopback that is down, and the kernel speaks to papermill through it.
const bringLoopbackUp = `
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])
`;

// 192.0.2.1 belongs to nobody (RFC 5737): without a network the system refuses at once, else nothing ever answers.
const tryNetwork = `
import socket
for address in ("192.0.2.1", 9), ("127.0.0.1", 1):
    try:
        socket.create_connection(address, timeout=1)
    except OSError as error:
        print(type(error).__name__, error.errno)
`;

const networkUnreachable = "OSError 101";
const connectionRefused = "ConnectionRefusedError 111";

/**
 * What starts a program in a network of its own, of a loopback only; undefined where that is not allowed.
 *
 * @throws Error when the program would reach out nevertheless
 */
export async function cutOff(): Promise<string[] | undefined> {
  const { python } = toolPaths();
  const options = ["--user", "--map-root-user", "--net", python, "-I", "-S", "-c", bringLoopbackUp];
  try {
    const args = [...options, python, "-I", "-c", tryNetwork];
    const { success, stdout } = await new Deno.Command("unshare", { args, stderr: "null" }).output();
    if (!success) return undefined;
    const found = new TextDecoder().decode(stdout).trim().split("\n");
    if (found.join() === [networkUnreachable, connectionRefused].join()) return ["unshare", ...options];
    throw new Error(`Cannot cut the network off: it still answers (${found.join(", ")})`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
