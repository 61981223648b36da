/**
 * A program as text within a page.
 *
 * @module
 */

/**
 * JavaScript for a `<script>` element: nothing of it ends the element or opens a comment. In strings and regular
 * expressions, where such a thing stands if anywhere, the escape means the same.
 */
export function inlineProgram(program: string): string {
  return program.replace(/<(?=\/script|!--)/gi, "\\x3c");
}
