"""The synthesisers that read the training text, each as one function from text to 8 kHz sound.

RHVoice is called through its C library (a process per utterance would take ten times as long),
festival through a pipe, espeak-ng as a program. A voice is made into many speakers: the sound is
played faster or slower than it was made (that moves pitch and formants together, as a shorter or
longer throat does), while the synthesiser's own pitch and rate put pitch and tempo where they
should be.
"""

import ctypes as c
import os
import shutil
import subprocess
import tempfile

import numpy as np
import scipy.io.wavfile
from scipy.signal import resample_poly

RATE = 8000
# Free for any use (MODEL_CARD.md). The other nine Russian voices are for non-commercial use only.
FREE_VOICES = ["aleksandr", "aleksandr-hq", "anna", "elena", "irina"]
HELD_OUT_VOICES = ["arina", "artemiy", "evgeniy-rus", "mikhail", "pavel", "tatiana", "victoria",
                   "vitaliy", "yuriy"]
MEN = {"aleksandr", "aleksandr-hq", "artemiy", "evgeniy-rus", "mikhail", "pavel", "vitaliy", "yuriy"}
ESPEAK_VARIANTS = """Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco
    Mario Michael Mike Nguyen Storm adam anika antonio aunty belinda benjamin boris caleb david ed
    edward edward2 f1 f2 f3 f4 f5 gustave iven iven2 iven3 iven4 john kaukovalta klatt klatt2 klatt3
    klatt4 linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel miguel norbert pablo paul pedro quincy rob
    robert sandro shelby steph steph2 steph3 travis victor zac""".split()


def to_8k(rate, sound, size=20):
    """Any sound to 8 kHz; `size` is the speaker's, in twentieths: 22 sounds a tenth higher."""
    up, down = RATE * 20, rate * size
    common = np.gcd(up, down)
    return resample_poly(sound.astype(np.float32), up // common, down // common)


class RhVoice:
    """librhvoice 1.8 (RHVoice.h), synchronous, one engine in this process."""

    class _Callbacks(c.Structure):
        _fields_ = [("set_sample_rate", c.c_void_p), ("play_speech", c.c_void_p)] + [
            (name, c.c_void_p) for name in ("process_mark", "word_starts", "word_ends",
                                            "sentence_starts", "sentence_ends", "play_audio", "done")]

    class _Init(c.Structure):
        pass

    class _Synthesis(c.Structure):
        _fields_ = [("voice_profile", c.c_char_p)] + [
            (name, c.c_double) for name in ("absolute_rate", "absolute_pitch", "absolute_volume",
                                            "relative_rate", "relative_pitch", "relative_volume")] + [
            ("punctuation_mode", c.c_int), ("punctuation_list", c.c_char_p),
            ("capitals_mode", c.c_int), ("flags", c.c_int)]

    def __init__(self):
        init = self._Init
        if not hasattr(init, "_fields_"):
            init._fields_ = [("data_path", c.c_char_p), ("config_path", c.c_char_p),
                             ("resource_paths", c.c_void_p), ("callbacks", self._Callbacks),
                             ("options", c.c_uint)]
        self.library = c.CDLL("libRHVoice.so.5")
        self.library.RHVoice_new_tts_engine.restype = c.c_void_p
        self.library.RHVoice_new_tts_engine.argtypes = [c.c_void_p]
        self.library.RHVoice_new_message.restype = c.c_void_p
        self.library.RHVoice_new_message.argtypes = [c.c_void_p, c.c_char_p, c.c_uint, c.c_int,
                                                     c.c_void_p, c.c_void_p]
        self.library.RHVoice_speak.argtypes = [c.c_void_p]
        self.library.RHVoice_delete_message.argtypes = [c.c_void_p]
        self.pieces, self.rate = [], 24000
        self._on_rate = c.CFUNCTYPE(c.c_int, c.c_int, c.c_void_p)(self._take_rate)
        self._on_sound = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_uint, c.c_void_p)(self._take)
        calls = self._Callbacks(c.cast(self._on_rate, c.c_void_p), c.cast(self._on_sound, c.c_void_p))
        start = init(b"/usr/share/RHVoice", b"/etc/RHVoice", None, calls, 0)
        self.engine = self.library.RHVoice_new_tts_engine(c.byref(start))
        if not self.engine:
            raise RuntimeError("RHVoice does not start: install rhvoice-russian")

    def _take_rate(self, rate, _):
        self.rate = rate
        return 1

    def _take(self, samples, count, _):
        self.pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 1

    def say(self, text, voice, tempo=1.0, pitch=1.0, size=20):
        """Tempo and pitch as heard at the end, relative to the voice's own."""
        scale = size / 20
        how = self._Synthesis(voice.encode(), 0, 0, 0, tempo / scale, pitch / scale, 1.0, 0, None, 0, 0)
        said = text.encode()
        self.pieces = []
        message = self.library.RHVoice_new_message(self.engine, said, len(said), 0, c.byref(how), None)
        if not message:
            raise RuntimeError(f"RHVoice cannot say {text}")
        self.library.RHVoice_speak(message)
        self.library.RHVoice_delete_message(message)
        sound = np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.int16)
        return to_8k(self.rate, sound, size)


class Espeak:
    """espeak-ng with its variants of timbre."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(dir="/dev/shm")

    def say(self, text, variant, tempo=1.0, pitch=50, size=20):
        """Pitch is espeak-ng's own, 0–99."""
        file = os.path.join(self.folder, "said.wav")
        speed = str(int(155 * tempo * 20 / size))
        subprocess.run(["espeak-ng", "-v", f"ru+{variant}", "-s", speed, "-p", str(pitch), "-w", file,
                        text], check=True, timeout=60, stderr=subprocess.DEVNULL)
        return to_8k(*scipy.io.wavfile.read(file), size)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Festival:
    """The voice msu_ru_nsh_clunits: pieces of one man's recordings, joined."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(dir="/dev/shm")
        self.process = None
        self._start()

    def _start(self):
        self.process = subprocess.Popen(["festival", "--pipe"], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._tell("(voice_msu_ru_nsh_clunits)")

    def _tell(self, command):
        self.process.stdin.write(f'{command}\n(format t "ready\\n")\n(fflush nil)\n')
        self.process.stdin.flush()
        for line in self.process.stdout:
            if "ready" in line:
                return
        raise RuntimeError("festival ended")

    def say(self, text, size=20):
        """It has no pitch or tempo of its own: only the speaker's size changes."""
        file = os.path.join(self.folder, "said.wav")
        try:
            self._tell(f'(utt.save.wave (SynthText "{text}") "{file}")')
        except (RuntimeError, BrokenPipeError):
            self.process.kill()
            self._start()
            raise RuntimeError(f"festival cannot say {text}") from None
        return to_8k(*scipy.io.wavfile.read(file), size)

    def close(self):
        self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
