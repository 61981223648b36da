/**
 * A layer over the addon, through which every kernel goes: those of tfjs and those that are run past it.
 *
 * @module
 */
import { tf } from "./tf.ts";

/**
 * Puts functions over the addon's own until the returned function is called. What the layer has not is the addon's.
 *
 * @param layer made of the functions below it
 */
export function layOverBinding<Binding extends object>(
  layer: (below: Binding) => Partial<Binding>,
): () => void {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  // The addon's object is read-only, and its functions must be called on it.
  backend.binding = new Proxy(layer(binding) as Binding, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key);
      const value = Reflect.get(binding, key);
      return typeof value === "function" ? value.bind(binding) : value;
    },
  });
  return () => void (backend.binding = binding);
}
