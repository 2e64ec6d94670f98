"""The option of commands that start a local cloud."""

from typing import Any

import click

from penstock.local.clock import FASTEST


class _Speed(click.ParamType[float]):
    name = "speed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            speed = float(value)
        except ValueError:
            speed = 0.0
        if not 1 <= speed <= FASTEST:
            self.fail(f"{value!r} is not a number from 1 to {FASTEST:,.0f}.", param, ctx)
        return speed


speed_option = click.option(
    "--speed",
    type=_Speed(),
    default=1.0,
    show_default=True,
    metavar="FACTOR",
    help="Let so many seconds pass in the cloud for each one here, from 1 to 100,000: in waits, intervals between "
    "retries, schedules, bakes, and the periods of metrics and alarms. Time-outs of real work keep their length.",
)
