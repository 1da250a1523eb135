"""Where queues lie in a storage."""

import pytest
from optuna.storages import InMemoryStorage
from optuna.study import StudyDirection

from counterprompt.search.queue_places import IS_OPEN, ORDERS, PICTURES, find_place, make_place, queue_in


def test_a_place_is_made_once_and_found_again():
    """Made twice it is the same place; orders and pictures of a study lie apart; an unknown one is not there."""
    storage = InMemoryStorage()
    orders, pictures = (make_place(storage, "one", kind) for kind in (ORDERS, PICTURES))

    assert (orders, orders) == (make_place(storage, "one", ORDERS), find_place(storage, "one", ORDERS))
    assert orders != pictures
    with pytest.raises(KeyError):
        find_place(storage, "two", ORDERS)


def test_only_open_orders_are_a_queue():
    """A study's orders are its queue while it is open; its pictures and what others keep there are none."""
    storage = InMemoryStorage()
    number = make_place(storage, "night.one/two", ORDERS)
    make_place(storage, "night.one/two", PICTURES)
    storage.create_new_study([StudyDirection.MAXIMIZE], "somebody/elses/orders")
    before = list(map(queue_in, storage.get_all_studies()))
    storage.set_study_user_attr(number, IS_OPEN, True)

    assert [None, None, None] == before
    assert ["night.one/two", None, None] == list(map(queue_in, storage.get_all_studies()))
