"""What is done with the memory that large requests took."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from runtime.serving import memory

if TYPE_CHECKING:
    import pytest


def test_memory_is_given_back_once_when_no_large_request_has_come_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(memory, "_trim", given.append)
    monkeypatch.setattr(memory, "QUIET_SECONDS", 0.01)

    async def three_requests() -> None:
        used = memory.Memory()
        for _ in range(3):
            used.was_used()
        assert given == []
        while not given:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

    asyncio.run(three_requests())
    assert given == [0]
