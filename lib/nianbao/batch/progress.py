"""What a run shows while it goes on: a bar with the lines above it on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from nianbao.batch.run import Event


@contextmanager
def shown(year: int) -> Iterator[Callable[[Event], None]]:
    """A function that shows events on stderr."""
    if not sys.stderr.isatty():
        yield _plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"{year} 年报告", total=None)

        def tell(event: Event) -> None:
            if event.text:
                bar.console.print(event.text, style="red" if event.problem else None, soft_wrap=True)
            bar.update(task, completed=event.done, total=event.total)

        yield tell


def _plain(event: Event) -> None:
    if event.text:
        count = f"[{event.done}/{event.total}] " if event.total else ""
        click.echo(f"{count}{event.text}", err=True)
