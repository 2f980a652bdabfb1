"""A time stamp by an authority outside (RFC 3161): that a text was there at a time, said by somebody who has no part in it."""

import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    Verifier,
    VerifierBuilder,
    decode_timestamp_response,
)

from storage.rules.refusal import Refusal

WAIT_S = 10.0
# A token with its certificates has some kilobytes.
MOST_BYTES = 200_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        """Only the server that was named is asked."""


def stamper(url: str, roots: bytes) -> Callable[[bytes], bytes]:
    """What asks the authority at a URL for a stamp over a text, and returns it (DER) once it is found right.

    roots: certificates (PEM) that the authority's must lead to. Raises Refusal for a URL that is none of http or https, or no certificates.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Refusal("{url} is no address of a time stamp authority; it begins with http:// or https://.", url=url[:80])
    trusted = _certificates(roots)

    def stamp(text: bytes) -> bytes:
        request = TimestampRequestBuilder().data(text).nonce(nonce=True).cert_request(cert_request=True).build()
        answer = _answer(url, request.as_bytes())
        try:
            response = decode_timestamp_response(answer)
            if response.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
                raise Refusal("The time stamp authority {host} gave no stamp.", host=parts.hostname)
            if not _verifier(trusted, request.nonce).verify_message(response, text):
                raise ValueError("not of this text")
        except (VerificationError, ValueError) as error:
            raise Refusal("The answer of the time stamp authority {host} is wrong: {why}.", host=parts.hostname, why=error) from error
        return answer

    return stamp


def check_stamp(stamp: bytes, text: bytes, roots: bytes) -> str:
    """When a kept stamp says that the text was there, as ISO 8601 in UTC. Raises Refusal if it does not fit text or certificates."""
    try:
        response = decode_timestamp_response(stamp)
        if not _verifier(_certificates(roots), None).verify_message(response, text):
            raise ValueError("not of this text")
    except (VerificationError, ValueError) as error:
        raise Refusal("The time stamp does not fit the checkpoint: {why}.", why=error) from error
    return response.tst_info.gen_time.isoformat()


def _verifier(trusted: list[Certificate], nonce: int | None) -> Verifier:
    builder = VerifierBuilder(roots=trusted)
    return (builder if nonce is None else builder.nonce(nonce)).build()


def _certificates(roots: bytes) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(roots)
    except ValueError as error:
        raise Refusal("There is no certificate of the time stamp authority in the file.") from error


def _answer(url: str, body: bytes) -> bytes:
    host = urlsplit(url).hostname
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/timestamp-query"}, method="POST")  # noqa: S310 - the scheme is checked above
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=WAIT_S) as answered:
            said: bytes = answered.read(MOST_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise Refusal(
            "The time stamp authority {host} cannot be reached: {why}.", host=host, why=getattr(error, "reason", error)
        ) from error
    if len(said) > MOST_BYTES:
        raise Refusal("The answer of the time stamp authority {host} has no end.", host=host)
    return said
