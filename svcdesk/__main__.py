"""Where svcdesk starts: as `svcdesk`, or as `python -m svcdesk`."""

from __future__ import annotations

import sys

from svcdesk import VERSION


def main() -> int:
    """Run the command line and return its exit code; to tell the version, nothing else is loaded."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"svcdesk {VERSION}\n")
        return 0
    from svcdesk.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
