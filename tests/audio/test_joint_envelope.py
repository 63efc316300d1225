"""The energy of two channels together."""

from __future__ import annotations

import numpy as np

from soundgan.audio.ends import EndsBuilder
from soundgan.audio.envelope import Envelope, EnvelopeBuilder, find_extent
from soundgan.audio.joint_envelope import JointEnvelope, JointEnvelopeBuilder
from tests.sounds import RATE, silence, tone


def joint(*channels: np.ndarray) -> JointEnvelope:
    builder = JointEnvelopeBuilder(RATE, len(channels))
    builder.add(np.stack(channels, axis=1))
    ends = []
    for channel in channels:
        end = EndsBuilder(RATE)
        end.add(channel)
        ends.append(end.finish())
    return builder.finish(ends)


def alone(waveform: np.ndarray) -> Envelope:
    builder = EnvelopeBuilder(RATE)
    builder.add(waveform)
    return builder.finish()


HIT = np.concatenate([silence(0.1), tone(0.3), silence(0.2)])


def test_equal_channels_are_one() -> None:
    one, both = alone(HIT), joint(HIT, HIT)
    np.testing.assert_array_equal(both.power, one.power)
    assert (both.mean, both.head, both.tail) == (one.mean, one.head, one.tail)
    assert find_extent(both, RATE, trim_db=40.0) == find_extent(one, RATE, trim_db=40.0)


def test_channels_of_opposite_polarity_do_not_cancel() -> None:
    np.testing.assert_allclose(joint(HIT, -HIT).power, alone(HIT).power, rtol=1e-12)


def test_energies_add_and_each_channel_has_its_own_constant_part() -> None:
    other = np.concatenate([tone(0.2, hertz=900), silence(0.4)])
    both = joint(HIT, other + np.float32(0.125))
    expected = (alone(HIT).power + alone(other + np.float32(0.125)).power) / 2
    np.testing.assert_array_equal(both.power, expected)
    assert abs(both.mean - 0.125) < 0.01


def test_the_ends_are_silent_where_both_channels_are() -> None:
    both = joint(HIT, np.concatenate([silence(0.05), tone(0.55)]))
    assert (both.head.n_samples, both.tail.n_samples) == (401, 0)
    extent = find_extent(both, RATE, trim_db=40.0)
    assert extent.start + extent.silent_lead == 401
