"""Batches that take long: how far each is can be asked at any time, and one that all its callers have left is ended."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor

from aiplayer.errors import AIPlayerError
from aiplayer.thumbnails.progress import Progress
from runners.batching import Item, ModelBatches, Result


class WatchedBatches(ModelBatches[Item, Result]):
    """Batches whose computing tells its progress.

    The results of a batch come all at once, so the share of the batch is that of each of its items.

    Args:
        work: What /metrics calls it.
        what: What a person calls the runner.
        compute: (items, progress) -> as many results, in order, or errors in their places.
        thread: Where they are computed.
        most_items: Of one batch.
        most_waiting: Items that may wait.
        item_s: How long an item takes, in seconds, as far as it is known before the first batch.
        slow_s: A batch that takes longer has a line in the log, in seconds.
        key_of: By what an item is known while it is computed.
    """

    def __init__(
        self,
        work: str,
        what: str,
        compute: Callable[[list[Item], Progress], Sequence[Result | AIPlayerError]],
        thread: ThreadPoolExecutor,
        most_items: int,
        most_waiting: int,
        item_s: float,
        slow_s: float,
        key_of: Callable[[Item], Hashable],
    ) -> None:
        super().__init__(work, what, compute, thread, most_items, most_waiting, item_s, slow_s)
        self._key_of = key_of
        self._under_way: dict[Hashable, Progress] = {}

    def share(self, item: Item) -> float:
        """The share of an item that is computed, 0 to 1; 0 while it waits, and where nobody has asked for it."""
        progress = self._under_way.get(self._key_of(item))
        return progress.share if progress else 0.0

    async def _in_thread(self, items: list[Item], *arguments: object) -> Sequence[Result | AIPlayerError]:
        progress = Progress()
        keys = [self._key_of(item) for item in items]
        self._under_way.update(dict.fromkeys(keys, progress))
        try:
            return await super()._in_thread(items, progress, *arguments)
        finally:
            # Where all callers have left this is cancelled, but the thread goes on until it is told.
            progress.stop()
            for key in keys:
                if self._under_way.get(key) is progress:
                    del self._under_way[key]
