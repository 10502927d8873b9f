"""Done otherwise than numba does it: the look for a BLAS, trust in cache files, code of inner functions."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from numba import _dynfunc
from numba.core import event, types
from numba.core.caching import IndexDataCacheFile
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.cpu import CPUContext

SEAL = hashlib.sha256().digest_size
PACKAGE = __name__.partition(".")[0]
ROUTINES: set[tuple[str, str]] = set()
"""Module and name of the functions that stay functions inside a kernel, and are not copied into it."""


def import_without_blas() -> None:
    """Lets numba put off its look for a BLAS, which imports scipy.linalg (0.2 s), until matrices multiply."""
    if find_spec("scipy") is None:
        return
    from numba.np import linalg

    look = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        from numba.np import arraymath
    finally:
        linalg.ensure_blas = look
    arraymath.ensure_blas = look


class SealedCacheFile(IndexDataCacheFile):  # type: ignore[misc]
    """Numba's index and code files with a digest at their end; one that does not fit counts as no file."""

    def _load_index(self) -> Any:
        return super()._load_index() if is_sealed(Path(self._index_path)) else {}

    def _load_data(self, name: str) -> Any:
        if not is_sealed(Path(self._data_path(name))):
            raise OSError(f"{name} is broken")  # which numba takes for a missing file
        return super()._load_data(name)

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[IO[bytes]]:
        with super()._open_for_write(filepath) as file:
            yield file
            file.flush()
            # What numba reads ends by itself, so the digest behind it is not seen.
            file.write(hashlib.sha256(Path(file.name).read_bytes()).digest())


def is_sealed(path: Path) -> bool:
    """Whether a file is there and ends in the digest of the rest of it."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content[:-SEAL]).digest() == content[-SEAL:]


def seal(compiled: Any) -> None:
    """Makes a compiled function keep its code in sealed files."""
    file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if type(file) is IndexDataCacheFile:
        file.__class__ = SealedCacheFile


def count_from_the_front() -> None:
    """Has kernels take indices and slices as they are, counted from an array's front.

    Python counts negative ones from the end, and cuts slices to the array, which is several instructions at
    every access. No kernel needs it, and none may begin to: tests/test_layers.py reads them all.
    """
    from numba.cpython import slicing
    from numba.np import arrayobj

    def fix_integer_index(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
        return context.cast(builder, index, kind, types.intp)

    def fix_slice(builder: Any, slice: Any, size: Any) -> None:
        above = builder.icmp_signed(">", slice.stop, size)
        slice.stop = builder.select(above, size, slice.stop)

    arrayobj.fix_integer_index = fix_integer_index
    slicing.fix_slice = fix_slice


class Part(JITCodeLibrary):  # type: ignore[misc]
    """Code of a formula that only kernels call: it is linked into them, and never made to run by itself."""


class Defined:
    """A module of code that shows only those of its functions that have a body."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "module":
            super().__setattr__(name, value)
        else:
            setattr(self.module, name, value)

    @property
    def functions(self) -> Iterator[Any]:
        """The functions with a body."""
        return (function for function in self.module.functions if not function.is_declaration)


class WithoutGarbageCollection(event.Listener):  # type: ignore[misc]
    """Puts off the search for garbage while numba compiles, which makes many objects and little garbage."""

    def __init__(self) -> None:
        self.depth = 0
        self.was_on = False

    def on_start(self, event: Any) -> None:
        """A function begins to be compiled, perhaps inside another."""
        if self.depth == 0:
            self.was_on = gc.isenabled()
            gc.disable()
        self.depth += 1

    def on_end(self, event: Any) -> None:
        """It has been compiled."""
        self.depth -= 1
        if self.depth == 0 and self.was_on:
            gc.enable()


def compile_kernels_whole() -> None:
    """Has numba optimise and translate kernels whole, and not every formula inside them as well.

    Numba makes machine code that can be called of all that it compiles. Of some two hundred formulas inside a
    kernel none ever is, so they are only linked into it. Halves the time to compile.
    """
    add, optimise = CPUCodeLibrary.add_linking_library, CPUCodeLibrary._optimize_functions
    executable = CPUContext.get_executable

    def add_linking_library(self: Any, library: Any) -> None:
        add(self, library)
        if isinstance(library, Part):
            known = set(map(id, self._linking_libraries))
            inner = (each for each in library._linking_libraries if id(each) not in known)
            self._linking_libraries.extend(inner)

    def get_executable(self: Any, library: Any, described: Any, environment: Any) -> Any:
        names = {function.name for function in Defined(library._final_module).functions}
        is_own = described.modname.partition(".")[0] == PACKAGE
        is_loaded = library._finalized  # from a file, as machine code
        if is_loaded or not is_own or described.llvm_cpython_wrapper_name in names:
            return executable(self, library, described, environment)
        if (described.modname, described.qualname) in ROUTINES:
            library._final_module.get_function(described.llvm_func_name).add_function_attribute("noinline")
        library.__class__ = Part
        library._finalize_dynamic_globals()
        library._finalized = True
        name = described.qualname.rpartition(".")[2]
        return _dynfunc.make_function(described.lookup_module(), name, "", 0, environment, (library,))

    CPUCodeLibrary.add_linking_library = add_linking_library
    CPUCodeLibrary._optimize_functions = lambda self, module: optimise(self, Defined(module))
    CPUContext.get_executable = get_executable
    event.register("numba:compile", WithoutGarbageCollection())
