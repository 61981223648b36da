import { assertEquals } from "@std/assert";
import { localLocks } from "../../lib/files/local_locks.ts";

/** As Linux writes them: number, parent, device, root, folder, options, `-`, kind, source, the file system's own options. */
const mounts = [
  "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw",
  "80 22 0:50 / /home rw,relatime shared:40 - nfs4 server:/home rw,vers=4.2,local_lock=none,addr=10.0.0.1",
  "81 22 0:51 / /old rw,relatime - nfs server:/old rw,vers=3,nolock,local_lock=all",
  "82 22 0:52 / /flock rw,relatime master:2 - nfs4 server:/f rw,vers=4.0,local_lock=flock",
  "83 22 0:53 / /posix rw,relatime - nfs server:/p rw,local_lock=posix",
  "84 22 0:54 / /lustre rw - lustre mds@tcp:/l rw,localflock,lazystatfs",
  "85 22 0:55 / /lustre/with\\040locks rw - lustre mds@tcp:/m rw,flock,lazystatfs",
  "86 22 0:56 / /twice rw - ext4 /dev/vdb rw,nolock",
  "87 22 0:57 / /twice rw - nfs server:/t rw,nolock",
  "",
].join("\n");

for (
  const [path, why] of [
    ["/", undefined],
    ["/home/ada/results", undefined],
    ["/old", "nfs mounted with nolock"],
    ["/older/results", undefined],
    ["/flock/a/b", "nfs4 mounted with local_lock=flock"],
    ["/posix/a", undefined],
    ["/lustre/a", "lustre mounted with localflock"],
    ["/lustre/with locks/a", undefined],
    ["/twice/a", "nfs mounted with nolock"],
  ] as const
) {
  Deno.test(`locks of ${path} stay on the machine: ${why ?? "no"}`, () => {
    assertEquals(localLocks(path, mounts), why);
  });
}
