#!/usr/bin/env python3
"""Pictures of the console for the documents: `make screenshots` writes docs/pictures/*.png.

    screenshots.py                  each view once, 1280 × 900, light
    screenshots.py --all FOLDER     each view at 320, 1280 and 1920 pixels, light and dark, to look at

Drives Debian's Chromium (browser.py) against the page as the API tests show it, with made-up facts
(`LINIYA_SHOW=… cargo test -p liniya --test api show`), and against the real server on a network of
its own, where a page calls the line.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import urllib.error
import urllib.request

from browser import Browser, patiently

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN, LATER, REAL = "127.0.0.1:8099", "127.0.0.1:8100", "127.0.0.1:8080"
USUAL = [("", 1280, 900, "light")]
EVERY = [(f"-{width}-{theme}", width, height, theme)
         for width, height in ((320, 720), (1280, 900), (1920, 1080)) for theme in ("light", "dark")]


class Photographer:
    def __init__(self, browser, folder, views):
        self.browser, self.folder, self.views = browser, folder, views

    def picture(self, name):
        for suffix, width, height, theme in self.views:
            self.browser.do_size(width, height)
            self.browser.do_theme(theme)
            path = self.folder / f"{name}{suffix}.png"
            self.browser.do_picture(str(path))
            print(path)
        self.browser.do_size(1280, 900)

    def enter(self, host, login):
        """Signs in afresh."""
        self.browser.do_open(f"http://{host}/")
        self.browser.run("localStorage.clear()")
        self.browser.call("DELETE", self.browser.path + "/cookie")
        self.browser.do_open(f"http://{host}/")
        self.browser.do_see("Логин")
        if login:
            self.browser.do_type("Логин", login)
            self.browser.do_type("Пароль", login)
            self.browser.do_click("Войти")
            self.browser.do_see("На связи")

    def page(self, name, sees):
        self.browser.run(f"location.hash = '{name}'")
        self.browser.do_see(sees)


def morning(camera):
    """One lively morning; nothing that is clicked changes anything."""
    browser = camera.browser
    camera.enter(SHOWN, None)
    camera.picture("desk-login")
    for name, login, sees in (("ringing", "ring", "Первые слова"), ("talk", "talk", "отмечено"),
                              ("wrap-up", "wrap", "завершить")):
        camera.enter(SHOWN, login)
        browser.do_see(sees)
        camera.picture(f"desk-{name}")
    camera.enter(SHOWN, "talk")
    browser.do_type("Искать в базе знаний", "документы")
    browser.do_see("Найдено")
    browser.run("document.querySelector('#knowledge-title').closest('section').scrollIntoView()")
    camera.picture("desk-knowledge")

    for name, login in (("consult", "talk"), ("consulted", "lunch")):
        camera.enter(LATER, login)
        browser.do_see("Консультация" if login == "talk" else "Клиент ждёт")
        camera.picture(f"desk-{name}")

    camera.enter(SHOWN, "boss")
    browser.do_press("Slash", "?", ["shift"])
    browser.do_see("Работают при любой раскладке")
    camera.picture("desk-keys")
    browser.do_press("Escape", "Escape")
    for name, sees in (("board", "Операторы"), ("cases", "Записи на приём"), ("notifications", "Журнал"),
                       ("scripts", "Попробовать")):
        camera.page(name, sees)
        if name == "scripts":
            # A few turns of a trial, so that the picture shows what it is for.
            for line in ("лицензия на лом", "2"):
                browser.do_type("Реплика клиента", line)
                browser.do_click("Сказать")
                browser.do_wait("document.querySelector('[aria-label=\"Реплика клиента\"]').value === ''")
        camera.picture(f"desk-{name}")
    # The story's scripts have slips: the page names them.
    browser.do_click("Перезагрузить сценарии")
    browser.do_wait("document.querySelector('dialog[open]')")
    browser.run("document.querySelector('dialog[open] button.main').click()")
    browser.do_see("Что делать")
    camera.picture("desk-scripts-reload")
    for name, sees in (("floor", "кто чем занят"), ("owed", "Без ответа"), ("team", "кому достаются звонки")):
        camera.page(name, sees)
        camera.picture(f"desk-{name}")
    camera.page("training", "Тренажёр")
    camera.picture("desk-training")
    browser.do_click("Начать: Жалуется")
    for step in ("приветствие", "выслушать", "нужна ли жалоба"):
        browser.do_click(f"Сказать: {step}")
    browser.do_click("Принять жалобу")
    browser.do_see("Сказать: суть")
    camera.picture("desk-training-run")
    browser.do_open(f"http://{SHOWN}/wallboard")
    browser.do_see("Ждут ответа")
    camera.picture("wallboard")
    camera.enter(SHOWN, "chief")
    for name, sees in (("people", "Сотрудники"), ("audit", "Журнал")):
        camera.page(name, sees)
        camera.picture(f"desk-{name}")


def calls(camera):
    """The phone in the page, and the page of who calls from one."""
    browser = camera.browser
    camera.enter(REAL, "operator1")
    browser.do_click("Телефон в браузере")
    browser.do_click("Понятно, продолжить")
    browser.do_see("Телефон в браузере готов")
    browser.do_click("Начать смену")
    browser.do_click("Принимать звонки")
    browser.do_see("Ждём звонка")
    camera.picture("desk-phone")
    browser.do_open(f"http://{REAL}/call")
    browser.do_see("Позвонить голосом")
    camera.picture("call")
    browser.do_click("Позвонить с текстом")
    browser.do_see("По какому вопросу")
    browser.do_type("Ваш ответ", "лицензия на лом\ue007")
    browser.do_wait("document.querySelectorAll('[role=log] p').length >= 4")
    camera.picture("call-text")


def show():
    """The server of the API tests, on its own."""
    arguments = ["cargo", "test", "--quiet", "-p", "liniya", "--test", "api"]
    process = subprocess.Popen([*arguments, "show", "--", "--nocapture"], cwd=ROOT, start_new_session=True,
                               env={**os.environ, "LINIYA_SHOW": SHOWN}, stdout=subprocess.DEVNULL)
    return process, SHOWN


def serve(folder):
    """The real one, with the sample organisation and a data folder of its own."""
    environment = {**os.environ, "LINIYA_SERVER_DATA_DIR": folder,
                   "LINIYA_VOSK_LIBRARY": os.environ.get("LINIYA_VOSK_LIBRARY", str(ROOT / "var/lib/libvosk.so"))}
    process = subprocess.Popen(["target/debug/liniya", "--config", "liniya.toml", "serve"], cwd=ROOT, env=environment,
                               start_new_session=True, stdout=subprocess.DEVNULL)
    return process, REAL


def stands(host):
    try:
        with urllib.request.urlopen(f"http://{host}/healthz") as answer:
            return True if answer.status == 200 else None
    except (urllib.error.URLError, ConnectionError):
        return None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--all", metavar="FOLDER", type=pathlib.Path)
    chosen = options.parse_args()
    if "LINIYA_ALONE" not in os.environ:
        subprocess.run(["cargo", "test", "--quiet", "-p", "liniya", "--test", "api", "--no-run"], cwd=ROOT, check=True)
        subprocess.run(["cargo", "build", "--quiet", "--bin", "liniya"], cwd=ROOT, check=True)
        # Whatever runs on this machine keeps its ports.
        os.environ["LINIYA_ALONE"] = "1"
        os.execvp("unshare", ["unshare", "--map-root-user", "--net", sys.executable, __file__, *sys.argv[1:]])
    del os.environ["LINIYA_ALONE"]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ["TZ"] = "Europe/Moscow"
    folder = chosen.all or ROOT / "docs/pictures"
    folder.mkdir(parents=True, exist_ok=True)
    # Its microphone is silent: a tone may be taken for a word.
    browser = Browser(types.SimpleNamespace(port=9515, tone=0))
    camera = Photographer(browser, folder, EVERY if chosen.all else USUAL)
    try:
        with tempfile.TemporaryDirectory() as data:
            for begin, walk in ((show, morning), (lambda: serve(data), calls)):
                server, host = begin()
                try:
                    patiently(lambda: stands(host), host)
                    walk(camera)
                finally:
                    os.killpg(server.pid, 15)
                    server.wait()
    finally:
        browser.close()


if __name__ == "__main__":
    main()
