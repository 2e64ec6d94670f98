from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from served import Server
    from trainer import Outcome, Trainer


@pytest.fixture(scope="module")
def server(container: Trainer, trained: Outcome) -> Iterator[Server]:
    with container.serve(trained.base) as running:
        yield running


def test_it_answers_by_what_it_has_learnt(server: Server) -> None:
    assert server.call("GET", "/ping").status == 200
    answer = server.post("20.5,red\n20.5,blue\n", Accept="application/json")
    assert json.loads(answer.text)["predictions"] == pytest.approx([205, 305], abs=40)


def test_a_row_has_the_same_answer_in_any_batch(server: Server) -> None:
    rows = [f"{number % 40}.25,{('red', 'blue', '')[number % 3]}" for number in range(2_000)]
    answers = server.post("\n".join(rows)).text.splitlines()
    assert answers[:20] == [server.post(row).text.strip() for row in rows[:20]]
    assert answers[120:240] == answers[:120]


def test_a_category_that_was_never_seen_is_missing(server: Server) -> None:
    unseen, empty = server.post("20.5,ultraviolet\n20.5,\n").values
    assert unseen == empty


def test_a_number_may_be_missing(server: Server) -> None:
    answer = server.post(",red\n")
    assert (answer.status, 0 < answer.values[0] < 500) == (200, True)


@pytest.mark.parametrize("name", ["model.txt", "categories.json"])
def test_a_file_that_was_changed_is_not_served(container: Trainer, trained: Outcome, tmp_path: Path, name: str) -> None:
    shutil.copytree(trained.base / "model", tmp_path / "model")
    with (tmp_path / "model" / name).open("ab") as file:
        file.write(b" ")
    outcome = container.run(tmp_path, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log.startswith("Train again: ")
    assert "Traceback" not in outcome.log


def test_the_library_brings_neither_threads_nor_what_serving_has_no_use_for(
    container: Trainer, trained: Outcome
) -> None:
    program = """
import os, sys, numpy
from pathlib import Path
threads = len(os.listdir("/proc/self/task"))
from boosting.model import load
from runtime.serving.answering import Answering
Answering(load(Path(sys.argv[1])), 1000).try_out()
print([name for name in ("pandas", "sklearn", "pyarrow", "runtime.training") if name in sys.modules])
print(len(os.listdir("/proc/self/task")) - threads)
"""
    outcome = container.run(trained.base, "python3", "-c", program, trained.base / "model")
    assert outcome.log == "[]\n0\n"
