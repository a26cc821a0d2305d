#!/usr/bin/env python3
"""Debian's Chromium that obeys lines of JSON: one command a line in, one event a line out.

    browser.py --port 9601 --tone 600       its microphone speaks a tone of 600 Hz, in bursts

Commands: {"do":"open","url":"http://127.0.0.1:8080/"}   reload
          {"do":"click","what":"Ответить"}               a button, link or label with these words, once it is there
          {"do":"type","into":"Логин","text":"operator1"}     a field, by its label or placeholder
          {"do":"see","what":"Разговор"}                 these words, once they are on the page
          {"do":"gone","what":"…"}                       until they are not
          {"do":"press","code":"KeyA","key":"ф","held":["alt"]}   a key by its place, and what the layout has there
          {"do":"keys","text":"лом"}                     letters and digits, key by key, to what has the focus
          {"do":"wait","script":"1 + 1 === 2"}           until it is true
          {"do":"walk","to":"Войти"}                     Tab, until the focus is on what has these words
          {"do":"size","width":320,"height":640}         {"do":"theme","name":"dark"}
          {"do":"audit"}                                 what axe-core and the page's edges complain of, as "value"
          {"do":"choose","field":"Микрофон","option":2}  the nth option of a list
          {"do":"hear_tone","hz":440}                    until the page's other side was heard with it for 0.4 s
          {"do":"hear_tone","hz":440,"share":0.1}        the same, among louder others
          {"do":"hear_nothing"}                          until it was silent for 1 s
          {"do":"run","script":"return 1"}               its answer as "value"
          {"do":"picture","path":"/tmp/x.png"}   quit
Events:   ready done error
"""

import argparse
import base64
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import wave

PATIENCE_S = 60
AXE = pathlib.Path(__file__).resolve().parents[2] / "server/console/node_modules/axe-core/axe.min.js"
HELD = {"alt": 1, "ctrl": 2, "shift": 8}
# What is not a letter or a digit: Windows' number of the key, and what it types.
NAMED = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), "Space": (32, " "), "ArrowUp": (38, ""),
         "ArrowDown": (40, ""), "Slash": (191, None)}
# The same keys in two layouts, from Q to the full stop.
LATIN, RUSSIAN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю"
# Far more than any page has.
STOPS = 150
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

# Finds what a person would point at: by its words, visible and not switched off.
FIND = """
const words = arguments[0].toLowerCase();
const seen = (e) => e.getClientRects().length > 0 && !e.disabled;
const text = (e) => ((e.innerText || '') + ' ' + (e.getAttribute('aria-label') || '')).toLowerCase();
const all = [...document.querySelectorAll('button, a, label, summary')].filter(seen);
return all.find((e) => text(e).trim() === words) || all.find((e) => text(e).includes(words)) || null;
"""
FIELD = """
const words = arguments[0].toLowerCase();
const label = [...document.querySelectorAll('label')].find((e) => e.textContent.toLowerCase().includes(words));
if (label) return label.control || label.querySelector('input, select, textarea');
return [...document.querySelectorAll('input, select, textarea')].find((e) =>
  ((e.placeholder || '') + (e.getAttribute('aria-label') || '')).toLowerCase().includes(words)) || null;
"""
# Listens to the other side of the page's talk, 20 ms at a time.
HEAR = """
const [hz, frames, share, done] = [arguments[0], arguments[1], arguments[2], arguments[arguments.length - 1]];
const audio = document.querySelector('audio');
if (!audio || !audio.srcObject) { done(false); } else {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(audio.srcObject).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  let row = 0, looks = 0;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(wave);
    let power = 0, a = 0, b = 0;
    const omega = 2 * Math.PI * (hz || 1) / context.sampleRate, c = 2 * Math.cos(omega);
    for (const x of wave) { power += x * x; const t = x + c * a - b; b = a; a = t; }
    const n = wave.length, tone = 2 * (a * a + b * b - c * a * b) / (n * n);
    power /= n;
    const loud = power > 1e-5;
    row = (hz ? loud && tone / power > share : power < 1e-6) ? row + 1 : 0;
    if (row >= frames || ++looks > 500) { clearInterval(timer); context.close(); done(row >= frames); }
  }, 20);
}
"""

