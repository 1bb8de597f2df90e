"""Where svcdesk starts: as `svcdesk`, or as `python -m svcdesk`."""

from __future__ import annotations

import gc
import sys

from svcdesk import VERSION


def main() -> int:
    """Run the command line and return its exit code; to tell the version, nothing else is loaded."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"svcdesk {VERSION}\n")
        return 0
    # A command is over before looking for garbage pays: that took a fifth of its time, most of it at the end.
    gc.disable()
    try:
        from svcdesk.cli import main as run

        return run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
