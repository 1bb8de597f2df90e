"""The command line: errors become exit codes here and nowhere else."""

from __future__ import annotations

import io
import os
import sys

import click

from svcdesk import language
from svcdesk.commands.guessing import translated
from svcdesk.commands.root import root
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.errors import Refused
from svcdesk.errors import SvcdeskError
from svcdesk.escape import safe
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import text

INTERRUPTED = 130
"""What a shell calls the end by Ctrl-C."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    _never_fail_to_print()
    try:
        language.choose(_lang(given), os.environ)
        result = translated(root).main(_whole(given), prog_name="svcdesk", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        _complain(_("stopped; svcdesk audit log shows what was recorded"))
        return INTERRUPTED
    except click.ClickException as error:
        _explain_usage(error.format_message())
        return Exit.USAGE
    except Refused as error:
        from svcdesk.commands.refusal import show_refusal

        show_refusal(error, given)
        return error.code
    except SvcdeskError as error:
        _complain(say(error.message))
        return error.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except RecursionError:
        _complain(_("the input is nested too deeply"))
        return Exit.USAGE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(safe(f"{place}{error.strerror or error}"))
        return Exit.STORAGE
    except Exception as error:
        return _confess(error)
    return result if isinstance(result, int) else Exit.DONE


def _never_fail_to_print() -> None:
    """Let what a terminal cannot show come out escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _explain_usage(message: str) -> None:
    """Print what is wrong with a command line; several lines are the help of a group left without a command."""
    if "\n" in message.strip():
        click.echo(safe(message, multiline=True), err=True)
    else:
        _complain(safe(message))


def _confess(error: Exception) -> int:
    """Say in one sentence that svcdesk itself is at fault; with SVCDESK_DEBUG=1, where."""
    if os.environ.get("SVCDESK_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    _complain(_("internal error ({kind}); SVCDESK_DEBUG=1 shows where", kind=type(error).__name__))
    return Exit.INTERNAL


def _whole(arguments: list[str]) -> list[str]:
    """Return the arguments; raises BadInput on one that no file system and no git would take whole."""
    if any("\0" in each for each in arguments):
        raise BadInput(text("an argument holds a zero byte"))
    return arguments


def _lang(arguments: list[str]) -> str | None:
    """Find --lang before click does, so that help and usage errors speak the language too."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def _complain(sentence: str) -> None:
    click.echo(f"svcdesk: {sentence}", err=True)
