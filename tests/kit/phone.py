#!/usr/bin/env python3
"""A baresip telephone that obeys lines of JSON: one command a line in, one event a line out.

    phone.py --listen 127.0.0.1:5070 --server 127.0.0.1:5060 --user operator1 --password … [--register]

Commands: {"do":"dial","number":"100"}  answer  reject  hangup  hold  resume
          {"do":"press","keys":"12"}            RFC 4733, or INFO with --dtmf info
          {"do":"tone","hz":440}                speak a tone; hz 0 falls silent
          {"do":"say","wav":"/path.wav"}        speak a 16-bit mono WAV once
          {"do":"echo","db":-20,"delay_ms":120} give back what is heard, so much weaker and later
          {"do":"noise","dbov":-46}             speak pink noise, under words too; null for none
          {"do":"listen"}                       forget what was heard until now
          {"do":"hear_tone","hz":440}           event "tone" once it was heard for 0.4 s, or for "frames" of 20 ms;
                                                of all that is heard, "share" of the power (0.7 if not said)
          {"do":"hear_sound"}                   event "sound" once anything was heard for 0.4 s
          {"do":"save","wav":"/path.wav"}       write what was heard since "listen"
          quit
Events:   ready registered register_failed incoming ringing established held closed digit tone sound said saved error
          "held" comes once the other side has agreed: until then a call cannot be resumed
          "said" tells how much had been heard when the words began ("heard_ms")
"""

import argparse
import asyncio
import json
import math
import random
import struct
import sys
import wave
from collections import deque

import baresip
from baresip.events import Event
from baresip.runtime import Runtime
from baresip.ua import UserAgent

FRAME_MS = 20
ENOUGH_FRAMES = 20  # 0.4 s


