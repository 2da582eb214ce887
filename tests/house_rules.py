"""The house rules as functions: each takes a notebook, a text or a page and returns the list of what is wrong with it.

The tests run them over the book, and feed each of them something bad to prove that it can fail.
"""

from __future__ import annotations

import ast
import gzip
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, NavigableString
from nuem.review import claims

GLUE = "application/papermill.record/"


def source_of(cell: dict) -> str:
    return "".join(cell["source"])


# -- notebooks as they are committed ---------------------------------------------------------------------------------


def unclean_cells(notebook: dict) -> list[str]:
    """Outputs, execution counts, missing or numbered cell ids; a notebook without its parameters cell."""
    problems = []
    for number, cell in enumerate(notebook["cells"]):
        if cell.get("outputs") or cell.get("execution_count"):
            problems.append(f"cell {number} has outputs; run `make strip`")
        if not re.fullmatch(r"[a-z][a-z0-9-]{2,}", cell.get("id", "")):
            problems.append(f"cell {number} has no readable id: {cell.get('id')!r}")
        if extra := set(cell["metadata"]) - {"tags"}:
            problems.append(f"cell {number} has metadata of a run: {', '.join(sorted(extra))}; run `make strip`")
    parameters = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    if [source_of(c).splitlines()[-1:] for c in parameters] != [["overrides = {}"]]:
        problems.append("there is not exactly one cell tagged parameters that ends with 'overrides = {}'")
    return problems


# -- quantities typed by hand ----------------------------------------------------------------------------------------

_UNITS = (
    r"eV|keV|MeV|GeV|TeV|Hz|kHz|MHz|GHz|kg|mg|cm|mm|km|nm|fm|pc|kpc|Mpc|yr|years?|ms|minutes?|hours?|days?|"
    r"erg|ergs|barn|ppm|ppb|Gauss|Tesla|kelvin|sigma|σ|μ_B|mu_B"
)
_ONE_LETTER_UNITS = r"K|s|g|m|V|T|W|J|h|d"
_QUANTITIES = [
    (re.compile(r"\d\.\d"), "a decimal"),
    (re.compile(r"\d[eE][+-]?\d"), "an exponent"),
    (re.compile(r"10\s*(\^|[⁻⁺⁰¹²³⁴-⁹])"), "a power of ten"),
    (re.compile(r"\d\s*(%|percent\b|per cent\b)"), "a percentage"),
    (re.compile(rf"\d\s*({_UNITS})(?![A-Za-z])"), "a number with a unit"),
    (re.compile(rf"(?<![\w^_/({{])\d+\s({_ONE_LETTER_UNITS})(?![\w'’-])"), "a number with a unit"),
    (re.compile(r"(?<![\w.])(?!(?:19|20)\d\d\b)\d{3,}(?![\w.])"), "a large number"),
]


def typed_quantities(markdown: str) -> list[str]:
    """Quantities that a person typed: decimals, exponents, percentages, numbers with a unit, large numbers.

    Allowed by rule: years, equation numbers, identifiers, versions, algebraic coefficients, small counts, exercises.
    """
    text = re.sub(r"^(`{3,}|:{3,})\{exercise\}.*?^\1", "", markdown, flags=re.S | re.M)  # exercise data
    text = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.S | re.M)  # code and generated content
    text = re.sub(r"\{[\w:]+\}`[^`]*`|`[^`]*`", "", text)  # roles and code
    text = re.sub(r"https?://\S+|\]\([^)]*\)|<[^>]+>", " ", text)  # addresses
    text = re.sub(
        r"\b(eqs?\.|section|sec\.|fig\.|figure|table|chapter|version|Python|CC BY|arXiv:)\s*"
        r"\(?[\d.]+\)?(\s*(,|–|and|to)\s*\(?[\d.]+\)?)*",
        " ",
        text,
        flags=re.I,
    )  # numbers that are names
    text = re.sub(r"\\(mathrm|text|rm|operatorname)\b|\\[,;:! ]|[{}~$]", " ", text)
    text = re.sub(r"\s*\\times\s*", " × ", text)
    found = []
    for pattern, kind in _QUANTITIES:
        for match in pattern.finditer(text):
            around = text[max(match.start() - 25, 0) : match.end() + 15].replace("\n", " ")
            found.append(f"{kind} typed by hand: …{around}…")
    return found


