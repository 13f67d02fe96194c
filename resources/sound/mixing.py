"""Voice, chimes and room tone into one track. Values only: numpy in, numpy out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

VOICE_RMS = 0.11
PEAK = 0.89


def resample(sound: Sound, rate: int, wanted: int) -> Sound:
    """Return ``sound`` (float32 mono at ``rate``) at ``wanted`` samples a second."""
    if rate == wanted:
        return sound
    spectrum = np.fft.rfft(sound)
    size = round(len(sound) * wanted / rate)
    bins = size // 2 + 1
    fitted = np.zeros(bins, np.complex128)
    fitted[: min(bins, len(spectrum))] = spectrum[:bins]
    return np.asarray(np.fft.irfft(fitted, size) * (size / len(sound)), np.float32)


def warm(voice: Sound, rate: int) -> Sound:
    """Take the edge off a synthetic voice: a little body, less hiss, a small room."""
    spectrum = np.fft.rfft(voice, len(voice) + rate // 5)
    hertz = np.fft.rfftfreq(len(voice) + rate // 5, 1 / rate)
    body = 1 + 0.25 * np.exp(-(((hertz - 220) / 110) ** 2))
    softer = 1 / np.sqrt(1 + (hertz / 5200) ** 4)
    rumble = hertz**2 / (hertz**2 + 80**2)
    dry = np.fft.irfft(spectrum * body * softer * rumble, len(voice) + rate // 5)
    wet = dry.copy()
    for delay_ms, gain in ((11, 0.20), (19, 0.15), (31, 0.11), (47, 0.07), (71, 0.045)):
        shift = rate * delay_ms // 1000
        wet[shift:] += gain * dry[:-shift]
    loud = float(np.sqrt((wet[: len(voice)] ** 2).mean()))
    return np.asarray(wet * (VOICE_RMS / max(loud, 1e-6)), np.float32)


def chime(rate: int, pitch: float = 659.26, gain: float = 0.085) -> Sound:
    """Return a soft two-note bell of 1.6 s."""
    time = np.arange(round(rate * 1.6)) / rate
    bell = np.zeros_like(time)
    for start, note in ((0.0, pitch), (0.14, pitch * 1.5)):
        since = np.clip(time - start, 0, None)
        attack = np.clip(since / 0.012, 0, 1)
        for harmonic, level, decay in ((1, 1.0, 3.2), (2, 0.35, 5.0), (3.01, 0.12, 8.0)):
            bell += (
                attack
                * level
                * np.exp(-decay * since)
                * np.sin(2 * np.pi * note * harmonic * since)
            )
    fade = np.clip((time[-1] - time) / 0.3, 0, 1)
    return np.asarray(bell * fade * gain, np.float32)


def alarm(rate: int, gain: float = 0.05) -> Sound:
    """Return three short beeps of a gas alarm, 1.1 s, softened."""
    time = np.arange(round(rate * 1.1)) / rate
    beat = (time % 0.36) / 0.36
    envelope = np.clip(np.minimum(beat / 0.06, (0.5 - beat) / 0.06), 0, 1)
    tone = np.sin(2 * np.pi * 1760 * time) + 0.3 * np.sin(2 * np.pi * 2640 * time)
    return np.asarray(tone * envelope * gain, np.float32)


def room_tone(samples: int, rate: int, gain: float = 0.0022) -> Sound:
    """Return quiet pinkish noise, the same on every call, so that pauses are not dead."""
    noise = np.random.default_rng(7).normal(size=samples)
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(samples, 1 / rate)
    shaped = np.fft.irfft(spectrum / np.sqrt(1 + (hertz / 160) ** 2), samples)
    return np.asarray(shaped / max(float(shaped.std()), 1e-9) * gain, np.float32)


def add(track: Sound, piece: Sound, start: int) -> None:
    """Mix ``piece`` into ``track`` from sample ``start`` on; what sticks out is cut."""
    stop = min(len(track), start + len(piece))
    if stop > start:
        track[start:stop] += piece[: stop - start]


def limit(track: Sound) -> Sound:
    """Return ``track`` with its peaks bent softly below `PEAK`."""
    return np.asarray(np.tanh(track / PEAK) * PEAK, np.float32)
