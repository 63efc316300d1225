"""Hear, see and measure the bundled drums. Cells are marked for editors that know notebooks.

Needs nothing but soundgan; writes kicks.wav, kicks.png and a report into the working folder.
"""

# %% Ten kicks
from pathlib import Path

import librosa
import librosa.display
import matplotlib.pyplot as plt
import numpy as np
import soundfile

import soundgan

model = soundgan.load("drums")
kicks = model.generate(seeds=range(42, 52), label="kick")
soundfile.write("kicks.wav", kicks.waveforms.reshape(-1), kicks.sample_rate)
print(model)

# %% Their spectrograms
figure, axes = plt.subplots(2, 5, figsize=(15, 5), sharex=True, sharey=True, layout="constrained")
for axis, kick in zip(axes.flat, kicks, strict=True):
    stft = librosa.stft(kick.waveform, n_fft=1024, hop_length=128)
    levels = librosa.amplitude_to_db(np.abs(stft), ref=np.max)
    librosa.display.specshow(
        levels, sr=kick.sample_rate, hop_length=128, y_axis="log", x_axis="ms", ax=axis
    )
    axis.set(title=f"seed {kick.seed}", xlabel="ms", ylabel="", xticks=[0, 0.2, 0.4, 0.6])
figure.savefig("kicks.png")

# %% Half way between two sounds, in the image that the networks see
between = (model.encode(kicks[0].waveform) + model.encode(kicks[1].waveform)) / 2
soundfile.write("between.wav", model.decode(between), model.sample_rate)

# %% How near the model is to drums that it has never heard
if __name__ == "__main__":  # preparing starts processes
    if not Path("prepared").exists():
        soundgan.demo_data("drum-kit", per_class=20)
        soundgan.prepare(
            "drum-kit",
            sample_rate=model.sample_rate,
            clip_seconds=model.n_samples / model.sample_rate,
        )
    report = soundgan.evaluate(model, "prepared", count=60, out="report")
    print(*report.document["verdict"]["sentences"], sep="\n")
    print(report.page)