def prose_in_code(source: str) -> Iterator[str]:
    """String constants of a code cell that are sentences rather than names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) >= 4:
            yield node.value


def typed_quantities_in_notebook(notebook: dict) -> list[str]:
    """`typed_quantities` of all markdown cells, of the sentences in code cells, and of Markdown outputs."""
    problems = []
    for cell in notebook["cells"]:
        texts = [source_of(cell)] if cell["cell_type"] == "markdown" else list(prose_in_code(source_of(cell)))
        for output in cell.get("outputs", ()):
            texts += ["".join(text) for mime, text in output.get("data", {}).items() if mime == "text/markdown"]
        problems += [f"cell {cell['id']}: {problem}" for text in texts for problem in typed_quantities(text)]
    return problems


# -- symbolic results that nobody checked ----------------------------------------------------------------------------

_UNVERIFIED = {"integrate", "limit", "summation", "series", "doit"}
_UNVERIFIED_IN_SYMPY = _UNVERIFIED | {
    *("product", "line_integrate", "manualintegrate", "ratint", "heurisch", "gruntz"),
    *("limit_seq", "fourier_series", "laplace_transform", "inverse_laplace_transform", "fourier_transform"),
    *("inverse_fourier_transform", "mellin_transform", "inverse_mellin_transform", "residue", "singularityintegrate"),
}


def unverified_symbolics(source: str) -> list[str]:
    """Sympy's integrals, limits, sums and series that don't go through `nuem.physics.verified`.

    An unevaluated `sp.Integral` may be shown, or evaluated by numbers; its `doit` is found.
    """
    tree = ast.parse(source)
    modules, problems = {"sympy"}, []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.asname for name in node.names if name.name.startswith("sympy") and name.asname}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy":
            problems += [
                f"line {node.lineno}: from {node.module} import {name.name}"
                for name in node.names
                if name.name in _UNVERIFIED_IN_SYMPY | {"*", "integrals", "series", "concrete"}
            ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value)
        of_sympy = owner.split(".")[0] in modules
        called = owner.split(".")[-1] not in ("verified", "scipy") and node.attr in _UNVERIFIED
        if called or (of_sympy and node.attr in _UNVERIFIED_IN_SYMPY):
            problems.append(f"line {node.lineno}: {owner}.{node.attr}; call it in nuem.physics.verified")
    return problems


def _in_code_cells(notebook: dict, rule: Callable[[str], list[str]]) -> list[str]:
    """What a rule finds in the code cells, with the cell's id."""
    return [
        f"cell {cell['id']}, {problem}"
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for problem in rule(source_of(cell))
    ]


def unverified_symbolics_in_notebook(notebook: dict) -> list[str]:
    """`unverified_symbolics` of all code cells."""
    return _in_code_cells(notebook, unverified_symbolics)


# -- conversions typed by hand ---------------------------------------------------------------------------------------

_CONVERTED = {"hbar_c", "fermi_constant", "newton_constant", "boltzmann_constant", "kilogram_in_ev"}
_CALENDAR = {3600, 86400, 365, 365.2425, 365.2422, 365.25}
_YEARS = 3.14e7, 3.17e7  # of seconds


