"""The page "Scaling out" keeps its promise: its code runs, and a Dask cluster finds the same numbers as one process."""

import os
import re
import signal
import threading

import joblib
import numpy as np
from conftest import ROOT
from nuem import scans

PAGE = ROOT / "reference" / "scaling-out.md"
SCHEDULER = '"tcp://scheduler.example.org:8786"'


def blocks():
    """The Python code of the page, except for the line that it quotes from the chapter."""
    found = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)
    quoted = [block for block in found if "TOYS" in block]
    assert len(quoted) == 1
    return [block for block in found if block not in quoted]


def test_the_code_of_the_page_gives_the_same_numbers_on_a_local_dask_cluster():
    from dask.distributed import LocalCluster

    code = "\n".join(blocks()).replace('backend="loky", n_jobs=-1', 'backend="loky", n_jobs=2')
    assert code.count(SCHEDULER) == 1
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        scope = {"__name__": "scaling_out", "address": cluster.scheduler_address}
        try:
            exec(code.replace(SCHEDULER, "address"), scope)
            alone, spread = scope["alone"], scope["spread"]
            workers = scope["client"].scheduler_info()["workers"]
            assert len(workers) == 2
        finally:
            if "client" in scope:
                scope["client"].close()
    assert alone.shape == (2000, 1)
    assert np.array_equal(alone, spread) and np.array_equal(alone, scope["together"])
    assert len(np.unique(alone)) == 2000
    scanned = scope["table"]
    assert len(scanned) == len(scope["own"]) and scanned == scans.bounds("chapters/laboratory/muon-g-2", scope["own"])
    assert scope["curve"][0] == 1.0 and min(scope["curve"]) > 0.85


def test_a_worker_that_is_killed_in_the_middle_of_a_scan_changes_no_number():
    from dask.distributed import Client, LocalCluster

    own = [{"muon_anomaly_theory": f"{value}(62)e-11"} for value in range(116591900, 116591920)]
    alone = scans.bounds("chapters/laboratory/muon-g-2", own)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
        joblib.parallel_config(backend="dask", n_jobs=-1),
    ):
        before = set(client.run(os.getpid).values())
        killer = threading.Timer(1, os.kill, (min(before), signal.SIGKILL))  # each worker runs the chapter by then
        killer.start()
        spread = scans.bounds("chapters/laboratory/muon-g-2", own)
        killer.join()
        assert min(before) not in set(client.run(os.getpid).values()), "nobody was killed"
    assert spread == alone


def test_the_quoted_line_stands_in_the_chapter(book):
    cells = book.notebook("chapters/laboratory/reactor-millicharge")["cells"]
    text = "".join("".join(cell["source"]) for cell in cells)
    assert "statistics.toys(" in text and '[models["moment"], models["square"]], TOYS, seed=1411' in text
