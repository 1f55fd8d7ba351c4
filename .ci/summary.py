"""Adds up several pytest runs, and refuses a test that none of them ran.

    python .ci/summary.py RESULTS.xml…

A test for one engine is skipped on the other: it counts as run when one of the runs ran it.
"""
# ruff: noqa: INP001, S314 - a script, not a package; the files are those pytest has just written

import sys
from collections import Counter
from xml.etree import ElementTree as ET


def outcome(case: ET.Element) -> str:
    """Return « passed », « failed » or « skipped »."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def main(paths: list[str]) -> int:
    """Print the total; return 1 when a test failed, was run nowhere, or when nothing ran."""
    total: Counter[str] = Counter()
    run, skipped = set(), {}
    for path in paths:
        for case in ET.parse(path).getroot().iter("testcase"):
            name = f"{case.get('classname')}::{case.get('name')}"
            found = outcome(case)
            total[found] += 1
            if found == "skipped":
                skipped[name] = case.find("skipped").get("message", "")
            else:
                run.add(name)
    never = {name: why for name, why in skipped.items() if name not in run}
    for name, why in sorted(never.items()):
        sys.stdout.write(f"jamais exécuté : {name} ({why})\n")
    sys.stdout.write(
        f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped\n"
    )
    return int(bool(total["failed"] or never or not total["passed"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
