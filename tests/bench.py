"""`make bench`: how long the build takes, as ratios measured in one run (each figure the median of three).

Absolute seconds depend on the machine; the ratios are what to watch.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
REPEATS = 3


def median_seconds(action: Callable[[], None], prepare: Callable[[], None] = lambda: None) -> float:
    """Median wall time of `action`, after `prepare`, which is not timed."""
    times = []
    for _ in range(REPEATS):
        prepare()
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, env={**os.environ, **environment}
    )
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def copy_book(target: Path) -> list[str]:
    ignore = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, target, ignore=ignore)
    return re.findall(r"file: (chapters/\S+)", (target / "_toc.yml").read_text())


def scripts(target: Path, names: list[str]) -> list[Path]:
    """Every chapter as one plain program: its own compute, without papermill or a kernel.

    Its last line prints the seconds that went into the checks of symbolic results.
    """
    paths = []
    last = "from nuem import verified as checks_of_results\nprint(checks_of_results.seconds)"
    for name in names:
        cells = json.loads((target / f"{name}.ipynb").read_text())["cells"]
        path = target / "_build" / "scripts" / f"{Path(name).name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        path.write_text("\n".join([*code, last]))
        paths.append(path)
    return paths


def bench_build() -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "book"
        names = copy_book(target)
        own = {"PYTHONPATH": str(target / "lib"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        build = lambda: run(BIN / "python", "-m", "nuem", "build", cwd=target, **own)  # noqa: E731
        build()  # fills caches: byte code, fonts

        cold = median_seconds(build, lambda: shutil.rmtree(target / "_build"))
        touch = lambda: (target / "index.md").write_text((target / "index.md").read_text() + "\n")  # noqa: E731
        html = median_seconds(build, touch)
        nothing = median_seconds(build)

        alone, checks = {}, {}
        for program in scripts(target, names):
            started = time.perf_counter()
            printed = run(BIN / "python", program, cwd=target, **own)
            checks[program.stem] = float(printed.split()[-1])
            alone[program.stem] = time.perf_counter() - started
        cores = os.cpu_count() or 1
        limit = sum(alone.values()) / cores + html

        settings = (target / "_config.yml").read_text()
        plain = re.sub(r'execute_notebooks: "off".*', "execute_notebooks: force\n  timeout: 600", settings)
        (target / "_config.yml").write_text(plain.replace("nuem.press.extension, ", ""))
        started = time.perf_counter()
        subprocess.run(
            [BIN / "jupyter-book", "build", "--all", "-q", "--path-output", target / "plain", target],
            cwd=target,
            capture_output=True,
            env={**os.environ, **own},
        )
        jupyter_book = time.perf_counter() - started

        print(f"{len(names)} chapters on {cores} cores")
        print(f"  make book, all chapters             {cold:7.1f} s")
        print(f"  of it the website                   {html:7.1f} s")
        print(f"  nothing changed                     {nothing:7.1f} s")
        print(f"  jupyter-book build --all, executing {jupyter_book:7.1f} s")
        print("  chapters as plain programs, one at a time, with the imports; of it the checks of symbolic results:")
        for name, seconds in sorted(alone.items(), key=lambda item: -item[1]):
            share = f"checks {100 * checks[name] / seconds:4.1f} %"
            print(f"    {name:34} {seconds:5.1f} s   {share}" + ("   above 5 s" if seconds > 5 else ""))
        share = sum(checks.values()) / sum(alone.values())
        print(f"ratio  checks of symbolic results / own compute     {share:5.3f}   target 0.050")
        print(f"ratio  make book / jupyter-book build --all        {cold / jupyter_book:5.2f}")
        print(f"ratio  make book / (own compute ÷ cores + website) {cold / limit:5.2f}   target 1.30")


def bench_import() -> None:
    base = "import numpy, sympy, matplotlib.figure, IPython.display"
    with_nuem = median_seconds(lambda: run(sys.executable, "-c", f"{base}; import nuem", cwd=ROOT))
    without = median_seconds(lambda: run(sys.executable, "-c", base, cwd=ROOT))
    print(f"import of nuem adds {with_nuem - without:.2f} s to {without:.2f} s   target 0.20 s")


def bench_size() -> None:
    from importlib.metadata import distributions

    runtime = {
        re.split(r"[=; ]", line)[0].lower()
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }
    sizes = {True: 0, False: 0}
    for distribution in distributions():
        total = sum(
            path.stat().st_size
            for file in distribution.files or ()
            if (path := Path(str(distribution.locate_file(file)))).is_file()
        )
        sizes[re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower() in runtime] += total
    print(
        f"environment: runtime {sizes[True] / 1e6:.0f} MB (target 800), with extras {sum(sizes.values()) / 1e6:.0f} MB "
        "(target 1000)"
    )


def bench_recoil() -> None:
    import numpy as np
    from nuem import Chapter
    from nuem.physics import recoil
    from nuem.review import spectra

    random = np.random.default_rng(1)
    energy, t = random.uniform(1, 8, 10**6), random.uniform(0.001, 0.5, 10**6)
    constants = recoil.Constants.of(Chapter().today)
    couplings = recoil.couplings(0.23, antineutrino=True)
    flux = spectra.reactor()
    points = median_seconds(lambda: recoil.terms(t, energy, constants, *couplings))
    folded = median_seconds(lambda: recoil.terms(t, flux, constants, *couplings))
    print(f"recoil: a million points take {points:.2f} s, folded with a flux {folded:.2f} s   target 0.20 s")


def bench_cosmology() -> None:
    from nuem.physics import cosmology

    started = time.perf_counter()
    cosmology.evolve(1.0)
    first = time.perf_counter() - started  # with the table of the collision kernel
    resolved = median_seconds(lambda: cosmology.evolve(1.0))
    integrated = median_seconds(lambda: cosmology.evolve_energy(1.0))
    print(
        f"Boltzmann equation: momentum by momentum {first:.2f} s the first time (target 1.00), then {resolved:.2f} s; "
        f"integrated {integrated:.2f} s"
    )


def bench_toys() -> None:
    import numpy as np
    from nuem.physics import statistics

    edges = np.linspace(2.8, 55, 523)
    background = np.full(522, 283.0)
    spectrum = statistics.Spectrum(background, background / 4, 4.0)
    square, linear = 100 / edges[:-1] ** 2, -30 / edges[:-1]
    searches = [statistics.Search(spectrum, square, linear, sign=sign) for sign in (1, -1)]
    seconds = median_seconds(lambda: statistics.toys(searches, 2000, seed=1))
    print(f"toys: limits of both signs from 2000 experiments of 522 bins take {seconds:.2f} s   target 5.0 s")


def chapter_names(name: str, last: str) -> dict[str, Any]:
    """What a chapter's cells define, up to the cell `last`."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in json.loads((ROOT / f"{name}.ipynb").read_text())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
            if cell["id"] == last:
                return names
    raise SystemExit(f"{name} has no cell {last}; name another in tests/bench.py")


