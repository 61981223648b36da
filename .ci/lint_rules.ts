/**
 * House rules for `deno lint`.
 *
 * no-spread-literal: `{ ...{ a, b }, c }` switches off TypeScript's check of misspelt options; `{ a, b, c }` has it.
 */
const plugin: Deno.lint.Plugin = {
  name: "consilium",
  rules: {
    "no-spread-literal": {
      create: (context) => ({
        "ObjectExpression > SpreadElement > ObjectExpression"(node) {
          context.report({
            node,
            message: "A literal spread into a literal is not checked for misspelt keys: write its keys out",
          });
        },
      }),
    },
  },
};
export default plugin;
