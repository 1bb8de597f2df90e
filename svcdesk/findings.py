"""What a check found, in the forms that people, scripts and CI services read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from typing import Literal

from svcdesk.escape import colour
from svcdesk.escape import safe
from svcdesk.escape import safe_annotation
from svcdesk.escape import safe_json
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import Finding
from svcdesk.model import text

SEVERITIES = {"error": text("error"), "warning": text("warning")}

FindingFormat = Literal["text", "json", "github", "junit", "sarif"]


def findings(findings: Sequence[Finding], format: FindingFormat, colours: bool = False) -> str:
    """Return findings in a format, in the order of path, line and rule."""
    ordered = sorted(findings, key=_place)
    if format == "text":
        return "".join(f"{_line(each, colours)}\n" for each in ordered)
    if format == "json":
        return _json({"findings": [_plain(each) for each in ordered]})
    if format == "github":
        return "".join(f"{_command(each)}\n" for each in ordered)
    return _junit(ordered) if format == "junit" else _json(_sarif(ordered))


def _place(finding: Finding) -> tuple[object, ...]:
    line, column = finding.line, finding.column
    return finding.path, line, finding.rule, column, finding.record, str(finding.message)


def _json(value: object) -> str:
    return safe_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _clause(finding: Finding) -> str:
    return safe(", ".join(finding.clauses))


def _line(finding: Finding, colours: bool) -> str:
    place = safe(finding.path or finding.record)
    if finding.path and finding.line:
        place += f":{finding.line}:{finding.column}"
    severity = colour(
        say(SEVERITIES[finding.severity]), "red" if finding.severity == "error" else "yellow", colours
    )
    parts = [each for each in (severity, _clause(finding)) if each]
    words = _("{message} ({rule})", message=finding.message, rule=finding.rule)
    return ": ".join(filter(None, (place, _(": ").join((*parts, words)))))


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.path,
        "line": finding.line,
        "column": finding.column,
        "record": finding.record,
        "rule": finding.rule,
        "clause": _clause(finding),
        "severity": finding.severity,
        "message": say(finding.message),
    }


def _title(finding: Finding) -> str:
    return f"{_clause(finding)} ({finding.rule})" if finding.clauses else finding.rule


def _command(finding: Finding) -> str:
    """A GitHub workflow command, which a runner shows beside the line."""
    attributes = {
        "file": finding.path,
        "line": str(finding.line or ""),
        "col": str(finding.column or ""),
        "title": _title(finding),
    }
    listed = ",".join(
        f"{name}={safe_annotation(value, attribute=True)}" for name, value in attributes.items() if value
    )
    return f"::{finding.severity} {listed}::{safe_annotation(say(finding.message))}"


def _junit(ordered: Sequence[Finding]) -> str:
    """A JUnit report: errors are failures, warnings passed cases that say something."""
    from xml.etree import ElementTree

    failures = sum(each.severity == "error" for each in ordered)
    counts = {"tests": str(len(ordered) or 1), "failures": str(failures), "errors": "0"}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "svcdesk check", **counts})
    for each in ordered:
        place = safe(each.path or each.record)
        case = ElementTree.SubElement(suite, "testcase", classname=place, name=_title(each))
        if each.severity == "error":
            said = {"type": safe(each.rule), "message": safe(say(each.message))}
            ElementTree.SubElement(case, "failure", said).text = _line(each, colours=False)
        else:
            ElementTree.SubElement(case, "system-out").text = _line(each, colours=False)
    if not ordered:
        ElementTree.SubElement(suite, "testcase", classname="svcdesk", name="check")
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _sarif(ordered: Sequence[Finding]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run."""
    rules = [{"id": name} for name in sorted({each.rule for each in ordered})]
    run = {
        "tool": {"driver": {"name": "svcdesk", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in ordered],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": say(finding.message)},
        "properties": {"record": finding.record, "clause": _clause(finding)},
    }
    if finding.path:
        result["locations"] = [{"physicalLocation": _location(finding)}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    from urllib.parse import quote

    location: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path, errors="surrogatepass")}}
    if finding.line:
        location["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
    return location
