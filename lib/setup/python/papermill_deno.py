"""Parameters for notebooks on the Deno kernel.

Papermill has no translator for TypeScript. A parameter is injected as a plain assignment to a variable that the
cell tagged `parameters` declares with `let`, so that a misspelt name ends the run with a ReferenceError instead
of being ignored. Papermill imports this module through the entry point in its dist-info folder.
"""
import json

from papermill.engines import NBClientEngine
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    @classmethod
    def translate(cls, val):
        # JSON is a subset of TypeScript; json.dumps writes NaN and Infinity as TypeScript does.
        return json.dumps(val, ensure_ascii=False)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        return f"{name} = {str_val};"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        # The value of a cell's last expression is shown: end with one that has none.
        return super().codify(parameters, comment) + "void 0;\n"


class DenoEngine(NBClientEngine):
    """Papermill's own engine: its entry point is what makes papermill import this module."""


papermill_translators.register("deno", TypeScriptTranslator)
papermill_translators.register("typescript", TypeScriptTranslator)
