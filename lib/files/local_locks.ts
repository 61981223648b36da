/**
 * File systems of a network whose locks do not leave the machine.
 *
 * @module
 */

/** Of kinds of file systems, the options with which flock is a matter of one machine, or of nobody. */
const local: [kind: RegExp, option: RegExp][] = [
  [/^nfs4?$/, /^(nolock|local_lock=(all|flock))$/],
  [/^lustre$/, /^localflock$/],
];

/**
 * Why locks of a path are unknown on other machines, such as `nfs4 mounted with local_lock=flock`; undefined where the mounts do not say
 * so. A disk of the machine's own is no matter of other machines.
 *
 * @param path absolute, without symbolic links
 * @param mounts text of /proc/self/mountinfo
 */
export function localLocks(path: string, mounts: string): string | undefined {
  const mounted = mounts.split("\n").flatMap((line) => {
    const [place = "", system = ""] = line.split(" - ");
    const [kind = "", , options = ""] = system.split(" ");
    const folder = (place.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, code) => letter(code));
    return folder !== "" && isBelow(path, folder) ? [{ folder, kind, options: options.split(",") }] : [];
  });
  // Of one folder the last mount is the one that is seen.
  const longest = Math.max(...mounted.map(({ folder }) => folder.length));
  const last = mounted.findLast(({ folder }) => folder.length === longest);
  const found = last?.options.find((option) =>
    local.some(([kind, local]) => kind.test(last.kind) && local.test(option))
  );
  return found === undefined ? undefined : `${last!.kind} mounted with ${found}`;
}

/** Spaces and the like are written as `\040`. */
function letter(octal: string): string {
  return String.fromCharCode(parseInt(octal, 8));
}

function isBelow(path: string, folder: string): boolean {
  return `${path}/`.startsWith(folder === "/" ? "/" : `${folder}/`);
}
