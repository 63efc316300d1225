"""Train on sounds that exist only in memory, and make new ones. A minute on two cores.

Writes the run into runs/bells, and bell.wav.
"""

import numpy as np
import soundfile

import soundgan

SAMPLE_RATE = 16000


def bell(rng: np.random.Generator) -> np.ndarray:
    """Half a second of a few partials that decay, each at its own pace."""
    seconds = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    pitch = rng.uniform(300, 900)
    partials = pitch * np.array([1.0, 2.0, 2.4, 3.0, 4.5])
    decays = rng.uniform(4, 12, len(partials)) * np.arange(1, 6) ** 0.5
    waves = np.sin(2 * np.pi * np.outer(partials, seconds)) * np.exp(-np.outer(decays, seconds))
    sound = waves.sum(axis=0)
    return 0.89 * sound / np.abs(sound).max()


def show(event: soundgan.Progress) -> None:
    """Every line, and a hundred points of progress."""
    if event.message:
        print(event.message)
    elif event.total >= 100 and event.done % (event.total // 100) == 0:
        print(f"{event.task}: {event.done} of {event.total}", end="\r")


def main(steps: int = 200) -> None:
    """Train, then generate."""
    rng = np.random.default_rng(0)
    dataset = soundgan.dataset_from_arrays([bell(rng) for _ in range(120)], SAMPLE_RATE)
    overrides = {"training.steps": steps}
    done = soundgan.train(
        dataset, config="tiny", run="runs/bells", overrides=overrides, progress=show
    )
    print(done.health.sentence)
    new = soundgan.load(done.run).generate(seeds=7)[0]
    soundfile.write("bell.wav", new.waveform, new.sample_rate)


if __name__ == "__main__":
    main()