def typed_conversions(source: str, elsewhere: str = "") -> list[str]:
    """Powers of ten beside a constant of nature, and lengths of days and years; see `units`. Constants of scipy.

    A check by a second route may take constants from scipy: no override belongs there.

    Args:
        elsewhere: other code of the same notebook, whose names for powers of ten count as well.
    """
    powers = _names_of_powers(ast.parse(elsewhere + "\n" + source))
    tree = ast.parse(source)
    inner = {id(part) for node in ast.walk(tree) if _is_product(node) for part in (node.left, node.right)}
    problems = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and _is_calendar(node.value):
            problems.append(f"line {node.lineno}: {node.value}; take it from nuem.physics.units")
        if _is_of_scipy(node) and not any(isinstance(part, ast.Assert) for part in ast.walk(tree)):
            problems.append(f"line {node.lineno}: scipy.constants; no override reaches it, so read an input")
        products = _is_product(node) and id(node) not in inner
        changed = isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Mult, ast.Div))
        if products or changed:
            factors = list(_factors(node.value if changed else node)) + ([node.target] if changed else [])
            constants = {f.attr for f in factors if isinstance(f, ast.Attribute)} & _CONVERTED
            typed = [ast.unparse(f) for f in factors if _is_power_of_ten(f) or getattr(f, "id", None) in powers]
            if constants and typed:
                problems.append(
                    f"line {node.lineno}: {typed[0]} beside {', '.join(sorted(constants))}; use nuem.physics.units"
                )
    return problems


def typed_conversions_in_notebook(notebook: dict) -> list[str]:
    """`typed_conversions` of all code cells."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    everything = "\n".join(map(source_of, cells))
    return [
        f"cell {cell['id']}, {problem}" for cell in cells for problem in typed_conversions(source_of(cell), everything)
    ]


def _is_product(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.Pow))


def _factors(node: ast.AST) -> Iterator[ast.AST]:
    """What a product is made of, through quotients, powers, signs and calls such as sqrt(…)."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        # 10**6 is a power of ten, x**10 is not
        yield from [node] if _is_power_of_ten(node) else _factors(node.left)
    elif isinstance(node, ast.UnaryOp):
        yield from _factors(node.operand)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("sqrt", "float"):
        yield from (factor for argument in node.args for factor in _factors(argument))
    else:
        yield node


