"""The frames of a test and of its threads stand on a roomy one."""

import inspect
import threading

from tests.harness.stack import roomy


def stands_on_room() -> bool:
    """Tell whether a roomy frame is below the caller's."""
    return any(told.function == "roomy" for told in inspect.stack(context=0))


def test_a_test_and_its_threads_have_room():
    found = []
    thread = threading.Thread(target=lambda: found.append(stands_on_room()))
    thread.start()
    thread.join()
    assert (stands_on_room(), found) == (True, [True])


def test_it_takes_more_than_half_of_a_piece_of_a_mebibyte():
    taken = 8 * len(roomy.__code__.co_varnames)
    assert 2**19 < taken < 2**20
