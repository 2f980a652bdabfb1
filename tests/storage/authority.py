"""A time stamp authority (RFC 3161) on this computer: openssl answers, http.server carries; it can be told to misbehave."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[req]
distinguished_name = dn
[dn]
"""


@dataclass
class Authority:
    """url: where it answers. roots: the certificate that its own leads to. answer: what it makes of a request; to be replaced."""

    folder: Path
    url: str = ""
    answer: Callable[[bytes], bytes] = field(default=lambda _request: b"")
    asked: list[bytes] = field(default_factory=list)

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def stamped(self, request: bytes) -> bytes:
        """As an honest authority answers."""
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(request)
        _openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", query, "-out", reply)
        return reply.read_bytes()


def make_authority(folder: Path) -> Authority:
    """Its keys and certificates; takes a second."""
    folder.mkdir()
    config = folder / "tsa.cnf"
    config.write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", config)
    root, key = folder / "root.pem", folder / "root.key"
    _openssl("req", "-x509", *new, "-keyout", key, "-out", root, "-subj", "/CN=Root", "-days", "3650", "-extensions", "root")
    _openssl("req", "-new", *new, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr", "-subj", "/CN=Authority")
    signed = ("-in", folder / "tsa.csr", "-out", folder / "tsa.pem", "-days", "3650", "-extfile", config, "-extensions", "leaf")
    _openssl("x509", "-req", *signed, "-CA", root, "-CAkey", key, "-CAcreateserial")
    made = Authority(folder)
    made.answer = made.stamped
    return made


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """It answers on a port of its own while inside."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(request)
            said = authority.answer(request)
            self.send_response(200 if said else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=30)
