from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from soundgan.losses.wasserstein import Wasserstein, WassersteinOptions

LOSS = Wasserstein(WassersteinOptions())
N_PIXELS = 8


def stream() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def pair() -> tuple[Tensor, Tensor]:
    real, fake = torch.randn(2, 5, 1, 4, 2, generator=torch.Generator().manual_seed(1))
    return real, fake


def penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, stream: torch.Generator
) -> Tensor:
    value = LOSS.penalty(critic, real, fake, stream)
    assert value is not None
    return value


def linear_critic(slope: float) -> Callable[[Tensor], Tensor]:
    return lambda image: slope * image.flatten(1).sum(dim=1, keepdim=True)


def test_discriminator_loss_is_the_difference_of_means() -> None:
    real, fake = torch.tensor([[2.0], [0.5]]), torch.tensor([[-3.0], [1.0]])
    assert LOSS.discriminator(real, fake).item() == -1.0 - 1.25
    assert LOSS.generator(fake).item() == 1.0


@pytest.mark.parametrize("slope", [0.0, 0.1, 3.0])
def test_penalty_of_a_linear_critic_follows_from_its_slope(slope: float) -> None:
    value = penalty(linear_critic(slope), *pair(), stream())
    assert value.item() == pytest.approx(10 * (slope * N_PIXELS**0.5 - 1) ** 2, rel=1e-5)


def test_penalty_vanishes_for_a_critic_of_slope_one() -> None:
    value = penalty(linear_critic(N_PIXELS**-0.5), *pair(), stream())
    assert value.item() == pytest.approx(0.0, abs=1e-10)


def test_patch_logits_count_as_their_mean() -> None:
    def patches(image: Tensor) -> Tensor:
        return linear_critic(3.0)(image).expand(-1, 25)

    value = penalty(patches, *pair(), stream())
    assert value.item() == pytest.approx(10 * (3 * N_PIXELS**0.5 - 1) ** 2, rel=1e-5)


def test_penalty_is_taken_between_real_and_fake_images() -> None:
    seen = []

    def spy(image: Tensor) -> Tensor:
        seen.append(image.detach())
        return linear_critic(1.0)(image)

    real, fake = pair()
    penalty(spy, real, fake, stream())
    share = (seen[0] - fake) / (real - fake)
    per_sample = share.flatten(1)
    torch.testing.assert_close(
        per_sample, per_sample[:, :1].expand(-1, N_PIXELS), rtol=0, atol=1e-4
    )
    assert per_sample.min() > 0
    assert per_sample.max() < 1
    assert per_sample[:, 0].std() > 0.1


def test_penalty_draws_from_its_stream_alone() -> None:
    curved = nn.Sequential(nn.Flatten(), nn.Linear(N_PIXELS, 4), nn.Tanh(), nn.Linear(4, 1))
    state = torch.get_rng_state()
    first, second = (penalty(curved, *pair(), stream()) for _ in range(2))
    other = penalty(curved, *pair(), torch.Generator().manual_seed(9))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), state)


def test_minimising_the_penalty_leads_to_slope_one() -> None:
    critic = nn.Sequential(nn.Flatten(), nn.Linear(N_PIXELS, 1))
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.02)
    for _ in range(50):
        optimizer.zero_grad()
        penalty(critic, *pair(), stream()).backward()
        optimizer.step()
    assert critic.get_parameter("1.weight").norm().item() == pytest.approx(1.0, abs=1e-3)


def test_penalty_of_a_flat_critic_has_a_finite_gradient() -> None:
    critic = nn.Sequential(nn.Flatten(), nn.Linear(N_PIXELS, 1))
    weight = critic.get_parameter("1.weight")
    nn.init.zeros_(weight)
    penalty(critic, *pair(), stream()).backward()
    assert weight.grad is not None
    assert torch.isfinite(weight.grad).all()


def test_no_weight_means_no_penalty() -> None:
    free = Wasserstein(WassersteinOptions(gradient_penalty=0.0))
    assert free.penalty(linear_critic(3.0), *pair(), stream()) is None
