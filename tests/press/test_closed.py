"""What a chapter, a file or a page can't do."""

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from nuem import NuemError
from nuem.press.policy import policy
from nuem.review.inputs import read_overrides

# A machine that the numbers of documentation name: it exists nowhere.
ELSEWHERE = "192.0.2.1"


def said(code):
    """What a process without network answers to some lines of Python."""
    lines = f"from nuem.press import closed\nclosed.refuse_network()\nimport socket, urllib.request\n{code}"
    result = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, timeout=60)
    return result.stdout + result.stderr


@pytest.mark.parametrize(
    "code",
    [
        f"socket.create_connection(('{ELSEWHERE}', 80), timeout=1)",
        f"socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('{ELSEWHERE}', 80))",
        "socket.getaddrinfo('data.example.org', 80)",
        "urllib.request.urlopen('http://data.example.org/spectrum.csv', timeout=1)",
    ],
)
def test_a_chapter_that_asks_another_machine_is_told_to_read_a_file(code):
    assert "it runs without the network; read the data from a file of the book" in said(code)


def test_the_machine_itself_stays_within_reach():
    code = """
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
socket.getaddrinfo("localhost", 80)
from joblib import Parallel, delayed
print(Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, 2)))
"""
    assert said(code).strip() == "[1, 2]"


def test_own_inputs_are_plain_data(tmp_path):
    path = tmp_path / "inputs.yml"
    path.write_text("muon_anomaly_error: !!python/object:datetime.date [2026, 1, 1]\n")
    with pytest.raises(NuemError, match=r"inputs\.yml"):
        read_overrides(path)


def test_a_page_names_the_scripts_that_it_came_with():
    page = "<script>one()</script><script defer src='book.js'></script><script>two()</script>"
    assert policy(page).count("'sha256-") == 2
    assert policy(page) == policy(page.replace("one()", "two()") + "<script>one()</script>")
    assert policy(page) != policy(page.replace("one()", "three()"))
    assert "unsafe-eval" not in policy(page) and "script-src 'self' 'unsafe-inline'" not in policy(page)


def test_every_page_has_its_policy_before_anything_is_loaded(book):
    pages = sorted(book.html.rglob("*.html"))
    assert len(pages) > 30
    for place in pages:
        text = place.read_text("utf-8")
        meta = BeautifulSoup(text, "html.parser").find_all("meta", {"http-equiv": "Content-Security-Policy"})
        assert [tag["content"] for tag in meta] == [policy(text)], place
        assert text.index("Content-Security-Policy") < min(text.index("<script"), text.index("<link")), place
