import threading

import pytest

from penstock.local.services.rounds import Rounds


def test_a_round_that_fails_is_written_down_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    done, again = [], threading.Event()

    def do() -> None:
        done.append(1)
        if len(done) == 1:
            raise ValueError("out of order")
        again.set()

    rounds = Rounds("metrics", do, pause=lambda: 0)
    rounds.start()
    assert again.wait(10)
    rounds.close()
    assert "metrics: a round failed" in caplog.text
    assert "out of order" in caplog.text


def test_none_comes_once_it_is_closed() -> None:
    done: list[int] = []
    rounds = Rounds("metrics", lambda: done.append(1), pause=lambda: 0)
    rounds.start()
    rounds.close()
    count = len(done)
    assert not any(thread.name == "metrics" for thread in threading.enumerate())
    assert len(done) == count


def test_what_never_began_can_be_closed() -> None:
    rounds = Rounds("metrics", lambda: None, pause=lambda: 0)
    rounds.close()
    assert not rounds.started
