/** Breaks a text at its spaces into lines of at most `letters` letters, where it can. */
export function wrap(text: string, letters: number): string[] {
  return lines(text.split(/(?<= )/), letters).map((line) => line.replace(/ $/, ""));
}

/** Breaks a name also behind "_", "/" and "-". */
export function wrapName(name: string, letters: number): string[] {
  return lines(name.split(/(?<=[ _/-])/), letters).map((line) => line.replace(/ $/, ""));
}

function lines(parts: readonly string[], letters: number): string[] {
  const made = [""];
  for (const part of parts) {
    const line = made[made.length - 1];
    if (line && line.length + part.trimEnd().length > letters) made.push(part);
    else made[made.length - 1] += part;
  }
  return made;
}
