from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from soundgan.assembly.networks import build_generator
from soundgan.codec.build import preset_codec
from soundgan.shapes import ClipSpec


def test_networks_that_are_built_at_once_have_the_weights_of_one_built_alone() -> None:
    config, codec = preset_codec("tiny", ClipSpec(8000, 4096))

    def weights(seed: int) -> bytes:
        network = build_generator(config, codec.shape, None, "test", seed=seed)
        return b"".join(value.numpy().tobytes() for value in network.state_dict().values())

    alone = [weights(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(weights, [*range(4)] * 20)) == alone * 20
