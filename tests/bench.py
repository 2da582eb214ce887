"""`make bench`: how fast the build is, against the build of an old commit, and how fast the physics.

Absolute seconds depend on the machine; the ratios are what to watch. The builds are measured in turns, three times each
(`build`, about twelve minutes on two cores and two more when the old commit gets its environment), then a scan of an
input (`scan`, a minute) and parts of the package (`parts`, two minutes). `make bench ONLY=build` does one of them. Two
more are done on request only: `ONLY=tests`, what `make test` takes after `make book`, in both commits (five minutes or
more), and `ONLY=programs`, the chapters as plain programs (two minutes).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from bench_counting import bench_counting

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


# -- builds ------------------------------------------------------------------------------------------------------------

OLD = "44c175c"  # what the targets refer to
OLD_TREE = ROOT / "_build" / "bench" / OLD


def old_tree() -> Path:
    """The old commit in a folder of its own, with the environment of its own lock, built once."""
    if not (OLD_TREE / "_build" / "html").is_dir():
        shutil.rmtree(OLD_TREE, ignore_errors=True)
        OLD_TREE.mkdir(parents=True)
        archive = subprocess.run(["git", "-C", str(ROOT), "archive", OLD], capture_output=True)
        if archive.returncode:
            raise SystemExit(f"this copy has no commit {OLD}; fetch the whole history")
        subprocess.run(["tar", "-x", "-C", str(OLD_TREE)], input=archive.stdout, check=True)
        print(f"making the environment of {OLD} and its first build", flush=True)
        run("make", "book", cwd=OLD_TREE)
    return OLD_TREE


class Copy:
    """A copy of the book that may be changed, built with this environment."""

    def __init__(self, root: Path):
        copy_book(root)
        self.root = root
        self.changes = 0
        self.environment = {"PYTHONPATH": str(root / "lib")}

    def build(self, *arguments: str) -> str:
        return run(BIN / "python", "-m", "nuem", "build", *arguments, cwd=self.root, **self.environment)

    def clean(self) -> None:
        shutil.rmtree(self.root / "_build", ignore_errors=True)

    def edit(self, place: str, old: str, new: str) -> None:
        path = self.root / place
        text = path.read_text("utf-8")
        if old not in text:
            raise SystemExit(f"{place} has no {old!r} any more; name another change in tests/bench.py")
        path.write_text(text.replace(old, new, 1), "utf-8")

    def edit_cell(self, kind: str, add: str) -> None:
        """Add to the last cell of a kind in the chapter that all changes are made in."""
        path = self.root / f"{CHAPTER}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        cell = [cell for cell in notebook["cells"] if cell["cell_type"] == kind][-1]
        cell["source"] = "".join(cell["source"]) + add
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")

    def stamps(self) -> list[dict[str, Any]]:
        copies = sorted((self.root / "_build" / "executed").rglob("*.ipynb"))
        return [json.loads(path.read_text("utf-8"))["metadata"]["nuem"] for path in copies]

    def website_seconds(self) -> float:
        return float(json.loads((self.root / "_build" / "html" / ".fingerprint").read_text())["seconds"])


CHAPTER = "chapters/laboratory/muon-g-2"
INPUT_FILE, INPUT = "lib/nuem/data/inputs/muon-g-2.yml", "muon_anomaly_theory"  # which no other chapter uses


def a_sentence(book: Copy, number: int) -> None:
    book.edit_cell("markdown", f"\n\nThis is sentence {number}.")


def a_line_of_code(book: Copy, number: int) -> None:
    book.edit_cell("code", f"\nunused = {number}")


def an_input(book: Copy, number: int) -> None:
    """Another last digit of an input's value of today."""
    text = (book.root / INPUT_FILE).read_text("utf-8")
    found = re.search(rf'^{INPUT}:\n(?:  .*\n)*?  today: \{{value: "\d+(?=\d\()', text, re.M)
    if not found:
        raise SystemExit(f"{INPUT_FILE} has no typed value of {INPUT} for today; name another input in tests/bench.py")
    digit = text[found.end()]
    book.edit(INPUT_FILE, found[0] + digit, f"{found[0]}{(int(digit) + 1) % 10}")


