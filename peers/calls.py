"""How the scripts here are asked: calls come as JSON, numbers go back."""

import contextlib
import json
import sys
from collections.abc import Callable


def answer(*functions: Callable[..., float]) -> None:
    """Read [[name of a function, its arguments], …], and print the numbers; what the code itself prints is dropped."""
    known = {function.__name__: function for function in functions}
    with contextlib.redirect_stdout(None):
        numbers = [float(known[name](**arguments)) for name, arguments in json.load(sys.stdin)]
    print(json.dumps(numbers))