# Where the focus is, as a screen reader would name it, and whether a person sees that it is there.
FOCUS = """
const e = document.activeElement;
if (!e || e === document.body) return { name: '', seen: true };
const by = (ids) => (ids || '').split(' ').map((id) => document.getElementById(id)?.textContent || '').join(' ');
const label = e.labels ? [...e.labels].map((one) => one.textContent).join(' ') : '';
const own = ['SELECT', 'INPUT', 'TEXTAREA'].includes(e.tagName) ? '' : e.innerText || '';
const name = [e.getAttribute('aria-label'), by(e.getAttribute('aria-labelledby')), label, own, e.placeholder]
  .filter(Boolean).join(' ').replace(/\\s+/g, ' ').trim();
const style = getComputedStyle(e), box = e.getBoundingClientRect();
const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
const clear = over === null || e.contains(over) || over.contains(e) || [...(e.labels || [])].some((one) => one.contains(over));
return { name, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && clear };
"""
# WCAG 2.2 AA by axe-core; and nothing is wider than the page (1.4.10), nor moves when motion is unwelcome.
AUDIT = """
const done = arguments[arguments.length - 1];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const root = document.documentElement;
const scrolls = (e) => e && e !== document.body && (getComputedStyle(e).overflowX === 'auto' || scrolls(e.parentElement));
const wide = root.scrollWidth > root.clientWidth
  ? [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement))
      .slice(0, 3).map((e) => `wider than the page: ${e.outerHTML.slice(0, 160)}`) : [];
for (const e of document.querySelectorAll('body *'))
  if (getComputedStyle(e).overflowX === 'auto' && e.scrollWidth > e.clientWidth + 1 && e.getAttribute('role') !== 'region')
    wide.push(`scrolls two ways: ${e.outerHTML.slice(0, 160)}`);
axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
  (result) => done([...wide, ...result.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id} (${rule.impact}): ${node.html.slice(0, 200)} ${node.any.concat(node.all, node.none).map((one) => one.message).join('; ')}`))]),
  (error) => done([String(error)]));
"""


class Refused(Exception):
    pass


