"""A network as a guest on somebody else's card.

No card is needed: where it stands in for one, the processor reckons in 16 bits, and running out of memory is raised by
the pictures' own encoder, with the very error torch raises.
"""

from contextlib import nullcontext

import pytest

from counterprompt.errors import ScorerError
from counterprompt.scoring.guest import PRECISIONS, Guest, pick_device, pick_precision
from counterprompt.settings import SCORER_PRECISIONS


@pytest.fixture
def network():
    """One layer of three weights and a buffer of whole numbers."""
    import torch

    layer = torch.nn.Linear(3, 1, bias=False)
    layer.register_buffer("steps", torch.arange(4))
    layer.requires_grad_(False).weight.data = torch.tensor([[1.0, 0.1, 1 / 3]])
    return layer


def _out_of_memory_above(limit, seen, guest):
    """Return an encoder that fails on more than *limit* items away from the processor, and notes what it was given."""
    import torch

    def encode(items):
        seen.append((guest.device, list(items)))
        if guest.device != "cpu" and len(items) > limit:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB\nmore")
        return sum(items)

    return encode


@pytest.fixture
def card(network, monkeypatch):
    """A guest that believes in a card: weights that shall go to "cuda" are copied in 16 bits instead."""
    import torch

    real_to = torch.Tensor.to
    monkeypatch.setattr(
        torch.Tensor, "to", lambda self, device, dtype: real_to(self, "cpu" if device == "cuda" else device, dtype)
    )
    return Guest(network, "cuda", batch_size=8)


def test_a_processor_without_memory_halves_the_batch(network):
    """Torch raises an error of its own on a processor; it means the same, and one item too many is told in words."""
    import torch

    seen = []
    guest = Guest(network, batch_size=4)

    def encode(items):
        seen.append(len(items))
        return torch.empty(len(items) << (10 if len(items) < 3 else 48)).numel()

    assert [2048, 2048, 1024] == guest.run(encode, [1, 2, 3, 4, 5])
    assert [4, 2, 2, 1] == seen
    with pytest.raises(ScorerError, match="too little memory"):
        guest.run(lambda _: torch.empty(1 << 50), [1])


def test_half_precision_lasts_as_long_as_the_call(network):
    """While the network works its weights are copies in 16 bits, whole numbers stay; then its own are back."""
    import torch

    own = network.weight.data
    guest = Guest(network, precision="bf16")

    (during,) = guest.run(lambda _: (network.weight.dtype, network.steps.dtype), [1])

    assert (torch.bfloat16, torch.int64) == during
    assert own.data_ptr() == network.weight.data_ptr()
    assert torch.float32 == network.weight.dtype


def test_weights_come_back_after_an_error(network):
    """A call that fails for another reason leaves the weights at home."""
    import torch

    guest = Guest(network, precision="bf16", is_resident=True)

    with pytest.raises(ZeroDivisionError):
        guest.run(lambda _: 1 / 0, [1])

    assert torch.float32 == network.weight.dtype


def test_resident_stays_until_sent_home(network):
    """Where it may stay, the weights are moved once; `go_home` ends that."""
    import torch

    guest = Guest(network, precision="bf16", is_resident=True)
    guest.run(lambda _: None, [1])
    assert torch.bfloat16 == network.weight.dtype

    guest.go_home()

    assert torch.float32 == network.weight.dtype


def test_batches_keep_the_order(network):
    """Items go through in batches of at most the batch size, in order; none give none."""
    guest = Guest(network, batch_size=3)

    assert [[0, 1, 2], [3, 4, 5], [6]] == guest.run(list, range(7))
    assert [] == guest.run(list, [])


def test_batch_is_halved_before_the_card_is_left(card):
    """Too large a batch is tried again in halves, on the card, and every item is scored once."""
    seen = []

    results = card.run(_out_of_memory_above(3, seen, card), list(range(10)))

    assert [0 + 1, 2 + 3, 4 + 5, 6 + 7, 8 + 9] == results
    assert [8, 4, 2, 2, 2, 2, 2] == [len(items) for _, items in seen]
    assert {"cuda"} == {device for device, _ in seen}
    assert (2, ()) == (card.batch_size, card.remarks)


