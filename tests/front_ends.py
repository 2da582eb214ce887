"""Three reader's copies in other front ends than JupyterLab: what each says at its end.

`make front-ends` runs it on the built book. It needs the network for jupytext and marimo, which go into a folder of
their own, so no test runs it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nuem.errors import NuemError
from nuem.press.book import Book
from nuem.press.copies import write_copies
from nuem.press.site import built

ROOT = Path(__file__).parent.parent
COPIES = ("chapters/laboratory/muon-g-2", "chapters/stars/pulsars", "reference/statistics")
PYTHON = [sys.executable, "-W", "ignore", "-m"]
# Each way runs `a.ipynb` in a folder that is not the book's.
WAYS = {
    "papermill -p": [[*PYTHON, "papermill", "a.ipynb", "out.ipynb", "-p", "overrides", "{}", "--no-progress-bar"]],
    "jupyter execute": [[str(Path(sys.executable).with_name("jupyter-execute")), "a.ipynb", "--output=out"]],
    "nbconvert": [[*PYTHON, "nbconvert", "--to", "html", "--execute", "a.ipynb"]],
    "jupytext": [[*PYTHON, "jupytext", "--to", "py", "a.ipynb"], [*PYTHON, "IPython", "a.py"]],
    "%run": [[*PYTHON, "IPython", "-c", "%run a.ipynb"]],
    "marimo": [[*PYTHON, "marimo", "convert", "a.ipynb", "-o", "m.py"], [sys.executable, "m.py"]],
}


def outcome(commands, folder, environment):
    """The last words of the first command that fails, or nothing."""
    for command in commands:
        result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if result.returncode:
            return (result.stderr or result.stdout).strip().splitlines()[-1]
    return ""


def main():
    """Run all ways; the exit code is the number of failures."""
    try:
        book = built(Book(ROOT, ROOT / "_build"))
    except NuemError as error:
        sys.exit(f"error: {error}")
    tools = ROOT / "_build" / "front-ends"
    install = [*PYTHON, "pip", "install", "--quiet", "--target", str(tools), "--upgrade", "jupytext", "marimo"]
    subprocess.run(install, check=True)
    failures = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_copies(book, folder / "copies", book.html)
        # What the environment of the book has counts first.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path[1:]), str(tools)])}
        for name, commands in WAYS.items():
            for chapter in COPIES:
                work = folder / "work"
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir()
                shutil.copy(folder / "copies" / f"{chapter}.ipynb", work / "a.ipynb")
                words = outcome(commands, work, environment)
                failures += bool(words)
                print(f"{name:16} {chapter:32} {words or 'runs'}", flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main())