class Browser:
    def __init__(self, options):
        self.root = f"http://127.0.0.1:{options.port}"
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        tone = os.path.join(self.profile.name, "tone.wav")
        speak(tone, options.tone)
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={options.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "LANGUAGE": "ru", "LANG": "ru_RU.UTF-8"})
        patiently(lambda: self.call("GET", "/status"))
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=ru",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                     f"--use-file-for-fake-audio-capture={tone}", "--autoplay-policy=no-user-gesture-required",
                     "--allow-loopback-in-peer-connection", "--disable-background-timer-throttling",
                     "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--window-size=1280,900",
                     f"--user-data-dir={self.profile.name}/chromium"]
        wish = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wish}})
        self.path = "/session/" + session["sessionId"]
        self.call("POST", self.path + "/timeouts", {"script": 30_000, "pageLoad": 60_000})

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error)["value"]["message"].splitlines()[0]) from None
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            raise Refused(str(error)) from None

    def run(self, script, *arguments):
        return self.call("POST", self.path + "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, script, what):
        found = patiently(lambda: self.run(script, what), what)
        return f"{self.path}/element/{found[ELEMENT]}"

    def do_open(self, url):
        self.call("POST", self.path + "/url", {"url": url})

    def do_reload(self):
        self.call("POST", self.path + "/refresh", {})

    def do_click(self, what):
        # A page that draws itself anew may take the button away under the finger.
        def click():
            place = self.find(FIND, what)
            try:
                self.call("POST", place + "/click", {})
            except Refused:
                # What lies under the page's head is moved from there, as a person would.
                element = {ELEMENT: place.rsplit("/", 1)[1]}
                self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
                raise
            return True
        patiently(click, what)

    def do_type(self, into, text):
        self.call("POST", self.find(FIELD, into) + "/value", {"text": text})

    def do_choose(self, field, option):
        script = """
          const field = (() => {%s})();
          if (!field || field.options.length <= arguments[1]) return null;
          field.selectedIndex = arguments[1];
          field.dispatchEvent(new Event('change', { bubbles: true }));
          return true;""" % FIELD
        patiently(lambda: self.run(script, field, option), field)

    def do_see(self, what):
        patiently(lambda: what in self.run("return document.body.innerText") or None, what)

    def do_gone(self, what):
        patiently(lambda: what not in self.run("return document.body.innerText") or None, f"no {what}")

    def do_press(self, code, key, held=()):
        """A key as the keyboard gives it: the browser does not know it from a real one."""
        number, text = NAMED.get(code) or (ord(code[-1]), None)
        text = key if text is None else text
        modifiers = sum(HELD[one] for one in held)
        if "alt" in held or "ctrl" in held:
            text = ""
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.devtools("Input.dispatchKeyEvent", type=kind, code=code, key=key, modifiers=modifiers,
                          windowsVirtualKeyCode=number, text=text if kind == "keyDown" else "")

    def do_keys(self, text):
        for letter in text:
            latin = LATIN[RUSSIAN.index(letter)] if letter in RUSSIAN else letter
            self.do_press(("Digit" if latin.isdigit() else "Key") + latin.upper(), letter)

    def do_wait(self, script):
        patiently(lambda: self.run(f"return {script}") or None, script)

    def do_walk(self, to):
        passed = []
        for _ in range(STOPS):
            here = self.run(FOCUS)
            if not here["seen"]:
                raise Refused(f"nobody sees that the focus is on: {here['name']}")
            if to.lower() in here["name"].lower():
                return
            passed.append(here["name"][:40])
            self.do_press("Tab", "Tab")
        raise Refused(f"walked in vain to: {to}, past {passed}")

    def do_size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=False)

    def do_theme(self, name):
        features = [{"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def do_audit(self):
        if not self.run("return 'axe' in window"):
            if not AXE.exists():
                raise Refused(f"no {AXE}: make console")
            self.run(AXE.read_text(encoding="utf-8"))
        return self.call("POST", self.path + "/execute/async", {"script": AUDIT, "args": []})

    def devtools(self, command, **parameters):
        return self.call("POST", self.path + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def do_hear_tone(self, hz, share=0.7):
        self.hear(hz, 20, share)

    def do_hear_nothing(self):
        self.hear(0, 50, 0)

    def hear(self, hz, frames, share):
        body = {"script": HEAR, "args": [hz, frames, share]}
        patiently(lambda: self.call("POST", self.path + "/execute/async", body) or None, f"{hz} Hz")

    def do_run(self, script):
        return self.run(script)

    def do_picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", self.path + "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", self.path)
        except Refused:
            pass
        self.driver.terminate()
        self.profile.cleanup()


def patiently(attempt, what="the browser"):
    end, why = time.monotonic() + PATIENCE_S, ""
    while time.monotonic() < end:
        try:
            if (found := attempt()) is not None:
                return found
        except Refused as error:
            why = str(error)
        time.sleep(0.05)
    raise Refused(f"waited in vain for: {what} {why}")


def speak(path, hz):
    """A tone in bursts of 0.7 s: a browser takes one without a pause for noise, and takes it away."""
    rate = 48_000
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = [int(12_000 * math.sin(2 * math.pi * hz * n / rate)) for n in range(rate * 7 // 10)]
        file.writeframes(struct.pack(f"<{len(tone)}h", *tone) + bytes(2 * rate * 5 // 10))


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=9601)
    options.add_argument("--tone", type=int, default=600)
    browser = Browser(options.parse_args())
    tell("ready")
    try:
        for line in sys.stdin:
            command = json.loads(line)
            verb = command.pop("do")
            if verb == "quit":
                break
            try:
                tell("done", doing=verb, value=getattr(browser, "do_" + verb)(**command))
            except Refused as error:
                shown = ""
                try:
                    shown = browser.run("return document.body.innerText")
                except Refused:
                    pass
                tell("error", doing=verb, why=str(error), page=shown)
    finally:
        browser.close()


if __name__ == "__main__":
    main()
