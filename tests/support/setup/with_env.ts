/** Does something with variables of the environment set (undefined: absent), and sets them back. */
export async function withEnv(
  variables: Record<string, string | undefined>,
  test: () => void | Promise<void>,
): Promise<void> {
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    await test();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}
