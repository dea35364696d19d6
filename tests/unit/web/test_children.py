import os
import sys
import time
from pathlib import Path

import pytest

from web.children import Children
from web.errors import ChildError

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_child_that_fails_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    code = "import sys; print('the disk is full'); sys.exit(3)"
    with (
        Children(tmp_path, os.environ) as children,
        pytest.raises(ChildError, match=r"copy failed \(3\): the disk is full"),
    ):
        children.run("copy", [sys.executable, "-c", code])


def test_what_a_child_says_is_kept(tmp_path: Path) -> None:
    with Children(tmp_path / "logs", {**os.environ, "WORD": "xin chào"}) as children:
        children.run("say", [sys.executable, "-c", "import os; print(os.environ['WORD'])"])
    assert (tmp_path / "logs" / "say.log").read_text("utf-8") == "xin chào\n"


def test_no_child_outlives_the_context(tmp_path: Path) -> None:
    began = time.monotonic()
    with Children(tmp_path, os.environ) as children:
        child = children.start("sleep", SLEEPS)
        assert child.poll() is None
    assert child.returncode is not None
    assert time.monotonic() - began < 30


def test_nothing_starts_once_all_are_stopped(tmp_path: Path) -> None:
    children = Children(tmp_path, os.environ)
    children.close()
    with pytest.raises(ChildError, match="stopped"):
        children.start("late", SLEEPS)