def _is_power_of_ten(node: ast.AST) -> bool:
    """A number with one digit and a power of ten beyond one, such as 1e-13, 2e-9, 1000 or 10**6."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return isinstance(node.left, ast.Constant) and node.left.value == 10
    if not isinstance(node, ast.Constant) or isinstance(node.value, (bool, str, complex)) or not node.value:
        return False
    digits, _, exponent = f"{abs(node.value):e}".partition("e")
    return float(digits).is_integer() and not -1 <= int(exponent) <= 1


def _is_of_scipy(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = {f"{node.module}.{name.name}" for name in node.names}
        return any(name.startswith("scipy.constants") for name in names)
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "scipy.constants"


def _is_calendar(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value in _CALENDAR or _YEARS[0] <= value <= _YEARS[1]


def _names_of_powers(tree: ast.AST) -> set[str]:
    """Names in capitals that stand for a power of ten, such as MEV = 1e6."""
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            named |= {
                target.id
                for target, value in _assigned(node)
                if isinstance(target, ast.Name) and target.id.isupper() and _is_power_of_ten(value)
            }
    return named


# -- checks ----------------------------------------------------------------------------------------------------------


def visible_asserts(notebook: dict, heading: str) -> int:
    """Number of assert statements in the code that a reader sees below a heading of the second level."""
    found, inside = 0, False
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for line in re.findall(r"^## .*$", source_of(cell), re.M):
                inside = heading in line
        elif inside and cell["cell_type"] == "code" and "hide-input" not in cell["metadata"].get("tags", []):
            found += sum(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source_of(cell))))
    return found


# -- anatomy -----------------------------------------------------------------------------------------------------------

_SECTIONS = ("Before you start", "Checks", "What could be wrong", "Try it", "Exercises")


def missing_anatomy(notebook: dict) -> list[str]:
    """What a chapter with a derivation lacks: the answer in its head, a section, a check, a solution."""
    cells, problems = notebook["cells"], []
    text = "\n".join(source_of(cell) for cell in cells)
    first = source_of(cells[0])
    if not first.startswith("# ") or ".card" not in first:
        problems.append("the first cell has not both the title and a card: the answer comes first")
    if "$" in first.splitlines()[0]:
        problems.append("the title has mathematics, but stands on every page, also where none is set")
    for heading in _SECTIONS:
        if not re.search(rf"^## .*{heading}", text, re.M):
            problems.append(f"the section {heading!r} is missing")
    if not visible_asserts(notebook, "Checks"):
        problems.append("the section 'Checks' has no assert that a reader sees")
    solutions = sum("solution" in cell["metadata"].get("tags", []) for cell in cells)
    if not solutions == text.count("{exercise}") == text.count("{solution-start}") > 0:
        problems.append("each exercise needs a solution with one cell tagged 'solution', and there must be an exercise")
    return problems


# -- exercises ---------------------------------------------------------------------------------------------------------


def exercise_faults(exercises: list) -> list[str]:
    """What the exercises of a chapter lack: four of them, each with kind, level, time and hint, one planted error."""
    problems = [f"{one.label}: kind, level and minutes are missing" for one in exercises if not one.kind]
    problems += [f"{one.label}: the hint is missing" for one in exercises if not one.hint]
    if len(exercises) < 4:
        problems.append(f"{len(exercises)} exercises: four are the least")
    if sum(one.planted for one in exercises) != 1:
        problems.append("exactly one exercise shows a planted error")
    return problems


# -- derivations -------------------------------------------------------------------------------------------------------

_FORMULA = re.compile(r"^\$\$[^$]*\$\$(?:[ \t]*\((?P<label>[^()\n]+)\))?", re.M)
_CONFIRMS = re.compile(r"^\s*# confirms: (?P<labels>[a-z0-9-]+(?:, [a-z0-9-]+)*)", re.M)
_GIVEN = "given-"  # a law, a definition or a Feynman rule: where the derivation starts


def unconfirmed_formulas(notebook: dict) -> list[str]:
    """Displayed formulas of the sections "Derivation …" without a label, and labels that no assert confirms.

    A label anywhere in the notebook asks for an assert below a comment `# confirms: <label>`, before the next such
    comment of the cell; labels that begin with "given-" don't.
    """
    labelled, problems, inside = [], [], False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        for part in re.split(r"^(?=## )", source_of(cell), flags=re.M):
            if part.startswith("## "):
                inside = part.startswith("## Derivation")
            for formula in _FORMULA.finditer(part):
                if formula["label"]:
                    labelled.append(formula["label"])
                elif inside:
                    problems.append(f"cell {cell['id']}: a formula without a label: {formula[0].split()[1]} …")
    confirmed = [label for cell in notebook["cells"] for label in _confirmed(cell)]
    wanted = [label for label in labelled if not label.startswith(_GIVEN)]
    problems += [f"no assert confirms the formula ({label})" for label in wanted if label not in confirmed]
    problems += [f"an assert confirms ({label}), which isn't displayed" for label in confirmed if label not in labelled]
    return problems


def confirmed_formulas(notebook: dict) -> int:
    """How many formulas of the notebook an assert confirms."""
    return sum(1 for cell in notebook["cells"] for _ in _confirmed(cell))


def _confirmed(cell: dict) -> Iterator[str]:
    if cell["cell_type"] != "code" or "# confirms:" not in source_of(cell):
        return
    source = source_of(cell)
    asserts = [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    found = list(_CONFIRMS.finditer(source))
    starts = [source.count("\n", 0, comment.start("labels")) + 1 for comment in found]
    for comment, start, end in zip(found, starts, [*starts[1:], math.inf][: len(starts)], strict=True):
        if any(start < line < end for line in asserts):
            yield from comment["labels"].split(", ")


# -- names -----------------------------------------------------------------------------------------------------------

_NAME_OF = {"published": "then", "today": "now"}


def misnamed_inputs(notebook: dict) -> list[str]:
    """Inputs of a vintage under another name than in all chapters: `then, now = chapter.published, chapter.today`.

    Nothing else is called `then` or `now`, and no code reads `chapter.today` past the name.
    """
    problems = []
    for cell in notebook["cells"]:
        tree = ast.parse(source_of(cell) if cell["cell_type"] == "code" else "")
        pairs = [pair for node in ast.walk(tree) if isinstance(node, ast.Assign) for pair in _assigned(node)]
        right = {id(part) for target, value in pairs if _is_named_vintage(target, value) for part in (target, value)}
        for node in ast.walk(tree):
            name = getattr(node, "arg", None) or getattr(node, "id", "")
            stored = isinstance(node, ast.arg) or isinstance(getattr(node, "ctx", None), ast.Store)
            if id(node) in right or not (_vintage(node) or (stored and name in _NAME_OF.values())):
                continue
            problems.append(
                f"cell {cell['id']}, line {node.lineno}: {ast.unparse(node)}; "
                "write then, now = chapter.published, chapter.today, and use these names for nothing else"
            )
    return problems


def _assigned(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Targets of an assignment with their values, those of `a, b = c, d` one by one."""
    pairs = []
    for target in node.targets:
        several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
        pairs += zip(target.elts, node.value.elts, strict=False) if several else [(target, node.value)]
    return pairs