def test_processor_takes_over_where_one_picture_is_too_much(card):
    """Where not even one item fits on the card the processor does the rest, for good, and it is said."""
    seen = []

    results = card.run(_out_of_memory_above(0, seen, card), [1, 2, 3])

    assert [1, 2, 3] == results
    assert ["cuda"] * 4 + ["cpu"] * 3 == [device for device, _ in seen]
    assert card.remarks == (
        "cuda has no room for the scorer (CUDA out of memory. Tried to allocate 2.00 GiB), so it works on the "
        "processor from here on.",
    )
    assert ("cpu", "fp32") == (card.device, card.precision)


def test_work_done_before_memory_ran_out_is_kept(card):
    """What was scored before another program took the memory is not scored again."""
    import torch

    seen = []

    def encode(items):
        seen.append(list(items))
        if len(seen) == 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return list(items)

    assert [list(range(8)), [8, 9, 10, 11], [12]] == card.run(encode, list(range(13)))
    assert [list(range(8)), [8, 9, 10, 11, 12], [8, 9, 10, 11], [12]] == seen


def test_weights_that_do_not_fit_are_computed_at_home(network, monkeypatch):
    """Where not even the weights fit on the card nothing of them stays there, and the processor works."""
    import torch

    guest = Guest(network, "cuda", batch_size=1)
    own = network.weight.data_ptr()

    def refuse(self, *_):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.Tensor, "to", refuse)

    assert [3] == guest.run(sum, [3])
    assert "cpu" == guest.device
    assert own == network.weight.data_ptr()


def test_processor_without_memory_is_an_error(network):
    """Where even the processor has no room the user is told."""
    import torch

    def encode(_):
        raise torch.cuda.OutOfMemoryError("no memory")

    with pytest.raises(ScorerError, match=r"too little memory to score a single picture \(no memory\)"):
        Guest(network, batch_size=2).run(encode, [1, 2])


@pytest.mark.parametrize(
    ("options", "remark"), [({"batch_size": 0}, "at least 1, not 0"), ({"precision": "fp8"}, "cannot reckon in 'fp8'")]
)
def test_senseless_options_are_refused(network, options, remark):
    """A batch without pictures and an unknown precision are named."""
    with pytest.raises(ScorerError, match=remark):
        Guest(network, **options)


@pytest.mark.parametrize(
    ("has_card", "wanted", "expected"),
    [(False, "auto", "cpu"), (True, "auto", "cuda"), (True, "cpu", "cpu"), (True, "cuda:1", "cuda:1")],
)
def test_device_is_picked(monkeypatch, has_card, wanted, expected):
    """With "auto" it takes a card where there is one; what is named is taken as it is."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: has_card)

    assert expected == pick_device(wanted)


@pytest.mark.parametrize(("has_card", "wanted"), [(False, "cuda"), (True, "tpu")])
def test_missing_device_is_refused(monkeypatch, has_card, wanted):
    """A card that is not here, or a device nobody knows, is refused with the remedy."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: has_card)

    with pytest.raises(ScorerError, match='set scorer_device to "auto"'):
        pick_device(wanted)


def test_precision_follows_the_device(network):
    """A card reckons in 16 bits, the processor in 32, unless told otherwise."""
    guests = [Guest(network, "cuda"), Guest(network), Guest(network, "cuda", precision="bf16")]

    assert ["fp16", "fp32", "bf16"] == [guest.precision for guest in guests]


@pytest.mark.parametrize(
    ("wanted", "device", "expected"),
    [
        ("auto", "cuda", "fp16"),
        ("fp32", "cuda:1", "fp32"),
        ("bf16", "cuda", "bf16"),
        ("auto", "cpu", "fp32"),
        ("fp16", "cpu", "fp32"),
    ],
)
def test_precision_is_picked(monkeypatch, wanted, device, expected):
    """On a card it is what the settings name; the processor has 32 bits whatever they name."""
    monkeypatch.setattr("torch.cuda.device", lambda _: nullcontext())
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda: True)

    assert expected == pick_precision(wanted, device)


def test_a_card_without_bf16_is_named(monkeypatch):
    """It is refused before anything is scored, with what to set instead; fp16 is taken."""
    monkeypatch.setattr("torch.cuda.device", lambda _: nullcontext())
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda: False)

    assert "fp16" == pick_precision("fp16", "cuda:1")
    with pytest.raises(ScorerError, match='cuda:1 cannot reckon in bf16; set scorer_precision to "fp16"'):
        pick_precision("bf16", "cuda:1")


def test_every_precision_can_be_set():
    """The settings know those of the guest, and no other."""
    assert {"auto", *PRECISIONS} == set(SCORER_PRECISIONS)
