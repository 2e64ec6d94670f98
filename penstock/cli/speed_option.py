"""The option of commands that start a local cloud."""

import click

from penstock.local.clock import FASTEST

speed_option = click.option(
    "--speed",
    type=click.FloatRange(1, FASTEST),
    default=1.0,
    show_default=True,
    metavar="FACTOR",
    help="Let so many seconds pass in the cloud for each one here, from 1 to 100,000: in waits, intervals between "
    "retries, schedules, bakes, and the periods of metrics and alarms. Time-outs of real work keep their length.",
)
