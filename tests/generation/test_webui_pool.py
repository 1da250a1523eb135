"""Several WebUIs as one generator."""

import threading

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.generation.webui_pool import WebuiPool
from counterprompt.ports import GenerationRequest


class Host(FakeGenerator):
    """A generator that can be switched off and counts its calls."""

    def __init__(self, name: str, loras: frozenset[str] | None = None, batch_size: int = 2) -> None:
        super().__init__(batch_size=batch_size)
        self.called = name
        self.loras = loras
        self.is_off = False
        self.calls = 0

    @property
    def name(self) -> str:
        """As it was named."""
        return self.called

    def lora_names(self):
        """As given."""
        return self.loras

    def generate(self, requests):
        """Draw, or fail."""
        self.calls += 1
        if self.is_off:
            raise GeneratorError(f"{self.called} is gone; start it again.")
        assert len(requests) <= self.batch_size
        return super().generate(requests)


class WaitsForTheOther(Host):
    """Draws its first piece only when another host draws at the same time."""

    def __init__(self, name: str, barrier: threading.Barrier) -> None:
        super().__init__(name)
        self.barrier = barrier

    def generate(self, requests):
        """Wait, then draw."""
        self.barrier.wait(10)
        return super().generate(requests)


def requests(count: int) -> list[GenerationRequest]:
    """Some requests with different pictures."""
    return [GenerationRequest("a house", "", seed, width=32, height=32) for seed in range(count)]


def pixels(images) -> list[bytes]:
    """What tells pictures apart."""
    return [image.tobytes() for image in images]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 9])
def test_pictures_come_in_order(count: int):
    """However many are asked for, the pool gives what one host would, in the order of the requests."""
    pool = WebuiPool([Host("a"), Host("b"), Host("c")])

    assert pixels(FakeGenerator().generate(requests(count))) == pixels(pool.generate(requests(count)))


def test_hosts_draw_at_the_same_time():
    """Two hosts that wait for each other both draw: neither call follows the other."""
    barrier = threading.Barrier(2)
    hosts = [WaitsForTheOther("a", barrier), WaitsForTheOther("b", barrier)]

    WebuiPool(hosts).generate(requests(4))

    assert [2, 2] == [host.pictures for host in hosts]


def test_a_host_that_goes_away_loses_nothing():
    """What one host fails at the other draws, and the one that failed is left alone until it has rested."""
    now = [0.0]
    hosts = [Host("a"), Host("b")]
    pool = WebuiPool(hosts, rest_s=60, clock=lambda: now[0])
    hosts[0].is_off = True

    first = pool.generate(requests(6))
    pool.generate(requests(6))
    calls_while_resting = hosts[0].calls
    hosts[0].is_off, now[0] = False, 61.0
    pool.generate(requests(6))

    assert pixels(FakeGenerator().generate(requests(6))) == pixels(first)
    assert 1 >= calls_while_resting
    assert 12 <= hosts[1].pictures < 18
    assert hosts[0].pictures + hosts[1].pictures == 18


def test_a_resting_host_is_asked_when_no_other_is_left():
    """With all others gone the host that failed before is tried at once."""
    hosts = [Host("a"), Host("b")]
    pool = WebuiPool(hosts, clock=lambda: 0.0)
    hosts[0].is_off = True
    pool.generate(requests(2))
    pool.generate(requests(2))
    hosts[0].is_off, hosts[1].is_off = False, True

    assert 3 == len(pool.generate(requests(3)))


def test_when_every_host_fails_the_first_fault_is_told():
    """The error of a host reaches the user, and each was asked once."""
    hosts = [Host("a"), Host("b")]
    for host in hosts:
        host.is_off = True

    with pytest.raises(GeneratorError, match=r"[ab] is gone"):
        WebuiPool(hosts).generate(requests(8))
    assert [1, 1] == [host.calls for host in hosts]


def test_a_host_that_loses_pictures_is_no_help():
    """Too few pictures count as a failure of that host."""

    class LosesOne(Host):
        def generate(self, requests):
            return super().generate(requests)[:-1]

    hosts = [LosesOne("a"), Host("b")]

    assert 4 == len(WebuiPool(hosts).generate(requests(4)))
    with pytest.raises(GeneratorError, match="a returned 1 pictures for 2"):
        WebuiPool([LosesOne("a")]).generate(requests(2))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((frozenset("ab"), frozenset("bc")), frozenset("b")),
        ((frozenset("ab"), None), frozenset("ab")),
        ((None, None), None),
    ],
)
def test_loras_are_those_of_every_host(told, expected):
    """A LoRA counts where each host that can tell has it."""
    assert expected == WebuiPool([Host(str(at), names) for at, names in enumerate(told)]).lora_names()


def test_it_says_who_draws():
    """Name and batch size are those of all hosts together."""
    pool = WebuiPool([Host("a", batch_size=2), Host("b", batch_size=4)])

    assert ("a + b", 6) == (pool.name, pool.batch_size)


def test_no_host_is_refused():
    """A pool of nothing is a mistake."""
    with pytest.raises(InvalidInputError, match="no WebUI"):
        WebuiPool([])
