#!/usr/bin/env python3
"""A liblinphone telephone with real-time text (RFC 4103) that obeys lines of JSON: one command a line
in, one event a line out.

    text_phone.py --listen 127.0.0.1:5072 --server 127.0.0.1:5060 [--without-audio]

Commands: {"do":"dial","number":"100"}  {"do":"type","line":"да"}  {"do":"press","keys":"1"}  hangup  quit
Events:   ready established closed line (what the other side wrote, up to its line's end) error
"""

import argparse
import ctypes
import json
import os
import queue
import sys
import tempfile
import threading
import time
from ctypes import c_char_p, c_int, c_uint32, c_void_p

LINE_SEPARATOR = 0x2028
ENDS_OF_LINE = {LINE_SEPARATOR, 0x2029, 10, 13}
ITERATE_S = 0.02


def load():
    """The library with the types of the functions used."""
    lib = ctypes.CDLL("liblinphone.so.10")
    signatures = {
        "linphone_factory_get": (c_void_p, []),
        "linphone_factory_create_core_3": (c_void_p, [c_void_p, c_char_p, c_char_p, c_void_p]),
        "linphone_core_start": (c_int, [c_void_p]),
        "linphone_core_stop": (None, [c_void_p]),
        "linphone_core_iterate": (None, [c_void_p]),
        "linphone_core_set_use_files": (None, [c_void_p, c_int]),
        "linphone_core_set_play_file": (None, [c_void_p, c_char_p]),
        "linphone_core_enable_realtime_text": (c_int, [c_void_p, c_int]),
        "linphone_core_create_call_params": (c_void_p, [c_void_p, c_void_p]),
        "linphone_call_params_enable_realtime_text": (c_int, [c_void_p, c_int]),
        "linphone_call_params_enable_audio": (None, [c_void_p, c_int]),
        "linphone_core_interpret_url": (c_void_p, [c_void_p, c_char_p]),
        "linphone_core_invite_address_with_params": (c_void_p, [c_void_p, c_void_p, c_void_p]),
        "linphone_call_get_state": (c_int, [c_void_p]),
        "linphone_call_state_to_string": (c_char_p, [c_int]),
        "linphone_call_get_chat_room": (c_void_p, [c_void_p]),
        "linphone_call_ref": (c_void_p, [c_void_p]),
        "linphone_call_terminate": (c_int, [c_void_p]),
        "linphone_call_send_dtmf": (c_int, [c_void_p, ctypes.c_char]),
        "linphone_chat_room_get_char": (c_uint32, [c_void_p]),
        "linphone_chat_room_create_message": (c_void_p, [c_void_p, c_char_p]),
        "linphone_chat_message_put_char": (c_int, [c_void_p, c_uint32]),
        "linphone_chat_message_send": (None, [c_void_p]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class Phone:
    """One call at a time."""

    def __init__(self, options, folder):
        self.options = options
        self.lib = load()
        host, _, port = options.listen.partition(":")
        base = 44000 + int(port) % 100 * 10
        config = f"{folder}/linphonerc"
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                f"[sip]\nsip_port={port}\nsip_tcp_port=0\nbind_address={host}\nuse_ipv6=0\nguess_hostname=0\n"
                f"contact=sip:writer@{host}\n[net]\nfirewall_policy=none\n"
                f"[rtp]\naudio_rtp_port={base}\ntext_rtp_port={base + 2}\n[video]\nenabled=0\n"
                f"[misc]\nuuid=00000000-0000-0000-0000-000000000001\n"
                f"[storage]\nbackend=sqlite3\nuri={folder}/calls.db\n[lime]\nenabled=0\n"
            )
        self.core = self.lib.linphone_factory_create_core_3(
            self.lib.linphone_factory_get(), config.encode(), None, None
        )
        self.lib.linphone_core_set_use_files(self.core, 1)
        self.lib.linphone_core_set_play_file(self.core, None)
        self.lib.linphone_core_enable_realtime_text(self.core, 1)
        self.lib.linphone_core_start(self.core)
        self.call, self.state, self.line = None, "", ""

    def run(self):
        commands = queue.Queue()
        threading.Thread(target=read_commands, args=(commands,), daemon=True).start()
        tell("ready")
        while True:
            try:
                command = commands.get(timeout=ITERATE_S)
                verb = command.pop("do")
                if verb == "quit":
                    return self.close()
                getattr(self, "do_" + verb)(**command)
            except queue.Empty:
                pass
            self.lib.linphone_core_iterate(self.core)
            self.look()

    def close(self):
        self.do_hangup()
        for _ in range(25):
            self.lib.linphone_core_iterate(self.core)
            time.sleep(ITERATE_S)

    def look(self):
        """What has changed, and what was written to us."""
        if not self.call:
            return
        state = self.lib.linphone_call_state_to_string(self.lib.linphone_call_get_state(self.call)).decode()
        state = state.removeprefix("LinphoneCallState").removeprefix("LinphoneCall")
        if state != self.state:
            self.state = state
            if state == "StreamsRunning":
                tell("established")
            elif state in ("End", "Error", "Released"):
                self.call = None
                return tell("closed", why=state)
        if state != "StreamsRunning":
            return
        room = self.lib.linphone_call_get_chat_room(self.call)
        while room and (code := self.lib.linphone_chat_room_get_char(room)):
            if code in ENDS_OF_LINE:
                if self.line:
                    tell("line", text=self.line)
                self.line = ""
            elif code != 0xFEFF:
                self.line += chr(code)

    def do_dial(self, number):
        params = self.lib.linphone_core_create_call_params(self.core, None)
        self.lib.linphone_call_params_enable_realtime_text(params, 1)
        self.lib.linphone_call_params_enable_audio(params, 0 if self.options.without_audio else 1)
        address = self.lib.linphone_core_interpret_url(self.core, f"sip:{number}@{self.options.server}".encode())
        call = self.lib.linphone_core_invite_address_with_params(self.core, address, params)
        if not call:
            return tell("error", doing="dial")
        self.call, self.state = self.lib.linphone_call_ref(call), ""

    def do_type(self, line):
        room = self.lib.linphone_call_get_chat_room(self.call)
        message = self.lib.linphone_chat_room_create_message(room, b"")
        for character in line:
            self.lib.linphone_chat_message_put_char(message, ord(character))
        self.lib.linphone_chat_message_put_char(message, LINE_SEPARATOR)
        self.lib.linphone_chat_message_send(message)

    def do_press(self, keys):
        for key in keys:
            self.lib.linphone_call_send_dtmf(self.call, key.encode())

    def do_hangup(self):
        if self.call:
            self.lib.linphone_call_terminate(self.call)


def read_commands(commands):
    for line in sys.stdin:
        commands.put(json.loads(line))
    commands.put({"do": "quit"})


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}, ensure_ascii=False), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--listen", default="127.0.0.1:5072")
    options.add_argument("--server", default="127.0.0.1:5060")
    options.add_argument("--without-audio", action="store_true")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder  # it keeps keys and calls there
        Phone(options.parse_args(), folder).run()


if __name__ == "__main__":
    main()
