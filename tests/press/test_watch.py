"""`make watch`: what counts as saved, and how an open page learns of it."""

import threading
from urllib.request import urlopen

import pytest
from nuem.press import watch
from nuem.press.book import STAMP, Book


def test_what_is_saved_counts_and_what_is_built_does_not(tmp_path):
    for name in ("index.md", "chapters/a.ipynb", "_build/html/index.html", ".git/index", "tests/test.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert {path.name for path in watch.saved(tmp_path)} == {"index.md", "a.ipynb"}
    before = watch.saved(tmp_path)
    (tmp_path / "index.md").write_text("more")
    assert before != watch.saved(tmp_path)


@pytest.fixture
def served(tmp_path):
    book = Book(tmp_path, tmp_path / "_build")
    book.html.mkdir(parents=True)
    (book.html / "index.html").write_text("<p>a page</p>")
    (book.html / STAMP).write_text("")
    server = watch.serve(book)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield book, f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read(address):
    with urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def test_a_page_learns_when_the_site_is_another(served):
    book, address = served
    assert read(f"{address}/") == '<p>a page</p><script src="/_watch.js"></script>'
    assert "location.reload()" in read(f"{address}/_watch.js")
    first = read(f"{address}/_changes?")
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(read(f"{address}/_changes?{first}")))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive(), "it answers only when something changed"
    (book.html / STAMP).unlink()
    (book.html / STAMP).write_text("another")
    waiting.join(10)
    assert answers and answers != [first]
