"""The chain of the audit log: whatever is changed, removed, put in or cut off is found where it was done."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.governance.audit import GENESIS, Deed, Entry, Outcome, digest, seal
from core.governance.chain import Fault, Head, read_anchors, verify

TEXT = st.text(max_size=12)
DEEDS = st.builds(Deed, TEXT, TEXT, TEXT, TEXT, st.sampled_from(Outcome), TEXT)
NUMBERS = {"sequence", "moment"}


def sealed(deeds: list[Deed]) -> list[Entry]:
    entries: list[Entry] = []
    for moment, deed in enumerate(deeds, 100):
        last = (entries[-1].sequence, entries[-1].hash) if entries else None
        entries.append(seal(deed, moment, last))
    return entries


def log(length: int) -> list[Entry]:
    return sealed([Deed("ann", "exceptions:decide", "hold", f"transaction {n}") for n in range(length)])


LOGS = st.lists(DEEDS, min_size=1, max_size=8).map(sealed)


@given(LOGS)
@settings(max_examples=40)
def test_a_log_as_it_was_written_holds(entries):
    head, broken = verify(entries, {entry.sequence: entry.hash for entry in entries})
    assert (head, broken) == (Head(len(entries), entries[-1].hash), None)


@given(LOGS, st.data())
@settings(max_examples=60)
def test_any_change_of_any_field_of_any_line_is_found_there(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from([each.name for each in fields(Entry)]))
    was = getattr(entries[place], field)
    given_ = data.draw((st.integers() if field in NUMBERS else st.text()).filter(lambda new: new != was))
    forged = [*entries]
    forged[place] = replace(entries[place], **{field: given_})
    head, broken = verify(forged)
    assert broken is not None
    assert (broken.sequence, broken.fault, head.sequence) == (place + 1, Fault.CHANGED, place)


@given(LOGS, st.data())
@settings(max_examples=60)
def test_a_change_that_is_sealed_anew_breaks_the_link_to_the_next_or_the_head_kept_elsewhere(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    forged = [*entries]
    other = replace(entries[place], reason=entries[place].reason + "!")
    forged[place] = replace(other, hash=digest(other))
    _, broken = verify(forged, {entries[-1].sequence: entries[-1].hash})
    assert broken is not None
    if place == len(entries) - 1:
        assert (broken.sequence, broken.fault) == (place + 1, Fault.REWRITTEN)
    else:
        assert (broken.sequence, broken.fault) == (place + 2, Fault.RELINKED)


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_line_that_is_removed_is_missed(place):
    entries = log(6)
    del entries[place]
    _, broken = verify(entries)
    assert (broken.sequence, broken.fault) == (place + 1, Fault.REMOVED)


def test_a_line_that_is_put_in_is_found():
    entries = log(4)
    entries.insert(2, entries[0])
    _, broken = verify(entries)
    assert (broken.sequence, broken.fault) == (3, Fault.INSERTED)


def test_a_line_below_the_first_is_found():
    entries = log(2)
    below = replace(entries[0], sequence=0)
    _, broken = verify([replace(below, hash=digest(below)), *entries])
    assert (broken.sequence, broken.fault) == (1, Fault.INSERTED)


def test_two_lines_that_changed_places_are_found():
    first, second, third = log(3)
    _, broken = verify([first, third, second])
    assert (broken.sequence, broken.fault) == (2, Fault.REMOVED)


@pytest.mark.parametrize("left", [0, 1, 3])
def test_a_tail_cut_off_is_found_by_the_head_that_was_kept_elsewhere_only(left):
    entries = log(4)
    kept = {4: entries[3].hash}
    assert verify(entries[:left])[1] is None
    _, broken = verify(entries[:left], kept)
    assert (broken.sequence, broken.fault) == (left + 1, Fault.TRUNCATED)


def test_a_whole_chain_made_anew_is_found_by_any_head_that_was_kept():
    entries = log(5)
    anew = sealed([Deed("bob", "exceptions:decide", "hold", f"transaction {n}") for n in range(5)])
    assert verify(anew)[1] is None
    _, broken = verify(anew, {3: entries[2].hash})
    assert (broken.sequence, broken.fault) == (3, Fault.REWRITTEN)


def test_heads_are_read_out_of_a_log_with_other_lines():
    lines = ['{"sequence": 2, "hash": "ab", "what": "audit"}', "Traceback", '{"at": 1}', "[1]", "3"]
    assert read_anchors(lines) == {2: "ab"}
    with pytest.raises(ValueError, match="line 2: the heads kept elsewhere contradict"):
        read_anchors([*lines, '{"sequence": 2, "hash": "cd"}'])


def test_the_hash_is_the_one_worked_out_by_hand():
    """printf '%s' TEXT | sha256sum of the canonical JSON, so that others can verify without this code."""
    entry = seal(Deed("ann", "s", "hold", "transaction 1", Outcome.ASKED, "ü"), 7, None)
    assert entry.before == GENESIS
    assert entry.hash == HASH


HASH = "147b7b24a90974e99f3aa4e8ec70c89e7b327eb356f9463e72a8cd240c13b187"


def test_what_a_stranger_wrote_is_one_line_of_bounded_length():
    entry = seal(Deed("a\x00b\ud800", "", "x\ny", "z" * 9999, Outcome.REFUSED), 1, None)
    assert (entry.who, entry.act, len(entry.subject)) == ("a b ", "x y", 500)