def a_word_of_the_press(book: Copy, number: int) -> None:
    book.edit("lib/nuem/press/tables.py", '"""', f'"""({number}) ')


def a_style(book: Copy, number: int) -> None:
    book.edit("assets/nuem.css", "{", f"{{ --number: {number};")


def nothing(book: Copy, number: int) -> None:
    pass


CHANGES: dict[str, tuple[float, Callable[[Copy, int], None]]] = {
    "one sentence in one chapter": (0.10, a_sentence),
    "one line of code in one chapter": (0.15, a_line_of_code),
    "today's value of one input of one chapter": (0.15, an_input),
    "a word in the press": (0.20, a_word_of_the_press),
    "a style": (0.20, a_style),
}


def seconds_of(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def row(name: str, measured: float, target: float, unit: str = "") -> None:
    words = "" if measured <= target else "   misses"
    print(f"  {name:58} {measured:7.2f}{unit:3} target {target:5.2f}{unit}{words}", flush=True)


def bench_build() -> None:
    """The table of the build, each row the median of three ratios to the old commit's build in the same turn."""
    before = old_tree()
    ratios: dict[str, list[float]] = {}
    olds, news, limits, peaks, nothings = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        book = Copy(Path(folder) / "book")
        own_inputs = Path(folder) / "own.yml"
        book.build()  # fills caches: byte code, fonts
        for turn in range(1, REPEATS + 1):
            shutil.rmtree(before / "_build")
            old = seconds_of(lambda: run(before / ".venv/bin/python", "-m", "nuem", "build", cwd=before))
            book.clean()
            with PeakMemory() as memory:
                new = seconds_of(book.build)
            compute = sum(stamp["compute_seconds"] for stamp in book.stamps())
            limits.append(new / (compute / (os.cpu_count() or 1) + book.website_seconds()))
            peaks.append(memory.peak)
            olds.append(old)
            news.append(new)
            print(f"turn {turn} of {REPEATS}: {OLD} takes {old:.1f} s, now all takes {new:.1f} s", flush=True)
            ratios.setdefault("everything", []).append(new / old)
            own_inputs.write_text(f"{INPUT}: {116592000 + turn}(62)e-11\n")
            custom = seconds_of(lambda: book.build("--inputs", str(own_inputs)))
            ratios.setdefault("own inputs", []).append(custom / old)
            for name, (_, change) in CHANGES.items():
                change(book, turn)
                before_it = {path: path.stat().st_mtime_ns for path in (book.root / "_build/executed").rglob("*.ipynb")}
                seconds = seconds_of(book.build)
                print(f"  {name}: {seconds:.1f} s", flush=True)
                ratios.setdefault(name, []).append(seconds / old)
                if change in (a_sentence, a_word_of_the_press, a_style):
                    assert all(path.stat().st_mtime_ns == then for path, then in before_it.items()), "a chapter ran"
            nothings.append(seconds_of(book.build))
    print(f"builds in turns with {OLD}, medians of {REPEATS}; it takes {statistics.median(olds):.1f} s, now all takes")
    print(f"{statistics.median(news):.1f} s; the rows are ratios to {OLD}'s clean build")
    row("everything (clean _build, warm environment)", statistics.median(ratios["everything"]), 0.50)
    for name, (target, _) in CHANGES.items():
        row(name, statistics.median(ratios[name]), target)
    row("INPUTS= with one override, after a finished build", statistics.median(ratios["own inputs"]), 0.20)
    row("nothing", statistics.median(nothings), 1.0, " s")
    row("full build / (own compute ÷ cores + website)", statistics.median(limits), 1.15)
    row("peak memory of the whole build", statistics.median(peaks), 1.2, " GB")
    RESULTS["own inputs"] = statistics.median(ratios["own inputs"]) * statistics.median(olds)


RESULTS: dict[str, float] = {}


class PeakMemory:
    """The largest memory of this process's descendants together, in GB; what they share counts once."""

    def __enter__(self) -> PeakMemory:
        self.peak, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            total = 0
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    memory = process.memory_full_info()
                    total += getattr(memory, "pss", memory.uss)
            self.peak = max(self.peak, total / 1e9)


def bench_tests() -> None:
    """What `make test` takes after `make book`, now and in the old commit, once each."""
    before = old_tree()
    run("make", "book", cwd=before)
    run("make", ".venv/test", cwd=before)
    old = seconds_of(lambda: run("make", "test", cwd=before))
    run("make", "book", cwd=ROOT)
    new = seconds_of(lambda: run("make", "test", cwd=ROOT))
    print(f"make test after make book: {new:.0f} s, in {OLD} {old:.0f} s")
    row("make test after make book, ratio", new / old, 0.50)


def bench_scan() -> None:
    """200 files with own inputs, through `nuem.scans`, against `make book INPUTS=` for each of them."""
    import joblib
    from dask.distributed import Client, LocalCluster
    from nuem import scans

    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.yml" for number in range(200)]
        for number, file in enumerate(files):
            file.write_text(f"{INPUT}: {116591900 + number}(62)e-11\n")
        ways = {}
        with joblib.parallel_config(backend="loky", n_jobs=-1):
            started = time.perf_counter()
            found = scans.bounds(CHAPTER, files)
            ways["joblib"] = time.perf_counter() - started
        with (
            LocalCluster(n_workers=os.cpu_count(), threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster),
            joblib.parallel_config(backend="dask", n_jobs=-1),
        ):
            started = time.perf_counter()
            same = scans.bounds(CHAPTER, files) == found
            ways["Dask"] = time.perf_counter() - started
    if not same:
        raise SystemExit("the scan on Dask gives other numbers")
    if "own inputs" not in RESULTS:
        with tempfile.TemporaryDirectory() as folder:
            book, own = Copy(Path(folder) / "book"), Path(folder) / "own.yml"
            own.write_text(f"{INPUT}: 116592100(62)e-11\n")
            book.build()
            RESULTS["own inputs"] = seconds_of(lambda: book.build("--inputs", str(own)))
    loop = len(files) * RESULTS["own inputs"]
    print(f"scan of {INPUT} over {len(files)} files with own inputs, {len(found[0])} bounds each")
    for way, seconds in ways.items():
        ratio = loop / seconds
        rate = len(files) * len(found[0]) / seconds
        print(
            f"  {way:7} {seconds:6.1f} s, {rate:5.0f} bounds per second; make book in a loop takes {ratio:5.0f} times"
        )
        print("          as long   target 50" + ("" if ratio >= 50 else "   misses"))


def bench_programs() -> None:
    """Each chapter as a plain program, one at a time, with the imports."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "book"
        names = copy_book(target)
        own = {"PYTHONPATH": str(target / "lib"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        run(BIN / "python", "-m", "nuem", "build", cwd=target, **own)
        alone, checks = {}, {}
        for program in scripts(target, names):
            started = time.perf_counter()
            printed = run(BIN / "python", program, cwd=target, **own)
            checks[program.stem] = float(printed.split()[-1])
            alone[program.stem] = time.perf_counter() - started
    print("chapters as plain programs, one at a time, with the imports; of it the checks of symbolic results:")
    for name, seconds in sorted(alone.items(), key=lambda item: -item[1]):
        share = f"checks {100 * checks[name] / seconds:4.1f} %"
        print(f"    {name:34} {seconds:5.1f} s   {share}" + ("   above 5 s" if seconds > 5 else ""))
    row("checks of symbolic results / own compute", sum(checks.values()) / sum(alone.values()), 0.05)


# -- parts of the package ----------------------------------------------------------------------------------------------


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


def bench_parts() -> None:
    for part in (bench_import, bench_size, bench_recoil, bench_plasma, bench_cosmology, bench_toys, bench_counting):
        part()


PARTS = {"build": bench_build, "scan": bench_scan, "parts": bench_parts}
ON_REQUEST = {"tests": bench_tests, "programs": bench_programs}


def main(asked: list[str]) -> None:
    for name in asked or PARTS:
        seconds = seconds_of({**PARTS, **ON_REQUEST}[name])
        print(f"({name}: {seconds / 60:.1f} minutes)\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
