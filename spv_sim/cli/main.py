"""The command line: finds the command, runs it, and turns whatever happens into words and an exit status."""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import sys
from collections.abc import Mapping, Sequence

import click

from spv_sim import __version__
from spv_sim.cli.signals import Stopped, stoppable
from spv_sim.errors import BUG, CANNOT_WRITE, USAGE, UserError, printable

INTERRUPTED = 130
PIPE_CLOSED = 141
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("spv_sim.cli.init", "Write a commented scenario to start from."),
    "validate": ("spv_sim.cli.validate", "Check scenario files and show every fault with its place."),
    "explain": ("spv_sim.cli.explain", "Explain a setting, a metric, or every value of a scenario."),
    "run": ("spv_sim.cli.run", "Simulate a scenario and write a run folder."),
    "sweep": ("spv_sim.cli.sweep", "Run a grid of settings, many deals on one market, and map break-evens."),
    "compare": (
        "spv_sim.cli.compare",
        "Compare two deals on the same draws, with the error of the difference.",
    ),
    "solve": ("spv_sim.cli.solve", "Find the value of a setting at which a metric meets a target."),
    "replay": ("spv_sim.cli.replay", "Show every cash flow of one path, month by month."),
    "bench": ("spv_sim.cli.bench", "Measure the engine as ratios, and hold it to a baseline."),
    "schema": ("spv_sim.cli.schema", "Print the JSON Schema of scenario files, for editors."),
}
"""Command -> the module whose `command` it is, imported only when called; and its line in the help."""

HELP = """Simulate the cash flows of vehicles that buy GPUs with equity and debt and lease them.

\b
Exit status: 0 done, 1 a check you asked for failed, 2 usage or scenario error,
3 a sweep with points that failed, 4 could not write, 70 bug, 130 interrupted, 143 terminated.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(found, click.Command)  # noqa: S101 - a command module without a command is a bug
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {printable(args[0])!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="spv-sim %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
def cli() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    As the program itself, without arguments, it ends the process: see `_leave`.
    """
    if arguments is not None:
        return call(arguments)
    gc.disable()  # what imports make stays, and would be searched again and again: a tenth of a short run
    status = call(sys.argv[1:])
    _leave(status)
    return status


def call(given: Sequence[str]) -> int:
    """Run the command line within a process that goes on, and return its exit status."""
    is_debugging, arguments = "--debug" in given, [word for word in given if word != "--debug"]
    if "_SPV_SIM_COMPLETE" in os.environ:
        cli.main(arguments, prog_name="spv-sim")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with stoppable():
            status = _call(arguments)
            if sys.stdout is not None:
                sys.stdout.flush()
    except Exception as fault:
        if is_debugging:
            import traceback

            traceback.print_exc()
        status = _explain(fault, arguments)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        status = INTERRUPTED
    except Stopped as stop:
        click.echo("terminated", err=True)
        status = stop.exit_code
    return status


def _leave(status: int) -> None:
    """End the process once all is written, without taking the interpreter apart: a fifth of a run.

    A traced process and one that stays open for questions end in the ordinary way.
    """
    if sys.gettrace() or sys.getprofile() or sys.flags.interactive or sys.flags.inspect:
        return
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        return
    os._exit(status)


def _call(arguments: Sequence[str]) -> int:
    try:
        with cli.make_context(
            "spv-sim", list(arguments), obj=tuple(arguments), color=_wants_color()
        ) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    return result if isinstance(result, int) else 0


def _explain(fault: Exception, arguments: Sequence[str]) -> int:
    if isinstance(fault, UserError):
        click.echo(describe(fault), err=True)
        return fault.exit_code
    if isinstance(fault, click.exceptions.NoArgsIsHelpError):
        fault.show()
        return USAGE
    if isinstance(fault, click.ClickException):
        fault.show()
        return USAGE if isinstance(fault, click.UsageError) else fault.exit_code
    if isinstance(fault, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    if isinstance(fault, OSError):
        _abandon_output()
        if fault.errno == errno.EPIPE:
            return PIPE_CLOSED
        place = f" {fault.filename}" if fault.filename else ""
        click.echo(printable(f"error[cannot-write]{place}: {fault.strerror or fault}"), err=True)
        return CANNOT_WRITE
    if isinstance(fault, MemoryError):
        click.echo("error[memory] there is not enough memory; --keep N keeps fewer values", err=True)
        return CANNOT_WRITE
    from spv_sim.cli.crash import report_crash

    click.echo(report_crash(fault, arguments), err=True)
    return BUG


def describe(fault: UserError) -> str:
    """Every problem of an error, and a line that counts them."""
    problems = fault.problems
    files = list(dict.fromkeys(problem.file for problem in problems if problem.file))
    count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
    where = f" in {files[0]}" if len(files) == 1 else f" in {len(files)} places" if files else ""
    keys = (problem.key for problem in problems if problem.key and problem.code != "unknown-key")
    key = next(keys, "").removeprefix("sweep.")  # that table names settings
    hint = f" `spv-sim explain {key}` shows the setting." if key else ""
    return "\n".join([*(str(problem) for problem in problems), printable(f"{count}{where}.{hint}")])


def _wants_color() -> bool | None:
    """None leaves the choice to whether the output is a terminal."""
    if os.environ.get("NO_COLOR") or os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _abandon_output() -> None:
    """Point the output at nothing, so that the interpreter does not fail again when it flushes at exit."""
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return
