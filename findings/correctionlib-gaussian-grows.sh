#!/usr/bin/env bash
# correctionlib 2.9.0: a Gaussian in a correction grows, since the sign is squared too.
#
# Guess: "exp(-x^2/2)" with the parser TFormula is a Gaussian, as in ROOT: 0.0111 at x = 3. "-x^2" is −9.
# Found: the sign binds closer than the power: "-x^2" is +9, and the Gaussian at 3 is exp(+4.5) = 90. "1-x^2" is −8, as
#         it should be, and so are "exp(-(x^2)/2)" and "exp(-0.5*x^2)".
# Matters for each efficiency, resolution or flux weight with a Gaussian or a form factor in its formula: the file is
# valid, the tool prints no word, and the weight goes up where it should vanish.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile correctionlib==2.9.0
"$folder/venv/bin/python" - <<'PYTHON'
import math
import sys

from correctionlib import CorrectionSet, schemav2


def at_three(expression):
    formula = schemav2.Formula(nodetype="formula", expression=expression, parser="TFormula", variables=["x"])
    correction = schemav2.Correction(
        name="weight",
        version=1,
        inputs=[schemav2.Variable(name="x", type="real")],
        output=schemav2.Variable(name="weight", type="real"),
        data=formula,
    )
    file = schemav2.CorrectionSet(schema_version=2, corrections=[correction])
    return CorrectionSet.from_string(file.model_dump_json(exclude_unset=True))["weight"].evaluate(3.0)


seen = {
    text: at_three(text) for text in ("exp(-x^2/2)", "exp(-(x^2)/2)", "exp(-0.5*x^2)", "-x^2", "-x^2+1", "1-x^2")
}
for text, value in seen.items():
    print(f"{text} at 3: {value:.4g}")
wrong, *right = (math.log(seen[text]) for text in ("exp(-x^2/2)", "exp(-(x^2)/2)", "exp(-0.5*x^2)"))
as_seen = (
    abs(wrong - 4.5) < 1e-9
    and all(abs(value + 4.5) < 1e-9 for value in right)
    and (seen["-x^2"], seen["-x^2+1"], seen["1-x^2"]) == (9, 10, -8)
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
