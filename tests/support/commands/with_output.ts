/** What a command returned, and what it wrote to the console meanwhile. */
export async function withOutput<T>(command: () => Promise<T>): Promise<{ result: T; text: string }> {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (...words: unknown[]) => lines.push(words.join(" "));
  try {
    return { result: await command(), text: lines.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}
