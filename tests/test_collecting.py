"""Rest for the garbage collector, and its return."""

import gc

import pytest

from harvester.collecting import never_collecting, seldom_collecting


def test_circles_are_looked_for_seldom_and_afterwards_as_before():
    before = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold() > before
        with seldom_collecting():
            pass
        assert gc.get_threshold() > before
    assert (gc.get_threshold(), gc.isenabled()) == (before, True)


def test_it_returns_also_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(KeyError), seldom_collecting():
        raise KeyError
    assert gc.get_threshold() == before
    with pytest.raises(KeyError), never_collecting():
        raise KeyError
    assert gc.isenabled()


def test_what_is_made_in_peace_is_looked_at_no_more():
    with never_collecting():
        assert not gc.isenabled()
        kept = [[number] for number in range(10)]
    assert not any(one is kept[0] for one in gc.get_objects())
    gc.unfreeze()
    assert any(one is kept[0] for one in gc.get_objects())


def test_where_it_was_off_it_stays_off():
    gc.disable()
    try:
        with never_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
