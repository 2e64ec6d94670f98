"""One metric over time."""

from bisect import bisect_left, insort
from collections.abc import Iterator

from penstock.local.services.cloudwatch.samples import Samples, merged

_KEPT = 1_440  # a day, where there is something in every minute
_HOUR = 3_600


class Series:
    """The samples of a metric in one unit, by the second in which their minute began, or their own second.

    The newest 1,440 are kept as they are, older ones by the hour, as many again; CloudWatch does so after 15 days.
    """

    def __init__(self) -> None:
        self._times: list[int] = []
        self._samples: dict[int, Samples] = {}

    @property
    def newest(self) -> int:
        """The time of the newest samples; there are some."""
        return self._times[-1]

    def at(self, time: int) -> Samples | None:
        """Return the samples of exactly a time."""
        return self._samples.get(time)

    def make(self, time: int) -> Samples:
        """Return the samples of a time, to add to."""
        samples = self._samples.get(time)
        if samples is None:
            samples = self._samples[time] = Samples()
            insort(self._times, time)
        return samples

    def put(self, time: int, samples: Samples) -> None:
        """Set the samples of a time."""
        self.make(time)
        self._samples[time] = samples

    def between(self, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Return what begins in a span of time, without its end."""
        for time in self._times[bisect_left(self._times, start) : bisect_left(self._times, end)]:
            yield time, self._samples[time]

    def compact(self) -> list[int]:
        """Bring what is old together; return the times of which something changed."""
        if len(self._times) <= 2 * _KEPT:
            return []
        old = {time: self._samples.pop(time) for time in self._times[:-_KEPT]}
        hours: dict[int, list[Samples]] = {}
        for time, samples in old.items():
            hours.setdefault(time - time % _HOUR, []).append(samples)
        kept = sorted(hours)[-_KEPT:]
        # An hour may be under way: its first minute can be among the newest.
        for hour in kept:
            parts = [*hours[hour], *([self._samples[hour]] if hour in self._samples else [])]
            self._samples[hour] = parts[0] if len(parts) == 1 else merged(parts)
        self._times = sorted(self._samples)
        return [*{*old, *kept}]
