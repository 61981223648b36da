/** Damage to files, as disks, editors and attackers do it: seeded, each of a named kind. */
import { integer, type RandomGenerator } from "../../lib/data/random.ts";

/** Makes other bytes of a file's. */
type Mutation = (bytes: Uint8Array, random: RandomGenerator) => Uint8Array;

const pick = <T>(random: RandomGenerator, from: readonly T[]): T =>
  from[integer(random, [0, from.length - 1])]!;
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const place = (random: RandomGenerator, size: number) => integer(random, [0, Math.max(0, size - 1)]);

/** A part of a file, 64 bytes at most. */
function part(random: RandomGenerator, size: number): [from: number, to: number] {
  const from = place(random, size);
  return [from, Math.min(size, from + integer(random, [1, 64]))];
}

/** What any file may suffer. */
const ofBytes: Record<string, Mutation> = {
  "bit flipped"(bytes, random) {
    const at = place(random, bytes.length);
    return bytes.map((byte, index) => index === at ? byte ^ (1 << integer(random, [0, 7])) : byte);
  },
  "byte set"(bytes, random) {
    const at = place(random, bytes.length),
      value = pick(random, [0, 1, 127, 128, 255, integer(random, [0, 255])]);
    return bytes.map((byte, index) => index === at ? value : byte);
  },
  "cut short": (bytes, random) => bytes.slice(0, place(random, bytes.length)),
  "emptied": () => new Uint8Array(),
  "part zeroed"(bytes, random) {
    const [from, to] = part(random, bytes.length);
    return bytes.map((byte, index) => index >= from && index < to ? 0 : byte);
  },
  "part taken out"(bytes, random) {
    const [from, to] = part(random, bytes.length);
    return join(bytes.slice(0, from), bytes.slice(to));
  },
  "part twice"(bytes, random) {
    const [from, to] = part(random, bytes.length);
    return join(bytes.slice(0, to), bytes.slice(from));
  },
  "bytes put in"(bytes, random) {
    const at = place(random, bytes.length), length = integer(random, [1, 16]);
    const noise = Uint8Array.from({ length }, () => integer(random, [0, 255]));
    return join(bytes.slice(0, at), noise, bytes.slice(at));
  },
};

const encode = (text: string) => new TextEncoder().encode(text);

/** Numbers and words that parsers and arithmetic stumble over. */
const ODD = [
  "NaN",
  "-1",
  "0",
  "1e999",
  "1e-320",
  "-0",
  "99999999999999999999",
  "0.5",
  '""',
  '"x"',
  "null",
  "true",
  "[]",
  "{}",
  "x",
];

function replaceToken(pattern: RegExp): Mutation {
  return (bytes, random) => {
    const text = new TextDecoder().decode(bytes), found = [...text.matchAll(pattern)];
    if (found.length === 0) return bytes.slice(1);
    const { index, 0: token } = pick(random, found);
    return encode(text.slice(0, index) + pick(random, ODD) + text.slice(index + token.length));
  };
}

function changeLines(change: (lines: string[], random: RandomGenerator) => void): Mutation {
  return (bytes, random) => {
    const lines = new TextDecoder().decode(bytes).split("\n");
    change(lines, random);
    return encode(lines.join("\n"));
  };
}

/** What tables, JSON and notebooks may suffer besides. */
const ofText: Record<string, Mutation> = {
  "number replaced": replaceToken(/(?<=[\s,:[])-?\d[\d.eE+-]*/g),
  "word replaced": replaceToken(/"[^"\n]*"/g),
  "line taken out": changeLines((lines, random) => void lines.splice(place(random, lines.length), 1)),
  "line twice": changeLines((lines, random) => {
    const at = place(random, lines.length);
    lines.splice(at, 0, lines[at]!);
  }),
  "lines changed places": changeLines((lines, random) => {
    const [one, other] = [place(random, lines.length), place(random, lines.length)];
    [lines[one], lines[other]] = [lines[other]!, lines[one]!];
  }),
};

/** Fields of a NIfTI-1 header: offset, size of a number, how many. */
const FIELDS = [
  [0, 4, 1],
  [40, 2, 8],
  [70, 2, 3],
  [76, 4, 8],
  [108, 4, 3],
  [120, 2, 1],
  [123, 1, 1],
  [252, 2, 2],
  [256, 4, 18],
  [344, 1, 4],
] as const;

/** What the headers of scans may suffer besides. */
const ofHeaders: Record<string, Mutation> = {
  "header field set"(bytes, random) {
    const [offset, size, count] = pick(random, FIELDS), at = offset + size * place(random, count);
    const changed = bytes.slice(), view = new DataView(changed.buffer);
    if (at + size > changed.length) return changed.slice(0, at);
    const whole = pick(random, [0, 1, -1, 2, 255, 32767, -32768, integer(random, [-999, 999])]);
    if (size === 1) view.setUint8(at, whole & 255);
    else if (size === 2) view.setInt16(at, whole, true);
    else view.setFloat32(at, pick(random, [whole, NaN, Infinity, 1e-30, 1e30, -0.5, 1e-3, 1000]), true);
    return changed;
  },
};

export type Form = "bytes" | "text" | "header";

/** Damage of a kind that suits the file. */
export function mutate(bytes: Uint8Array, { form, random }: { form: Form; random: RandomGenerator }) {
  const special = form === "text" ? ofText : form === "header" ? ofHeaders : {};
  // What suits the form reaches deeper than noise does: half of all.
  const kinds = Object.keys(special).length > 0 && integer(random, [0, 1]) === 1 ? special : ofBytes;
  const kind = pick(random, Object.keys(kinds));
  return { kind, bytes: kinds[kind]!(bytes, random) };
}
