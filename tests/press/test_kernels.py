"""A kernel starts warm or, where a system can't fork, as ever: what a chapter says is the same."""

import json
import subprocess
import sys

import pytest
from nuem.press import execution, kernels
from test_book import CHAPTER, GOOD, root, small, write_chapter

__all__ = ["root", "small"]  # fixtures

SAYING = """
import json, multiprocessing, ipykernel
print(multiprocessing.parent_process() is not None, json.loads(ipykernel.get_connection_info())["transport"])
"""


def outputs(book):
    cells = json.loads(book.copy_of(CHAPTER).read_text())["cells"]
    return [output["text"] for cell in cells for output in cell.get("outputs", ())]


@pytest.mark.parametrize("can_fork", [True, False])
def test_a_chapter_runs_with_and_without_fork(root, small, monkeypatch, can_fork):
    """No two kernels can meet at one port: they have none."""
    monkeypatch.setattr(kernels, "CAN_FORK", can_fork)
    write_chapter(root, CHAPTER, GOOD, SAYING)
    execution.run_chapter(small, CHAPTER)
    number, said = outputs(small)
    assert float(number) > 0
    assert said.split() == [str(can_fork), "ipc"]


def test_in_a_build_a_kernel_has_imported_what_chapters_import(root, small):
    """In a worker of the build, too, which is itself a fork of the warm process."""
    write_chapter(
        root, CHAPTER, GOOD, "import sys\nprint({'sympy.printing.jscode', 'scipy.stats'} <= set(sys.modules))"
    )
    command = [sys.executable, "-m", "nuem", "build", "--jobs", "1"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    assert outputs(small)[-1] == "True\n"


def test_a_kernel_that_nobody_asks_for_ends():
    """As when a chapter fails before its first cell; its worker would wait for it for ever."""
    with kernels.forked_ahead():
        ((process, _),) = kernels._forked_ahead
        assert process.is_alive()
    process.join(60)
    assert process.exitcode == 0


def test_no_two_kernels_have_a_socket_in_common():
    names = {kernels.WarmKernelManager().ip for _ in range(2)}
    assert len(names) == 2


def test_without_fork_every_process_is_a_new_program(root, small, monkeypatch, capsys):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    assert kernels.context({}, kernels.WARM).get_start_method() == "spawn"
    execution.execute(small, [CHAPTER], 1)
    assert f"[1/1] {CHAPTER}" in capsys.readouterr().out