class Phone:
    """One account, one call at a time."""

    def __init__(self, options):
        self.options = options
        self.call, self.holding = None, False
        self.hz, self.phase = 0, 0.0
        self.speech, self.spoke_at_ms = b"", 0
        self.heard, self.rate = bytearray(), 8000
        self.awaited, self.enough, self.share = None, ENOUGH_FRAMES, 0.7
        self.echo, self.echoes = None, []
        self.noise = deque()

    async def run(self):
        host, _, port = self.options.listen.partition(":")
        config = baresip.Config(
            net_interface=host,
            native_log_level="error",
            extra_config_text=f"sip_listen {self.options.listen}\nrtp_ports {self.options.rtp_ports}\n",
        )
        transport = "" if self.options.transport == "udp" else ";transport=tcp"
        account = baresip.Account(
            user=self.options.user,
            domain=self.options.server,
            password=self.options.password,
            registrar=f"sip:{self.options.server}{transport}" if transport else None,
            reg_interval=600 if self.options.register else 0,
            transport=self.options.transport,
            audio_codecs=tuple(self.options.codecs.split(",")),
            dtmf_mode=self.options.dtmf,
        )
        self.runtime = Runtime(native_log_level="error")
        await self.runtime.start(config)
        self.ua = await UserAgent.create(self.runtime, account)
        self.ua.on_incoming(self.incoming)
        if self.options.register:
            try:
                await self.ua.register()
                tell("registered")
            except baresip.BaresipError as error:
                tell("register_failed", why=str(error))
        pump = asyncio.create_task(self.pump())
        tell("ready")
        await self.obey()
        pump.cancel()
        await self.runtime.close()

    async def obey(self):
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            command = json.loads(line)
            verb = command.pop("do")
            if verb == "quit":
                return
            try:
                await getattr(self, "do_" + verb)(**command)
            except baresip.BaresipError as error:
                tell("error", doing=verb, why=str(error))

    def incoming(self, call):
        self.adopt(call)
        tell("incoming")

    def adopt(self, call):
        self.call = call
        call.on(self.on_event)

    def on_event(self, event):
        if event.event == Event.CALL_RINGING or event.event == Event.CALL_PROGRESS:
            tell("ringing")
        elif event.event == Event.CALL_ESTABLISHED:
            self.forget()
            tell("established")
        elif event.event == Event.CALL_CLOSED:
            self.call = None
            tell("closed", why=event.text)
        elif event.event == Event.CALL_REMOTE_SDP and event.text == "answer" and self.holding:
            self.holding = False
            tell("held")
        elif event.event == Event.CALL_DTMF_START:
            tell("digit", key=event.text)

    async def do_dial(self, number):
        # baresip-python tells a call only what comes after dial has returned: a fast answer comes before.
        early = []
        self.runtime.subscribe(early.append)
        call = await self.ua.dial(f"sip:{number}@{self.options.server}")
        self.runtime.unsubscribe(early.append)
        self.adopt(call)
        for event in early:
            call._on_stack_event(event)

    async def do_answer(self):
        await self.call.answer()

    async def do_reject(self):
        await self.call.reject()

    async def do_hangup(self):
        if self.call:
            await self.call.hangup()

    async def do_hold(self):
        self.holding = True
        await self.call.hold()

    async def do_resume(self):
        await self.call.resume()

    async def do_press(self, keys):
        await self.call.send_dtmf(keys)

    async def do_tone(self, hz):
        self.hz = hz

    async def do_say(self, wav):
        with wave.open(wav) as file:
            assert file.getsampwidth() == 2 and file.getnchannels() == 1, "16-bit mono, please"
            self.speech = resample(file.readframes(file.getnframes()), file.getframerate(), 8000)
        self.spoke_at_ms = len(self.heard) * 1000 // (2 * self.rate)

    async def do_echo(self, db, delay_ms):
        self.echo = (10 ** (db / 20), delay_ms // FRAME_MS)
        self.echoes = []

    async def do_noise(self, dbov):
        self.noise = deque() if dbov is None else pink(10 ** (dbov / 20) * 32768)

    async def do_listen(self):
        self.forget()

    async def do_hear_tone(self, hz, frames=ENOUGH_FRAMES, share=0.7):
        self.enough = frames
        self.share = share
        self.awaited = ("tone", hz, 0)

    async def do_hear_sound(self):
        self.enough = ENOUGH_FRAMES
        self.share = 0.7
        self.awaited = ("sound", None, 0)

    async def do_save(self, wav):
        with wave.open(wav, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes(bytes(self.heard))
        tell("saved")

    def forget(self):
        self.heard.clear()

    async def pump(self):
        """Speaks and listens, a frame at a time; baresip's own clock paces the wire."""
        while True:
            await asyncio.sleep(FRAME_MS / 1000)
            if self.call is None:
                continue
            try:
                self.speak()
                self.hear()
            except (baresip.AudioNotActive, baresip.AudioRestarted):
                continue

    def speak(self):
        info = self.call.audio.info()
        if not info.tx_ready or not info.tx_sample_rate:
            return
        frame_bytes = info.tx_sample_rate * FRAME_MS // 1000 * 2
        for _ in range(3):
            if self.call.audio.info().tx_buffered >= 3 * frame_bytes:
                return
            if self.speech:
                frame, self.speech = self.speech[:frame_bytes], self.speech[frame_bytes:]
                self.call.audio.write(self.mixed(frame.ljust(frame_bytes, b"\0")))
                if not self.speech:
                    tell("said", heard_ms=self.spoke_at_ms)
            elif self.hz:
                step = 2 * math.pi * self.hz / info.tx_sample_rate
                samples = [int(8000 * math.sin(self.phase + step * n)) for n in range(frame_bytes // 2)]
                self.phase = (self.phase + step * len(samples)) % (2 * math.pi)
                self.call.audio.write(struct.pack(f"<{len(samples)}h", *samples))
            elif self.echo or self.noise:
                self.call.audio.write(self.mixed(bytes(frame_bytes)))
            else:
                return

    def mixed(self, frame):
        """A frame of words with the noise around them and the echo of what was heard."""
        count = len(frame) // 2
        sound = list(struct.unpack(f"<{count}h", frame))
        if self.echo and len(self.echoes) > self.echo[1]:
            gain, back = self.echo[0], self.echoes.pop(0)
            if len(back) == count:
                sound = [a + gain * b for a, b in zip(sound, back)]
        if self.noise:
            sound = [a + b for a, b in zip(sound, self.noise)]
            self.noise.rotate(-count)
        return struct.pack(f"<{count}h", *(max(-32768, min(32767, int(x))) for x in sound))

    def hear(self):
        info = self.call.audio.info()
        if not info.rx_ready or not info.rx_sample_rate:
            return
        self.rate = info.rx_sample_rate
        frame_bytes = self.rate * FRAME_MS // 1000 * 2
        while len(frame := self.call.audio.read(frame_bytes)) == frame_bytes:
            self.heard += frame
            samples = struct.unpack(f"<{frame_bytes // 2}h", frame)
            if self.echo:
                self.echoes.append(samples)
            self.judge(samples)

    def judge(self, samples):
        if self.awaited is None:
            return
        kind, hz, frames = self.awaited
        power = sum(s * s for s in samples) / len(samples)
        share = tone_power(samples, hz, self.rate) / power if hz and power else 1.0
        frames = frames + 1 if power > 100.0 * 100.0 and share > self.share else 0
        self.awaited = (kind, hz, frames)
        if frames == self.enough:
            self.awaited = None
            tell(kind, **({"hz": hz} if hz else {}))


def tone_power(samples, hz, rate):
    """Goertzel: the power of one frequency in a frame."""
    omega = 2 * math.pi * hz / rate
    coefficient, a, b = 2 * math.cos(omega), 0.0, 0.0
    for sample in samples:
        a, b = sample + coefficient * a - b, a
    energy = a * a + b * b - coefficient * a * b
    return 2 * energy / len(samples) ** 2


def pink(rms):
    """Four seconds of pink noise so loud, always the same."""
    dice, a, b, c, out = random.Random(7), 0.0, 0.0, 0.0, []
    for _ in range(32000):
        white = dice.gauss(0, 1)
        a = 0.997 * a + 0.099 * white
        b = 0.963 * b + 0.297 * white
        c = 0.57 * c + 1.053 * white
        out.append(a + b + c + 0.185 * white)
    power = sum(x * x for x in out) / len(out)
    return deque(x * rms / math.sqrt(power) for x in out)


def resample(pcm, rate, wanted):
    """Linear, good enough for speech that was made at or near the wanted rate."""
    if rate == wanted:
        return pcm
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    count = len(samples) * wanted // rate
    out = []
    for n in range(count):
        place = n * rate / wanted
        left = int(place)
        right = min(left + 1, len(samples) - 1)
        out.append(int(samples[left] + (samples[right] - samples[left]) * (place - left)))
    return struct.pack(f"<{count}h", *out)


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--listen", default="127.0.0.1:0")
    options.add_argument("--server", default="127.0.0.1:5060")
    options.add_argument("--user", default="caller")
    options.add_argument("--password", default="")
    options.add_argument("--register", action="store_true")
    options.add_argument("--transport", choices=["udp", "tcp"], default="udp")
    options.add_argument("--codecs", default="pcma,pcmu")
    options.add_argument("--dtmf", choices=["rtpevent", "info"], default="rtpevent")
    options.add_argument("--rtp-ports", default="40000-49999")
    asyncio.run(Phone(options.parse_args()).run())


if __name__ == "__main__":
    main()
