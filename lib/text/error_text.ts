/**
 * An error as one sentence, in our words.
 *
 * @module
 */

/** What Deno's errors mean. */
const systemErrors: [kind: new () => Error, meaning: string][] = [
  [Deno.errors.NotFound, "there is no such file or folder"],
  [Deno.errors.PermissionDenied, "there is no permission for it"],
  [Deno.errors.AlreadyExists, "it is there already"],
  [Deno.errors.NotADirectory, "it is no folder"],
  [Deno.errors.IsADirectory, "it is a folder, not a file"],
  [Deno.errors.FilesystemLoop, "its links go round in a circle"],
];

/** Errors that only a fault in the code can make. */
const faults = [TypeError, RangeError, ReferenceError];

/** Whether an error is a fault of Consilium's own, and none of what it was given. */
export function isFault(error: unknown): boolean {
  return !(error instanceof Error) || faults.some((kind) => error.constructor === kind);
}

/**
 * What is said of an error: its message where it is one of ours, and a sentence for those of Deno, zod and JSON. The
 * variable CONSILIUM_DEBUG=1 puts the stack before it.
 */
export function errorText(error: unknown): string {
  const text = printable(sentence(error));
  return Deno.env.get("CONSILIUM_DEBUG") === "1" ? `${stackOf(error)}\n\n${text}` : text;
}

/** A text whose control characters are written out, but for line breaks and tabs: a terminal would obey those of a foreign file. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (sign) =>
      sign === "\n" || sign === "\t" ? sign : `\\u${sign.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/**
 * Why something could not be done: for a message that says itself what was to be done and with which file. `Permission
 * denied (os error 13): open '/x'` is "there is no permission for it"; what is no error of Deno says its own message.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  if (/\(os error 28\)|ENOSPC/.test(message)) return "the disk is full";
  if (/\(os error 30\)|EROFS/.test(message)) return "the file system is read-only";
  // Of places that say much of the machine Deno wants all permissions, which no command has.
  if (/^Requires all access to "\/(dev|proc|sys)\//.test(message)) {
    return "commands may open nothing below /dev, /proc and /sys; put the files into another folder";
  }
  // Ours begin with what cannot be done, also where they are of Deno's kinds.
  const known = /\(os error \d+\)/.test(message)
    ? systemErrors.find(([kind]) => error instanceof kind)
    : undefined;
  return known?.[1] ?? message;
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `Cannot go on: ${String(error)}`;
  const { message } = error;
  if (error instanceof Deno.errors.NotCapable && reasonOf(error) === message) {
    return `Cannot go on: the command lacks a permission that deno.json would have to give it (${
      message.split(",")[0]
    })`;
  }
  const reason = reasonOf(error);
  if (reason !== message) return `Cannot ${actionOf(message)}: ${reason}${placeOf(message)}`;
  if (error.name === "ZodError" && "issues" in error) return `Cannot read: ${issuesText(error.issues)}`;
  if (error instanceof SyntaxError && /JSON/.test(message)) {
    return "Cannot read JSON: the text is none";
  }
  if (isFault(error)) {
    return `Cannot go on: ${message}. This is a fault of Consilium; CONSILIUM_DEBUG=1 before the command shows where`;
  }
  return message;
}

/** Deno's messages end with what was to be done and to which path: `…: readdir '/x'`. */
function actionOf(message: string): string {
  const action = message.match(/: (\w+) '/)?.[1];
  if (action === "rename" || action === "mkdir" || action === "remove" || action === "copy") return action;
  return /\(os error (28|30)\)/.test(message) ? "write" : "open";
}

function placeOf(message: string): string {
  const path = message.match(/: \w+ '(.*)'$/s)?.[1] ?? message.match(/^Requires all access to "(.*?)"/s)?.[1];
  return path === undefined ? "" : ` (${path})`;
}

function issuesText(issues: unknown): string {
  return (issues as { path: PropertyKey[]; message: string }[])
    .map(({ path, message }) => path.length === 0 ? message : `${path.join(".")}: ${message}`)
    .join("; ");
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