def bench_counting() -> None:
    """Toys of the xenon spectrum, limits on three couplings by a likelihood ratio; pyhf scans a few of the same."""
    import numpy as np
    import pyhf
    from nuem import counting
    from nuem.physics.statistics import standard_deviations

    chapter = chapter_names("chapters/laboratory/solar-neutrinos-in-xenon", "model")
    noise, kinds = chapter["background"](chapter["today"]), ("moment", "charge", "radius")
    squares = [chapter["tables"](chapter["prediction"], kind)[1] for kind in kinds]
    squares = [square / square.max() for square in squares]  # in units of one event in the fullest bin
    models = [counting.Model([noise], square) for square in squares]

    def evaluate(counts: np.ndarray) -> np.ndarray:
        return np.stack([model.limits(counts, 0.9, "one-sided") for model in models], axis=-1)

    seconds = median_seconds(lambda: counting.toys(models[0], evaluate, 2000, seed=1))
    print(f"counting: limits on three couplings from 2000 toys of the xenon spectrum take {seconds:.2f} s")
    few, grid = 3, np.linspace(0, 12, 41)
    toys = counting.toys(models[0], lambda counts: counts, few, seed=1)
    threshold = standard_deviations(0.9, sided=1) ** 2
    started, theirs = time.perf_counter(), []
    for counts in toys:
        for square in squares:
            signal = {"name": "signal", "data": square.tolist()}
            signal["modifiers"] = [{"name": "mu", "type": "normfactor", "data": None}]
            other = {"name": "background", "data": noise.tolist()}
            other["modifiers"] = [{"name": "size", "type": "normfactor", "data": None}]
            model = pyhf.Model({"channels": [{"name": "counts", "samples": [signal, other]}]}, poi_name="mu")
            fit = {"data": [*counts, *model.config.auxdata], "pdf": model, "return_fitted_val": True}
            fit["par_bounds"] = [(0, 50)] * 2
            lowest = float(pyhf.infer.mle.fit(**fit)[1])
            excess = np.array([float(pyhf.infer.mle.fixed_poi_fit(mu, **fit)[1]) for mu in grid]) - lowest - threshold
            last = np.flatnonzero(excess < 0)[-1]
            theirs.append(np.interp(0.0, excess[last : last + 2], grid[last : last + 2]))
    ratio = (time.perf_counter() - started) / few * 2000 / seconds
    off = np.max(np.abs(np.array(theirs) - evaluate(toys).ravel() ** 2)) / grid[1]
    print(f"  pyhf takes {ratio:.0f} times as long (target 20); its limits are off by {off:.2f} of its grid at most")


def bench_plasma() -> None:
    from nuem import Chapter
    from nuem.physics import plasma
    from nuem.physics.units import Units

    core = plasma.Plasma.electrons(plasma.electron_density(2e5, Units(Chapter().today)), 8.6e-3, 0.511, 1 / 137.036)
    seconds = median_seconds(lambda: core.energy_loss(lambda s: plasma.charge(s, 1.0, 1 / 137.036)))
    momenta = [ratio * core.longitudinal_end for ratio in (0.3, 0.6, 0.9)]
    worst = max(
        abs(float(getattr(core, kind)(k).omega) / core.solve_loop(k, kind) - 1)
        for kind in ("transverse", "longitudinal")
        for k in momenta
    )
    print(
        f"plasma: one energy loss takes {1e3 * seconds:.0f} ms; "
        f"the dispersion is off the full loop by {worst:.1e}   target 1e-2"
    )


def main() -> None:
    bench_import()
    bench_size()
    bench_recoil()
    bench_plasma()
    bench_cosmology()
    bench_toys()
    bench_counting()
    bench_build()


if __name__ == "__main__":
    main()
