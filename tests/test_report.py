"""What the shell prints of how things stand: every open item with what it waits for, and why nothing is begun."""

from __future__ import annotations

from cockpit import report
from cockpit.spec import parse
from cockpit.wire import Snapshot

SPEC = b"""## Queue
- [?] one ^q1
  - scope: brief of 640 words for claude; 7 of 7 claims hold
- [ ] two ^q2
  - scope: accepted 0123456789ab
- [ ] three ^q3
  - after: q9
"""


def said(seen: Snapshot) -> list[str]:
    return [row.strip() for row in report.status(parse(SPEC), seen, 10.0)]


def test_a_brief_that_waits_shows_its_words_and_an_item_what_it_waits_for():
    rows = said(Snapshot(waits={"q3": "waits for q9, which is not in the spec"}))
    assert "[?] q1     one · scope: brief of 640 words for claude; 7 of 7 claims hold" in rows
    assert "[ ] q2     two" in rows
    assert "[ ] q3     three · waits for q9, which is not in the spec" in rows


def test_the_reason_is_told_with_a_head_without_one_and_at_a_fence():
    why = "the brief of q1 waits for you"
    assert f"next: q2 · {why}" in said(Snapshot(head="q2", why=why))
    assert f"next: nothing yet · {why}" in said(Snapshot(why=why))
    assert f"fence: waiting: {why}" in said(Snapshot(fence="waiting", why=why))