def _vintage(node: ast.AST) -> str:
    """Which inputs an expression such as `chapter.today` is, or nothing."""
    of_chapter = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "chapter"
    return node.attr if of_chapter and node.attr in _NAME_OF else ""


def _is_named_vintage(target: ast.expr, value: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == _NAME_OF.get(_vintage(value))


# -- inputs ----------------------------------------------------------------------------------------------------------


def inputs_read(sources: Iterable[str], known: Collection[str]) -> set[str]:
    """Names of inputs whose value some code asks for.

    That is an attribute of that name, or a text of that name other than in `show_inputs`: what a page only displays
    moves no number. A name that `getattr` or `value` computes with an f-string counts for each input that it can make.
    Prose and comments don't count.
    """
    found: set[str] = set()
    for source in sources:
        waiting: list[ast.AST] = [ast.parse(source)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Call):
                function = getattr(node.func, "attr", getattr(node.func, "id", None))
                if function == "show_inputs":
                    continue
                if function in ("getattr", "value"):
                    computed = [argument for argument in node.args if isinstance(argument, ast.JoinedStr)]
                    found |= {name for name in known for text in computed if _can_make(text, name)}
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            waiting += ast.iter_child_nodes(node)
    return found & set(known)


def _can_make(text: ast.JoinedStr, name: str) -> bool:
    parts = (re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in text.values)
    return re.fullmatch("".join(parts), name) is not None


# -- what provenance can't follow ------------------------------------------------------------------------------------

_HIDING = {"exec", "eval", "globals", "locals", "vars", "setattr"}
_ELSEWHERE = {"concurrent", "joblib", "multiprocessing", "subprocess"}  # reads there aren't noted
_FILLING = {"copyto", "put", "place", "putmask", "fill_diagonal", "fromfile", "load", "loadtxt", "read_text"}
_CACHES = {"cache", "lru_cache", "cached_property"}
_OPEN_DECORATORS = {"property", "staticmethod", "classmethod", "dataclass"}


def hidden_stores(source: str) -> list[str]:
    """Code that keeps a value where provenance doesn't see it, so that a later number would miss its inputs.

    A decorated function may keep what it read: provenance knows. An object whose methods keep something is unseen, and
    so is a name that is only computed.
    """
    tree, problems = ast.parse(source), []
    for node in ast.walk(tree):
        name = getattr(node, "id", getattr(node, "attr", ""))
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            problems.append(f"line {node.lineno}: {ast.unparse(node)}; return the value instead")
        elif isinstance(node, ast.Name) and name in _HIDING:
            problems.append(f"line {node.lineno}: {name}; write the names out")
        elif isinstance(node, (ast.Import, ast.ImportFrom)) and _imported(node) & _ELSEWHERE:
            problems.append(f"line {node.lineno}: {ast.unparse(node)}; what runs elsewhere notes no reads")
        elif isinstance(node, ast.Call) and _fills(node):
            problems.append(f"line {node.lineno}: {ast.unparse(node.func)} hides where a value comes from; return it")
        elif isinstance(node, ast.ClassDef):
            problems += _kept_by_methods(node)
        elif name in _CACHES and not _decorates(tree, node):
            problems.append(f"line {node.lineno}: {name}; put it above a function as @{name}")
    return problems


def hidden_stores_in_notebook(notebook: dict) -> list[str]:
    """`hidden_stores` of all code cells."""
    return _in_code_cells(notebook, hidden_stores)


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


def _fills(call: ast.Call) -> bool:
    """Whether a call writes into one of its arguments, or takes a value from a file."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return function in _FILLING or any(keyword.arg == "out" for keyword in call.keywords)


def _decorates(tree: ast.AST, wanted: ast.AST) -> bool:
    """Whether a name is part of the decorator of a function, or of an import."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return any(wanted in ast.walk(decorator) for function in functions for decorator in function.decorator_list)


def _kept_by_methods(node: ast.ClassDef) -> Iterator[str]:
    for method in (part for part in node.body if isinstance(part, ast.FunctionDef)):
        decorators = {ast.unparse(decorator) for decorator in method.decorator_list} - _OPEN_DECORATORS
        stores = [part for part in ast.walk(method) if isinstance(getattr(part, "ctx", None), ast.Store)]
        kept = [part for part in stores if isinstance(part, (ast.Attribute, ast.Subscript))]
        if decorators or (kept and method.name not in ("__init__", "__post_init__")):
            yield f"line {method.lineno}: {node.name}.{method.name} keeps what it finds; return it"


# -- notebooks as they were executed ---------------------------------------------------------------------------------


def execution_problems(notebook: dict) -> list[str]:
    """Cells that did not run, ran out of order, failed, or printed warnings."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code" and source_of(c).strip()]
    problems = []
    for expected, cell in enumerate(cells, start=1):
        if cell["execution_count"] != expected:
            problems.append(f"cell {cell['id']} ran as number {cell['execution_count']}, not {expected}")
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                problems.append(f"cell {cell['id']} raised {output['ename']}")
            if output["output_type"] == "stream" and output["name"] == "stderr":
                problems.append(f"cell {cell['id']} printed to stderr: {''.join(output['text'])[:80]}")
    return problems


def glued(notebook: dict) -> dict[str, str]:
    """Text of every glued number, by key."""
    texts = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            scrapbook = output.get("metadata", {}).get("scrapbook")
            if scrapbook:
                plain = output["data"].get(scrapbook["mime_prefix"] + "text/plain", "")
                texts[scrapbook["name"]] = "".join(plain)
    return texts


def visible_text(cell: dict) -> str:
    """What a reader of the plain notebook sees in a cell's outputs."""
    texts = []
    for output in cell.get("outputs", ()):
        for mime, content in output.get("data", {}).items():
            if not mime.startswith(GLUE) and mime in ("text/html", "text/plain"):
                content = "".join(content)
                texts.append(BeautifulSoup(content, "html.parser").get_text() if mime == "text/html" else content)
    return " ".join(texts)


def invisible_numbers(notebook: dict) -> list[str]:
    """Numbers that the text glues in but no cell of the same section shows; the head of a chapter is its summary."""
    texts = glued(notebook)
    sections: list[list[dict]] = [[]]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and source_of(cell).startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    problems = []
    for index, section in enumerate(sections):
        seen = " ".join(visible_text(cell) for cell in section)
        for cell in section:
            if cell["cell_type"] != "markdown":
                continue
            # A heading in the middle of a cell starts a section, too: what stands above it belongs to the one before.
            parts = re.split(r"^## .*$", source_of(cell), flags=re.M)
            for position, part in enumerate(parts):
                last = position == len(parts) - 1
                for key in re.findall(r"\{glue:text\}`([^`:]+)", part):
                    if key not in texts:
                        problems.append(f"cell {cell['id']}: nothing is glued as {key!r}")
                    elif index and last and texts[key] not in seen:
                        problems.append(f"cell {cell['id']}: {key!r} = {texts[key]} is not shown in its section")
    return problems


def typed_verdicts(ledger: list[dict]) -> list[str]:
    """Verdicts on numbers that don't follow from the printed and the recomputed number by the rule."""
    problems = []
    for row in ledger:
        for item in row["parts"] or [row]:
            if item["verdict"] == "order-of-magnitude" and item["kind"] != "number" and not item["unstated"]:
                problems.append(f"{item['id']} is called order-of-magnitude, but is no number and leaves nothing open")
            if item["kind"] != "number" or not item["verdict"]:
                continue
            claim = claims.claim(item["id"])
            judged = claims.judge(
                claim.number or claim.published,
                claim.relation,
                item["recomputed"],
                unstated=item["unstated"] or "",
                unstated_range=item["unstated_range"],
            )
            if item["verdict"] not in {judged, "quoted" if claims.VERDICTS[judged].agrees else judged}:
                problems.append(f"{item['id']} is called {item['verdict']}, the rule says {judged}")
    return problems


# -- the website -----------------------------------------------------------------------------------------------------


def raw_tex(page: BeautifulSoup) -> list[str]:
    """Pieces of text outside of code that a reader would see as TeX."""
    hidden = {"code", "pre", "script", "style", "title"}
    return [
        text.strip()
        for text in page.find_all(string=re.compile(r"\\[(\[a-zA-Z]|\$[^$]+\$"))
        if not hidden & {parent.name for parent in text.parents}
    ]


_AS_TYPED = {"script", "style", "code", "pre", "kbd", "math", "head"}
_READ_OUT = ("title", "alt", "aria-label", "data-label", "placeholder")
_RAW = re.compile(
    r"\\[A-Za-z(\[]"  # a command of TeX, or a delimiter
    r"|(?<![A-Za-z0-9_])[^\W\d_]\u0304?_(?:[{*]|[A-Za-zΑ-ω0-9]{1,6}(?![A-Za-z0-9_]))"  # a symbol with its index
    r"|[^\W_]\^[-{(\w]"  # a power
    r"|\*\*-?\d|\$[^$]*\$"  # a power in a program, TeX between dollars
    r"|(?<![\w.#-])[\d.]*\d[eE][-−+]?\d{1,3}(?!\w)"  # a number as programs write it
)


def raw_mathematics(text: str) -> list[str]:
    r"""What of a text is TeX, an index or a power as one types it, with what stands around it.

    >>> raw_mathematics("a limit of 3 × 10⁻¹² in muon_mass"), raw_mathematics(r"so \(x\)")
    ([], ['so \\(x\\)'])
    >>> raw_mathematics("cm**2"), raw_mathematics("3e-12 of them")
    (['cm**2'], ['3e-12 of them'])
    """
    return [text[max(0, hit.start() - 12) : hit.end() + 12].strip() for hit in _RAW.finditer(text)]


class Site:
    """The built pages, each parsed once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.pages = {
            path.relative_to(folder).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
            for path in sorted(folder.rglob("*.html"))
            if "_static" not in path.parts
        }
        self.anchors = {
            name: {tag.get("id") or tag.get("name") for tag in page.find_all(attrs={"id": True})}
            | {tag["name"] for tag in page.find_all("a", attrs={"name": True})}
            for name, page in self.pages.items()
        }

    def dead_links(self) -> list[str]:
        """Local links, images and scripts whose file or anchor does not exist."""
        problems = []
        for name, page in self.pages.items():
            for tag in page.find_all(["a", "link", "script", "img", "source"]):
                address = tag.get("href") or tag.get("src")
                if not address:
                    continue
                parts = urlsplit(address)
                if parts.scheme or parts.netloc:
                    continue
                path = unquote(parts.path)
                target = (self.folder / name).parent / path if path else self.folder / name
                if not target.resolve().is_file():
                    problems.append(f"{name}: {address} leads nowhere")
                elif parts.fragment and target.suffix == ".html":
                    key = target.resolve().relative_to(self.folder.resolve()).as_posix()
                    if unquote(parts.fragment) not in self.anchors.get(key, set()):
                        problems.append(f"{name}: {address} has no such anchor")
        return problems

    def shown(self) -> Iterator[tuple[str, str]]:
        """Every text that a reader sees or hears outside of code and formulas, with its page."""
        for name, page in self.pages.items():
            for text in page.find_all(string=True):
                # no comment, and nothing that stands as it is typed
                if type(text) is NavigableString and not any(parent.name in _AS_TYPED for parent in text.parents):
                    yield name, text
            for tag in page.find_all(True):
                yield from ((name, tag[key]) for key in _READ_OUT if tag.has_attr(key))

    def raw_mathematics(self) -> list[str]:
        """Pieces of TeX, of indices and of powers that a reader would see as they are typed, outside of code."""
        return [f"{name}: {found}" for name, text in self.shown() for found in raw_mathematics(text)]

    def identifiers(self, known: Iterable[str]) -> list[str]:
        """Names for machines that stand among the words for readers."""
        known = set(known)
        name_like = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
        words = ((page, word) for page, text in self.shown() for word in name_like.findall(text))
        return [f"{page}: {word}" for page, word in words if word in known]

    def foreign_requests(self) -> list[str]:
        """Whatever a browser would load from another host while it shows a page."""
        problems = []
        for name, page in self.pages.items():
            for tag in page.find_all(["script", "img", "iframe", "source", "video", "audio", "embed", "link"]):
                if tag.name == "link" and not set(tag.get("rel", [])) & {
                    "stylesheet",
                    "preload",
                    "icon",
                    "prefetch",
                    "preconnect",
                    "dns-prefetch",
                    "modulepreload",
                }:
                    continue
                address = tag.get("src") or tag.get("href") or ""
                if urlsplit(address).netloc:
                    problems.append(f"{name} loads {address}")
        for path in self.folder.rglob("*.css"):
            for address in re.findall(
                r"(?:url\(\s*['\"]?|@import\s+['\"])(https?:)?//[^)'\"]+", path.read_text("utf-8")
            ):
                problems.append(f"{path.relative_to(self.folder)} loads from {address}//…")
        return problems

    def pictures_without_words(self) -> list[str]:
        """Images without a text alternative."""
        problems = []
        for name, page in self.pages.items():
            problems += [
                f"{name}: {tag.get('src')} has no alt text" for tag in page.find_all("img") if tag.get("alt") is None
            ]
            problems += [
                f"{name}: a figure has no aria-label"
                for tag in page.find_all("svg", class_="nuem-figure")
                if len(tag.get("aria-label", "").split()) < 5
            ]
        return problems

    def twin_ids(self) -> list[str]:
        """Ids that stand twice on a page."""
        problems = []
        for name, page in self.pages.items():
            ids = Counter(tag["id"] for tag in page.find_all(attrs={"id": True}))
            problems += [f"{name}: id {key} stands twice" for key, times in sorted(ids.items()) if times > 1]
        return problems

    def heavy_pages(self, limit: int) -> list[str]:
        """Pages that make a browser fetch more compressed bytes than the limit."""
        problems = []
        for name, page in self.pages.items():
            addresses = {name.rpartition("/")[2]}
            for tag in page.find_all(["script", "link", "img"]):
                if tag.name != "link" or set(tag.get("rel", [])) & {"stylesheet", "preload", "icon"}:
                    addresses.add(urlsplit(tag.get("src") or tag.get("href") or "").path)
            files = {((self.folder / name).parent / unquote(address)).resolve() for address in addresses if address}
            if page.find("math"):
                files.add(self.folder / "_static" / "mathematics.woff2")
            size = sum(_compressed(file) for file in files if file.is_file())
            if size > limit:
                problems.append(f"{name} weighs {size / 1e6:.2f} MB")
        return problems


def _compressed(file: Path) -> int:
    content = file.read_bytes()
    return len(content) if file.suffix in (".woff2", ".png") else len(gzip.compress(content))
