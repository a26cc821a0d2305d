#!/usr/bin/env python3
"""Pictures of the console for the README: `make screenshots`.

Drives Debian's Chromium by WebDriver against the page as the API tests show it, with made-up facts
(`LINIYA_SHOW=… cargo test -p liniya --test api show`), and writes docs/pictures/*.png.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = "127.0.0.1:8099"
DRIVER = "http://127.0.0.1:9515"
PICTURES = {"login": None, "ringing": "ring", "talk": "talk", "wrap-up": "wrap", "board": "boss",
            "cases": "boss", "notifications": "boss", "scripts": "boss",
            "people": "chief", "audit": "chief", "floor": "boss", "team": "boss"}
PAGES = ("board", "cases", "notifications", "scripts", "people", "audit", "floor", "team")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(DRIVER + path, data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["value"]


def wait(what, attempt):
    for _ in range(150):
        try:
            if (found := attempt()) is not None:
                return found
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    sys.exit(f"не дождались: {what}")


class Browser:
    def __init__(self, profile):
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,900",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--hide-scrollbars", "--lang=ru", f"--user-data-dir={profile}"]
        wish = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}}
        self.path = "/session/" + call("POST", "/session", {"capabilities": wish})["sessionId"]

    def open(self, url):
        call("POST", self.path + "/url", {"url": url})

    def find(self, css):
        try:
            found = call("POST", self.path + "/element", {"using": "css selector", "value": css})
            return found[ELEMENT]
        except urllib.error.HTTPError:
            return None

    def type(self, css, text):
        element = wait(css, lambda: self.find(css))
        call("POST", f"{self.path}/element/{element}/value", {"text": text})

    def click(self, css):
        element = wait(css, lambda: self.find(css))
        call("POST", f"{self.path}/element/{element}/click", {})

    def picture(self, name):
        png = base64.b64decode(call("GET", self.path + "/screenshot"))
        (ROOT / f"docs/pictures/desk-{name}.png").write_bytes(png)
        print(f"docs/pictures/desk-{name}.png")

    def close(self):
        call("DELETE", self.path)


def shoot(name, login):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.open(f"http://{PAGE}/")
            wait("форма входа", lambda: browser.find("input[type=password]"))
            if login:
                browser.type("input[autocomplete=username]", login)
                browser.type("input[type=password]", login)
                browser.click("form button")
                wait("рабочее место", lambda: True if browser.find("input[type=password]") is None else None)
                time.sleep(1.5)  # the first live view
                if name in PAGES:
                    browser.click(f"a[href='#{name}']")
                    time.sleep(1.5)
                if name == "scripts":
                    converse(browser)
            browser.picture(name)
            if name == "scripts":
                refused_reload(browser)
                browser.picture("scripts-reload")
        finally:
            browser.close()


def converse(browser):
    """A few turns of a trial, so that the picture shows what it is for."""
    for line in ("лицензия на лом", "2"):
        browser.type("input[aria-label='Реплика клиента']", line)
        browser.click(".trial form button")
        time.sleep(1)


def refused_reload(browser):
    """The story's scripts have slips: the page names them."""
    browser.click("header button.main")
    browser.click("dialog button.main")
    wait("ошибки сценариев", lambda: browser.find(".refused"))


def main():
    subprocess.run(["cargo", "test", "--quiet", "-p", "liniya", "--test", "api", "--no-run"], cwd=ROOT, check=True)
    server = subprocess.Popen(
        ["cargo", "test", "--quiet", "-p", "liniya", "--test", "api", "show", "--", "--nocapture"],
        cwd=ROOT, env={**os.environ, "LINIYA_SHOW": PAGE}, stdout=subprocess.DEVNULL, start_new_session=True)
    russian = {**os.environ, "LANGUAGE": "ru", "LANG": "ru_RU.UTF-8", "TZ": "Europe/Moscow"}
    driver = subprocess.Popen(["chromedriver", "--port=9515"], env=russian, stdout=subprocess.DEVNULL)
    try:
        wait("chromedriver", lambda: call("GET", "/status"))
        wait("рабочее место", lambda: urllib.request.urlopen(f"http://{PAGE}/healthz"))
        for name, login in PICTURES.items():
            shoot(name, login)
    finally:
        driver.terminate()
        os.killpg(server.pid, 15)


if __name__ == "__main__":
    main()
