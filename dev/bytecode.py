"""Python's bytecode into the package: a function unpacks it where nothing can be written, and would compile all of it at each start."""

import compileall
import io
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

SELDOM = ("pypdf/", "pydantic/v1/")  # megabytes of what is imported for few requests, or never


def with_bytecode(code: bytes) -> bytes:
    """The zip, with a .pyc beside each .py, for the Python that runs this.

    It is not compared with its source (PEP 552, unchecked): times in a zip mean nothing, and here both are made together.
    """
    made = io.BytesIO(code)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        wanted = [name for name in archive.namelist() if name.endswith(".py") and not name.startswith(SELDOM)]
        archive.extractall(folder, wanted)
        compileall.compile_dir(
            folder,
            quiet=1,
            stripdir=folder,
            prependdir="/var/task",  # where Lambda unpacks it, for tracebacks
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        for file in sorted(Path(folder).rglob("*.pyc")):
            entry = zipfile.ZipInfo(str(file.relative_to(folder)))
            entry.external_attr = 0o644 << 16  # Lambda reads it as another user
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
