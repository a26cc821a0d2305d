"""Пример реестра kind = "http": отвечает JSON по номеру заявления.

python3 scripts/samples/status_server.py [порт]; в настройках:
    kind = "http"
    url = "http://127.0.0.1:8090/applications/{number}"
    status = "/status"
    due = "/due"
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

APPLICATIONS = {
    "20260010": {"status": "заявление зарегистрировано, документы проверяются", "due": "2026-12-14"},
    "20260029": {"status": "заявление на рассмотрении", "due": "2026-12-01"},
    "20260032": {"status": "решение принято, результат можно получить", "due": None},
}


class Register(BaseHTTPRequestHandler):
    def do_GET(self):
        folder, _, number = self.path.rpartition("/")
        found = APPLICATIONS.get(number) if folder == "/applications" else None
        body = json.dumps(found or {}, ensure_ascii=False).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    ThreadingHTTPServer(("127.0.0.1", port), Register).serve_forever()
