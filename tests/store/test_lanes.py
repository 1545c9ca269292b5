"""Room for queries is given in turn, and none of it gets lost."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wir2graph.store.base import Limits, StoreBusy
from wir2graph.store.lanes import Lane

LONG = Limits(seconds=60)


def test_a_second_client_does_not_wait_behind_all_queries_of_the_first() -> None:
    async def main() -> list[str]:
        lane = Lane(1, 10)
        order: list[str] = []

        async def query(client: str) -> None:
            await lane.enter(client, LONG)
            order.append(client)
            await asyncio.sleep(0)
            lane.leave(client)

        await lane.enter("greedy", LONG)
        second = Lane(2, 10)
        await second.enter("greedy", LONG)
        await second.enter("greedy", LONG)

        async def other(client: str) -> None:
            await second.enter(client, LONG)
            order.append(client)

        tasks = [asyncio.create_task(other(client)) for client in ("greedy", "greedy", "modest")]
        await asyncio.sleep(0)
        second.leave("greedy")
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        return order

    assert asyncio.run(main()) == ["modest"]


def test_who_waits_as_long_as_the_deadline_is_sent_away() -> None:
    async def main() -> None:
        lane = Lane(1, 10)
        await lane.enter("a", LONG)
        with pytest.raises(StoreBusy) as busy:
            await lane.enter("b", Limits(seconds=0.05))
        assert busy.value.retry_after >= 1
        lane.leave("a")
        assert lane.used == 0
        await lane.enter("b", LONG)

    asyncio.run(main())


def test_whoever_has_a_place_or_waits_is_known_and_nobody_else() -> None:
    async def main() -> None:
        lane = Lane(1, 10)
        await lane.enter("a", LONG)
        waiting = asyncio.create_task(lane.enter("b", LONG))
        await asyncio.sleep(0)
        assert lane.clients == {"a", "b"}
        lane.leave("a")
        await waiting
        assert lane.clients == {"b"}
        lane.leave("b")
        assert lane.clients == frozenset()

    asyncio.run(main())


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=30), st.integers(1, 3))
def test_all_room_comes_back_whoever_gives_up(queries: list[tuple[str, int, bool]], size: int) -> None:
    async def main() -> None:
        lane = Lane(size, len(queries))
        most = 0

        async def query(client: str, steps: int) -> None:
            nonlocal most
            await lane.enter(client, LONG)
            most = max(most, lane.used)
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                lane.leave(client)

        tasks = [(asyncio.create_task(query(client, steps)), impatient) for client, steps, impatient in queries]
        await asyncio.sleep(0)
        for task, impatient in tasks:
            if impatient:
                task.cancel()
                await asyncio.sleep(0)
        done = await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
        assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in done)
        assert most <= size
        assert lane.used == 0
        assert lane.clients == frozenset(), "who has left is still known"
        for _ in range(size):
            await asyncio.wait_for(lane.enter("z", LONG), 1)

    asyncio.run(main())
