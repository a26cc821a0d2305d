#!/usr/bin/env python3
"""`make demo`: a caller's and an operator's baresip telephone make one real call to a running server.

The operator signs in at the desk and gets ready; the caller presses 2 (licence), then 0 (operator); they hear each
other; the operator hangs up; the caller rates 5. Then the call's ladder is printed from the journal.
"""

import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = "http://127.0.0.1:8080"


class Phone:
    def __init__(self, name, *arguments):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/kit/phone.py"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, verb, **fields):
        self.process.stdin.write(json.dumps({"do": verb, **fields}) + "\n")
        self.process.stdin.flush()

    def wait(self, event):
        for line in self.process.stdout:
            told = json.loads(line)
            if told["event"] == event:
                return told
            if told["event"] in ("register_failed", "error"):
                sys.exit(f"{self.name}: {told}")
        sys.exit(f"{self.name}: телефон закончил работу раньше события «{event}»")


class Desk:
    def __init__(self):
        self.cookie = None

    def send(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "Origin": SERVER}
        if self.cookie:
            headers["Cookie"] = self.cookie
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(SERVER + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                if cookie := answer.headers.get("Set-Cookie"):
                    self.cookie = cookie.split(";")[0]
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read().decode()}")
        except urllib.error.URLError:
            sys.exit("Служба не отвечает на 127.0.0.1:8080. Запустите её: make run")
        return json.loads(text) if text else None

    def command(self, command, **fields):
        self.send("POST", "/api/v1/desk/commands", {"command": command, **fields})


def show_where_it_stands(desk, call):
    """The ladder, the journal, the row of the reports' table and the numbers of the call."""
    liniya = ROOT / "target/release/liniya"
    subprocess.run([liniya, "ladder", call], check=True, cwd=ROOT)
    number = call.lstrip("C")
    journal = (ROOT / "var/journal/liniya.journal").read_text(encoding="utf-8").splitlines()
    facts = [line for line in journal if f'"call":{number},' in line or f'"call":{number}}}' in line]
    print(f"В журнале {len(facts)} фактов звонка; последний:\n  {facts[-1]}")
    row = stored_row(desk, int(number))
    print("Строка в таблице звонков:\n  " + json.dumps(row, ensure_ascii=False))
    print("В /metrics:")
    with urllib.request.urlopen(SERVER + "/metrics") as page:
        for line in page.read().decode().splitlines():
            if "_total{" in line and 'service="scrap_licence"' in line and not line.endswith(" 0"):
                print("  " + line)


def stored_row(desk, number):
    """The database follows the journal by a moment."""
    for _ in range(100):
        for row in desk.send("GET", "/api/v1/calls"):
            if row["call"] == number and row["ended_at"] is not None:
                return row
        time.sleep(0.1)
    sys.exit("звонка нет в базе данных: см. журнал службы")


def main():
    desk = Desk()
    desk.send("POST", "/api/v1/session", {"login": "operator1", "password": "operator1"})
    operator = Phone("телефон оператора", "--listen", "127.0.0.1:5071", "--user", "operator1",
                     "--password", "operator1", "--register")
    operator.wait("ready")
    desk.command("sign_in")
    desk.command("ready")
    print("Оператор готов, его телефон зарегистрирован")

    caller = Phone("телефон клиента", "--listen", "127.0.0.1:5072", "--user", "caller")
    caller.wait("ready")
    caller.do("dial", number="100")
    caller.wait("established")
    caller.do("hear_sound")
    caller.wait("sound")
    print("Клиент слышит помощника и нажимает 2: лицензия на лом")
    caller.do("press", keys="2")
    caller.do("hear_sound")
    caller.wait("sound")
    caller.do("press", keys="0")

    operator.wait("incoming")
    view = desk.send("GET", "/api/v1/desk")["call"]
    print(f"У оператора звонок {view['call']}: {view['service']['title']}")
    operator.do("answer")
    operator.wait("established")
    caller.do("tone", hz=440)
    operator.do("tone", hz=700)
    operator.do("hear_tone", hz=440)
    operator.wait("tone")
    caller.do("hear_tone", hz=700)
    caller.wait("tone")
    print("Клиент и оператор слышат друг друга")
    caller.do("tone", hz=0)
    desk.command("disposition", call=view["call"], outcome="answered", need="2")
    operator.do("hangup")
    operator.wait("closed")
    caller.do("hear_sound")
    caller.wait("sound")
    caller.do("press", keys="5")
    caller.wait("closed")
    print("Оценка 5\n")
    operator.do("quit")
    caller.do("quit")
    show_where_it_stands(desk, view["call"])


if __name__ == "__main__":
    main()
