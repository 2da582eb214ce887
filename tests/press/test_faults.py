"""Whatever ends a build, and whenever: a good site stays, nobody stays behind, and the next build is right.

`make test` tries three random moments, `make test-faults` thirty.
"""

import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from nuem.press.book import STAMP, Book
from test_book import CHAPTER, SYNTHESIS, contents, write_book, write_chapter

MOMENTS = int(os.environ.get("FAULT_MOMENTS", "3"))
PATIENCE = 600  # seconds; a guard alone
WORKING = """
import time, nuem
chapter = nuem.Chapter(overrides)
chapter.number("error", {factor} * chapter.today.muon_anomaly_error, "the error")
time.sleep(0.5)
"""
COMPARING = "import nuem\nprint(len(nuem.reader.other_chapters()[0]), {number})"


class Builds:
    """A small book that knows two states of its sources, and what a clean build makes of each."""

    def __init__(self, root):
        write_book(root)
        (root / "reference" / "bibliography.md").write_text("# Bibliography\n")
        self.book = Book(root, root / "_build")
        self.state = 0
        self.clean, self.seconds = [], 0.0
        for state in (1, 0):
            self.change(state)
            shutil.rmtree(self.book.build, ignore_errors=True)
            started = time.monotonic()
            self.succeeds()
            self.seconds = time.monotonic() - started
            self.clean.insert(0, self.site())

    def change(self, state):
        """Write one of the two states: it makes every part of a build work, chapter, synthesis and pages."""
        root = self.book.root
        write_chapter(root, CHAPTER, WORKING.format(factor=state + 2))
        write_chapter(root, SYNTHESIS, COMPARING.format(number=state))
        (root / "index.md").write_text(f"# A small book\n\nSentence {state}.\n")
        self.state = state

    def start(self, largest_file=None):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        return subprocess.Popen(
            [sys.executable, "-m", "nuem", "build", "--jobs", "2"],
            cwd=self.book.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=limit if largest_file else None,
        )

    def succeeds(self):
        running = self.start()
        said, _ = running.communicate()
        assert running.returncode == 0, said

    def site(self):
        """The site as it stands, without the times of its build; None if there is none."""
        if not self.book.html.is_dir():
            return None
        return {name: text for name, text in contents(self.book.html).items() if name.name != STAMP}

    def is_whole(self):
        """Whether one of the two states stands, whole; a build that dies while it swaps puts the old one aside."""
        return self.site() in self.clean or (self.book.html.with_name("html.old").is_dir() and self.site() is None)


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    root = tmp_path_factory.mktemp("faults") / "a small book"
    root.mkdir()
    return Builds(root)


def family(process):
    """A process and all that it started, with what they do."""
    members = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        for member in (process, *process.children(recursive=True)):
            members[member] = " ".join(member.cmdline())
    return members


def wait_for(what, *arguments):
    deadline = time.monotonic() + PATIENCE
    while not (found := what(*arguments)):
        assert time.monotonic() < deadline, f"{what.__name__} never came"
        time.sleep(0.2)
    return found


def assert_all_end(members):
    _, alive = psutil.wait_procs(members, timeout=PATIENCE)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE], "they outlive the build"


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_a_random_moment(builds, moment):
    choose = random.Random(moment)
    builds.change(1 - builds.state)
    running = builds.start()
    time.sleep(choose.uniform(0.1, 1.1) * builds.seconds)
    members = family(psutil.Process(running.pid))
    victim = choose.choice(list(members)) if members and moment % 2 else psutil.Process(running.pid)
    what = members.get(victim, "")
    with contextlib.suppress(psutil.NoSuchProcess):
        victim.kill()
    said, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode in (0, 1, -signal.SIGKILL), said
    assert running.returncode != 1 or "Traceback" not in said, (what, said)
    assert_all_end(members)
    assert builds.is_whole(), f"after the end of {what}"
    builds.succeeds()
    assert builds.site() == builds.clean[builds.state], f"after the end of {what}"
    left = [path for path in builds.book.build.rglob("*") if path.suffix in (".part", ".old") or path.name == "next"]
    assert left == []


@pytest.mark.parametrize("fraction", [0.0005, 0.02, 0.3, 0.95])
def test_a_disk_that_is_full_for_every_file_above_a_size(builds, fraction):
    """The larger the file that fits, the later the build ends."""
    largest = max(path.stat().st_size for path in builds.book.build.rglob("*") if path.is_file())
    builds.change(1 - builds.state)
    running = builds.start(largest_file=int(fraction * largest))
    said, _ = running.communicate()
    assert running.returncode == 1, said
    assert "File too large" in said and "error: " in said and "Traceback" not in said
    assert builds.is_whole()
    builds.succeeds()
    assert builds.site() == builds.clean[builds.state]


def sphinx_of(running):
    """The process that makes the pages: it leads a group, and isn't a kernel, which leads a session as well."""
    for process in family(psutil.Process(running.pid)):
        with contextlib.suppress(ProcessLookupError):
            leads = process.pid == os.getpgid(process.pid) != os.getsid(process.pid)
            if leads and process.pid != running.pid:
                return process
    return None


def test_sphinx_holds_the_lock_as_long_as_it_writes(builds):
    """A build that comes after a killed one must not meet a Sphinx that still writes."""
    builds.change(1 - builds.state)
    running = builds.start()
    sphinx = wait_for(sphinx_of, running)
    assert str(builds.book.build / ".lock") in {file.path for file in sphinx.open_files()}
    members = family(psutil.Process(running.pid))
    running.kill()
    running.communicate()
    assert_all_end(members)
    builds.succeeds()
    assert builds.site() == builds.clean[builds.state]


def test_what_is_saved_while_a_build_works_is_new_to_the_next(builds):
    builds.change(1 - builds.state)
    running = builds.start()
    wait_for(sphinx_of, running)
    builds.change(1 - builds.state)
    said, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0 or "the executed copy is stale; run `make book` again" in said
    builds.succeeds()
    assert builds.site() == builds.clean[builds.state]
