"""Speak Mandarin with espeak-ng, from the wheel `espeakng-loader` (Linux, Windows, macOS).

The wheel brings the library and its data, so nothing needs to be installed beside it and no
network is used. espeak-ng is under the GPL: a build tool; films carry only its sound.
"""

from __future__ import annotations

import ctypes
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources.errors import BuildError

VOICE = "cmn"
_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: hand the samples over, play nothing
_UTF8 = 1
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7  # espeak_PARAMETER
_LONGEST_PATH = 150  # espeak-ng keeps its data path in a fixed buffer

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Narrator:
    """Turns sentences into float32 mono sound at `rate` samples a second.

    One per process: espeak-ng has global state.
    """

    def __init__(self, words_a_minute: int = 176, pitch: int = 42, pitch_range: int = 60) -> None:
        """Load the voice; raises `BuildError` where the wheel or its voice is missing."""
        try:
            import espeakng_loader
        except ImportError as error:
            raise BuildError(
                "缺少旁白语音：请安装 demo 依赖组（espeakng-loader）。",
                "The narration voice is missing: install the dependency group demo"
                " (espeakng-loader).",
            ) from error
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = _reachable(Path(espeakng_loader.get_data_path()))
        self.rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), 0))
        if self.rate <= 0 or self._library.espeak_SetVoiceByName(VOICE.encode()) != 0:
            raise BuildError(
                f"旁白语音 {VOICE} 无法加载。请重新安装 espeakng-loader。",
                f"The narration voice {VOICE} does not load. Reinstall espeakng-loader.",
            )
        for parameter, value in (
            (_RATE, words_a_minute),
            (_PITCH, pitch),
            (_RANGE, pitch_range),
            (_WORD_GAP, 0),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._blocks: list[NDArray[np.int16]] = []
        # Kept as an attribute: espeak-ng calls it for as long as the voice lives.
        self._callback: Callable[..., int] = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self._blocks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        return 0

    def say(self, sentence: str) -> NDArray[np.float32]:
        """Return ``sentence`` spoken, float32 mono in -1..1, silence at both ends removed."""
        self._blocks.clear()
        raw = sentence.encode() + b"\0"
        failed = self._library.espeak_Synth(
            raw, ctypes.c_size_t(len(raw)), 0, 0, 0, _UTF8, None, None
        )
        if failed or not self._blocks:
            raise BuildError(f"旁白合成失败：{sentence}", f"Narration failed for: {sentence}")
        sound: NDArray[np.float32] = (np.concatenate(self._blocks) / 32768).astype(np.float32)
        loud = np.flatnonzero(np.abs(sound) > 0.004)
        if not len(loud):
            raise BuildError(f"旁白没有声音：{sentence}", f"Narration is silent for: {sentence}")
        return sound[loud[0] : loud[-1] + 1]


def _reachable(data: Path) -> Path:
    """Return ``data`` or a copy of it whose path espeak-ng can keep: short and ASCII."""
    if len(str(data)) <= _LONGEST_PATH and str(data).isascii():
        return data
    copy = Path(tempfile.gettempdir()) / "anxue-espeak" / "espeak-ng-data"
    if not (copy / "cmn_dict").is_file():
        shutil.copytree(data, copy, dirs_exist_ok=True)
    return copy
