#!/usr/bin/env python3
"""A mail server that wants STARTTLS and a password, and tells of every letter: one JSON line an event.

    mail.py --port 2525 --certificate cert.pem --key key.pem --user house --password secret

Addresses that begin with «later» are taken at the second try (451), with «nobody» never (550).
Events: ready  put_off  refused  letter {to, subject, text, headers, secret}
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self):
        self.asked_to_wait = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            tell("refused", to=address)
            return "550 5.1.1 No such mailbox"
        if address.startswith("later") and address not in self.asked_to_wait:
            self.asked_to_wait.add(address)
            tell("put_off", to=address)
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        headers = {name: str(value) for name, value in letter.items()}
        tell(
            "letter",
            to=envelope.rcpt_tos,
            subject=headers.get("Subject", ""),
            text=letter.get_content(),
            headers=headers,
            secret=session.ssl is not None and session.authenticated,
        )
        return "250 OK"


def tell(event, **more):
    print(json.dumps({"event": event, **more}, ensure_ascii=False), flush=True)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    for name in ["certificate", "key", "user", "password"]:
        options.add_argument("--" + name, required=True)
    options = options.parse_args()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.certificate, options.key)
    known = LoginPassword(options.user.encode(), options.password.encode())

    def authenticate(server, session, envelope, mechanism, given):
        return AuthResult(success=given == known)

    def connection():
        return SMTP(
            handler,
            hostname="mail.example.org",
            tls_context=tls,
            require_starttls=True,
            authenticator=authenticate,
            auth_required=True,
        )

    handler = Handler()
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", options.port)
    tell("ready")
    await server.serve_forever()


asyncio.run(main())
