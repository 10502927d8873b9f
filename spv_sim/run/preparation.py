"""What a run of one deal and of a programme have in common: options, faults with their place, the folder."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.errors import UserError
    from spv_sim.scenario.origins import Setting
    from spv_sim.scenario.read import Loaded

RUNS = Path("runs")


@dataclass(frozen=True)
class Options:
    """How to run a scenario that was read.

    file : the scenario, as the user named it.
    sets : assignments `key=value` with which it was read.
    typed : the command line, kept beside the results.
    decisive : the words of it, after `run FILE`, that decide the numbers.
    until : errors that the run should reach, as typed; empty for a number of paths.
    folder : None for a folder named by the deal and a digest of its inputs, under `runs/`.
    """

    file: str
    sets: Sequence[str] = ()
    typed: Sequence[str] = ()
    decisive: Sequence[str] = ()
    until: Sequence[str] = ()
    workers: int | None = None
    folder: Path | None = None
    with_report: bool = True


def ignore(_: object) -> None:
    """Hear of something and do nothing."""


@contextmanager
def placed(loaded: Loaded) -> Iterator[None]:
    """Show a fault of the closing at its place in the file.

    Raises
    ------
    UserError
    """
    from spv_sim.errors import UserError

    try:
        yield
    except UserError as fault:
        found = [
            problem
            if problem.key is None or problem.file
            else loaded.problem(problem.code, problem.key, problem.message, help=problem.help)
            for problem in fault.problems
        ]
        raise UserError(*found, exit_code=fault.exit_code) from fault


def target_folder(name: str, settings: Sequence[Setting], options: Options, kernel: str) -> Path:
    """Where the run goes: as asked, else a name that equal inputs share."""
    from spv_sim.store.document import content_key
    from spv_sim.store.slug import folder_name

    if options.folder is not None:
        return options.folder
    inputs = {"settings": [(setting.key, setting.value) for setting in settings], "kernel": kernel}
    inputs |= {"until": list(options.until)} if options.until else {}
    return RUNS / folder_name(name, content_key(inputs))


def make_way(
    name: str, settings: Sequence[Setting], options: Options, note: Callable[[str], None]
) -> tuple[Path, str]:
    """The folder of the run, which can be written, and the digest of the kernel that will make it.

    Raises
    ------
    UserError : where the folder must not be replaced, or cannot be written.
    """
    from spv_sim.kernel.cache import kernel_digest
    from spv_sim.kernel.jit import is_compiled
    from spv_sim.store.run_folder import check_target, check_writable

    kernel = kernel_digest()
    folder = target_folder(name, settings, options, kernel)
    check_target(folder, automatic=options.folder is None)
    check_writable(folder)
    if not is_compiled():
        note("compiling the engine for this machine, once: about a minute")
    return folder, kernel


@contextmanager
def explained(options: Options, seed: int) -> Iterator[None]:
    """Tell a broken identity with the command that shows its path.

    Raises
    ------
    UserError : exit code 70.
    """
    from spv_sim.analysis.breach import IdentityError

    try:
        yield
    except IdentityError as breach:
        sets = [word for assignment in options.sets for word in ("--set", assignment)]
        raise explain_breach(breach, options.file, ["--seed", str(seed), *sets]) from breach


def explain_breach(breach: IdentityError, file: str, words: Sequence[str]) -> UserError:
    """A broken identity in words, with the command that shows its path; `words` are of that command."""
    from spv_sim.errors import BUG, Problem, UserError

    message = f"{breach}; this is a fault of spv-sim, not of your input, and nothing was written"
    help = None
    if breach.path is not None:
        vehicle = ["--spv", breach.vehicle] if breach.vehicle is not None else []
        command = shlex.join(["spv-sim", "replay", file, str(breach.path), *vehicle, *words])
        help = f"see every cash flow of that path with: {command}"
    return UserError(Problem("identity", message, file=file, help=help), exit_code=BUG)
