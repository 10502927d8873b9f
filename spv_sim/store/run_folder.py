"""Publishes a run folder whole or not at all: staged beside its place, then renamed into it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from spv_sim.errors import CANNOT_WRITE, Problem, UserError
from spv_sim.store.files import contents, settle, settle_tree
from spv_sim.store.manifest import MANIFEST, files_told

_STAGED = ".tmp-spv-sim-"
_RETIRED = ".old-spv-sim-"
_ATTEMPTS = 20
_ADVICE = "choose another folder with -o DIR"


def cannot_write(place: Path, fault: OSError) -> UserError:
    """The error for a result that could not be written: exit code 4."""
    reason = fault.strerror or str(fault)
    hint = {
        errno.ENOSPC: "free some space or choose another disk with -o DIR",
        errno.EACCES: "choose a folder that you may write to with -o DIR",
        errno.EROFS: "choose a folder that you may write to with -o DIR",
    }.get(fault.errno or 0, "nothing was left at that name; choose another place with -o DIR")
    return UserError(
        Problem("cannot-write", f"cannot write {place}: {reason}", help=hint), exit_code=CANNOT_WRITE
    )


def check_target(final: Path, *, automatic: bool = True) -> None:
    """Refuse a place where publishing would follow a link or destroy what is not a run of ours.

    Parameters
    ----------
    final : folder to be published.
    automatic : True when the program chose the name, False when the user did (`-o DIR`).

    Raises
    ------
    UserError : exit code 2, with what to do.
    """
    if final.is_symlink() or (automatic and final.parent.is_symlink()):
        message = f"{final} goes through a link, which outputs never follow"
        raise UserError(Problem("output", message, help=_ADVICE))
    refused = None
    for _ in range(_ATTEMPTS):
        before = _identity(final)
        if before is None:
            return
        try:
            _refuse_strangers(final)
            return
        except (OSError, UserError) as fault:  # or another run replaced it while it was looked at
            if refused == before and not isinstance(fault, FileNotFoundError):
                raise
            refused = before if _identity(final) == before else None
    raise OSError(errno.EBUSY, "the folder is being replaced by other runs", str(final))


def check_writable(final: Path) -> None:
    """Refuse a place that cannot be written to, so that a long run does not fail at its end.

    Raises
    ------
    UserError : exit code 4.

    Limits
    ------
    A disk may still fill up, and some systems tell only when a folder is made.
    """
    place = Path(os.path.abspath(final)).parent
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir():
        raise cannot_write(final, NotADirectoryError(errno.ENOTDIR, f"{place} is not a folder"))
    if not os.access(place, os.W_OK | os.X_OK):
        raise cannot_write(final, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _refuse_strangers(final: Path) -> None:
    if not final.is_dir():
        raise UserError(Problem("output", f"{final} exists and is not a folder", help=_ADVICE))
    present = {name for name, _ in contents(final)}
    if not present and not any(final.iterdir()):
        return
    if MANIFEST not in present or "run.json" not in present:
        message = f"{final} exists and is not a run folder of spv-sim"
        raise UserError(Problem("output", message, help=f"{_ADVICE}, or remove it yourself"))
    strangers = sorted(present - set(files_told(final)) - {MANIFEST})
    if strangers:
        message = f"{final} holds files that spv-sim did not write ({', '.join(strangers[:3])})"
        raise UserError(Problem("output", message, help=f"move them away, or {_ADVICE}"))


def _stage(parent: Path) -> tuple[Path, int]:
    """A new locked folder in `parent`; the lock falls with the process, so nobody mistakes it for stale."""
    for _ in range(_ATTEMPTS):
        path = parent / f"{_STAGED}{secrets.token_hex(6)}"
        os.mkdir(path, 0o777)
        try:
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # swept away as stale before it was locked
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(lock), os.stat(path)):
                return path, lock
        os.close(lock)
    raise OSError(errno.EBUSY, "cannot make a staging folder", str(parent))


def _remove_stale(path: Path) -> None:
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)  # under the lock: its maker may be about to take it
    except OSError:
        return
    finally:
        os.close(lock)


def _is_whole(folder: Path) -> bool:
    try:
        return set(files_told(folder)) <= {name for name, _ in contents(folder)}
    except (UserError, OSError):
        return False


def sweep_stale(parent: Path) -> None:
    """Remove what killed processes left in `parent`; a run moved aside and lost its place returns."""
    for entry in parent.glob(f"{_STAGED}*"):
        _remove_stale(entry)
    for entry in parent.glob(f"{_RETIRED}*"):
        place = parent / entry.name.removeprefix(_RETIRED)[:-13]
        if not os.path.lexists(place) and _is_whole(entry):
            with contextlib.suppress(OSError):
                os.rename(entry, place)
                continue
        shutil.rmtree(entry, ignore_errors=True)


def _put_in_place(staged: Path, final: Path, automatic: bool) -> None:
    for _ in range(_ATTEMPTS):
        try:
            os.rename(staged, final)
            return
        except OSError as fault:
            if fault.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
        check_target(final, automatic=automatic)
        retired = final.parent / f"{_RETIRED}{final.name}-{secrets.token_hex(6)}"
        try:
            os.rename(final, retired)
        except FileNotFoundError:
            continue  # another run took it away first
        try:
            os.rename(staged, final)
        except OSError as fault:
            if fault.errno in (errno.ENOTEMPTY, errno.EEXIST):
                shutil.rmtree(retired, ignore_errors=True)
                continue  # another run came in between: replace that one
            with contextlib.suppress(OSError):
                os.rename(retired, final)
            raise
        shutil.rmtree(retired, ignore_errors=True)
        return
    raise OSError(errno.EBUSY, "the folder is being replaced by other runs", str(final))


@contextlib.contextmanager
def staged(final: Path, *, automatic: bool = True) -> Iterator[Path]:
    """Give a folder to fill; leaving the block without an error publishes it at `final` by one rename.

    Parameters
    ----------
    final : place of the finished folder; missing parents are made. A run folder there is replaced.
    automatic : True when the program chose the name, False when the user did (`-o DIR`).

    Raises
    ------
    UserError : exit code 2 where the place must not be replaced, 4 where writing failed.

    Limits
    ------
    A reader may find no folder for the instant between the two renames of a replacement; never a half one.
    """
    final = Path(os.path.abspath(final))
    folder, lock = None, -1
    try:
        check_target(final, automatic=automatic)
        os.makedirs(final.parent, exist_ok=True)
        sweep_stale(final.parent)
        folder, lock = _stage(final.parent)
        yield folder
        settle_tree(folder)
        _put_in_place(folder, final, automatic)
        folder = None
        settle(final.parent)
    except OSError as fault:
        raise cannot_write(final, fault) from fault
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if lock >= 0:
            os.close(lock)
