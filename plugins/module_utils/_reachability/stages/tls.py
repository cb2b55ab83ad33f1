# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS: a verified handshake, and why one fails. Private to the collection."""

import os
import socket
import ssl
import tempfile

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.sockets import said

# Where kubelet and containerd look for CAs: crypto/x509 of Go takes the first of these files and all directories.
NODE_STORES = (
    (
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ),
    ("/etc/ssl/certs", "/etc/pki/tls/certs"),
)
# Codes of X509_V_ERR_*; Python 3.7 and newer hand them on.
_VERIFY_CODES = {
    2: "tls.unknown_ca",
    9: "tls.not_yet_valid",
    10: "tls.expired",
    18: "tls.self_signed",
    19: "tls.unknown_ca",
    20: "tls.unknown_ca",
    21: "tls.unknown_ca",
    62: "tls.name",
    64: "tls.name",
}
# What OpenSSL makes of bytes that are no TLS record, by version.
_NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "BAD_PROTOCOL",
    "RECORD_LAYER_FAILURE",
    "WRONG_SSL_VERSION",
    "DATA_LENGTH_TOO_LONG",
    "RECORD_TOO_SMALL",
)
# What OpenSSL says where the two sides have no version of TLS in common.
_NO_COMMON_VERSION = ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL")
_ENDS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
_EOF = ("UNEXPECTED_EOF_WHILE_READING",)
# A front end may carry hundreds of names; a report of 2,000 nodes must not.
_NAMES_SHOWN = 20


def make_context(verify, ca_path, stores=NODE_STORES):
    """Return an SSLContext.

    :arg verify: whether the certificate is checked against the node's CA store and the name.
    :arg ca_path: PEM file or directory of PEM files with further CAs, or None.
    :arg stores: (files, directories) where a node has its CAs.
    :raises ValueError: with a sentence if ca_path holds no certificate.
    """
    if not verify:
        return _unverified()
    context = _with_the_store_of_the_node(*stores)
    for path in _ca_files(ca_path):
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ValueError) as error:
            raise ValueError(f"ca_path: {path} has no CA certificate in PEM form ({error})") from None
    return context


def _with_the_store_of_the_node(files, directories):
    """Return an SSLContext that trusts whom the node trusts, whatever this interpreter or its environment does.

    A Python of its own (conda, pyenv, a vendor's) has other CAs or none, and SSL_CERT_FILE may be that of a login.
    """
    for path in files:
        try:
            context = ssl.create_default_context(cafile=path)
        except OSError:  # not there, or damaged
            continue
        for directory in directories:
            if os.path.isdir(directory):
                context.load_verify_locations(capath=directory)
        return context
    return ssl.create_default_context()


def _ca_files(ca_path):
    if not ca_path:
        return []
    if not os.path.isdir(ca_path):
        return [ca_path]
    files = [os.path.join(ca_path, name) for name in sorted(os.listdir(ca_path)) if name.endswith((".pem", ".crt"))]
    if not files:
        raise ValueError(f"ca_path: there is no *.pem or *.crt in {ca_path}")
    return files


def _unverified():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def handshake(sock, host, context, timeout):
    """Return the TLS socket over a connected one; the connected one is closed where that fails.

    :arg host: name for SNI and for the check of the certificate; an address is checked as such.
    :raises Stop: ``tls.timeout``, ``tls.reset``, ``tls.plaintext`` or ``tls.refused`` for a failed handshake.
    :raises Untrusted: for a certificate that does not hold.
    """
    sock.settimeout(timeout)
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except (OSError, ssl.CertificateError) as error:
        sock.close()
        if is_verification(error):
            raise Untrusted(error) from None
        raise Stop(classify(error), error=_words(error)) from None
    except ValueError as error:
        # A host that is no name for TLS, e.g. one that starts with a dot.
        sock.close()
        raise Stop("tls.refused", error=str(error)) from None


def _words(error):
    """Return what OpenSSL said, and whether it may be this Python's OpenSSL alone that cannot talk to the server.

    One before 1.1.1 (EL 7: 1.0.2k) knows nothing newer than TLS 1.2; kubelet and containerd bring their own TLS.
    """
    if getattr(error, "reason", None) in _NO_COMMON_VERSION and not getattr(ssl, "HAS_TLSv1_3", False):
        return (
            f"{said(error)}; {ssl.OPENSSL_VERSION} of this node's Python has no TLS 1.3, which kubelet and containerd "
            "have"
        )
    return said(error)


class Untrusted(Exception):
    """The certificate does not hold; ``error`` is what ssl raised."""

    def __init__(self, error):
        super().__init__(str(error))
        self.error = error


def is_verification(error):
    """Return whether an error is about the certificate, on Python 3.6 as on newer ones."""
    return isinstance(error, ssl.CertificateError) or getattr(error, "reason", None) == "CERTIFICATE_VERIFY_FAILED"


def classify(error):
    """Return the problem id of a failed handshake that is not about the certificate."""
    reason = getattr(error, "reason", None)
    if isinstance(error, socket.timeout) or "timed out" in str(error):
        return "tls.timeout"
    if reason in _NOT_TLS:
        return "tls.plaintext"
    # The end of the connection has many names: an OSError with number 0 on Python 3.6 and 3.7, SSLZeroReturnError with
    # some builds of OpenSSL 3.
    if not isinstance(error, ssl.SSLError) or isinstance(error, _ENDS) or reason in _EOF:
        return "tls.reset"
    return "tls.refused"


def why_untrusted(error, certificate, now):
    """Return (problem id, words) for a certificate that does not hold.

    :arg error: what ssl raised.
    :arg certificate: describe() of it; what Python 3.6 does not say is read from there.
    :arg now: seconds since 1970 by the node's clock.
    """
    code = getattr(error, "verify_code", None)
    words = getattr(error, "verify_message", "") or ""
    if code is not None:
        return _VERIFY_CODES.get(code, "tls.untrusted"), words
    if isinstance(error, ssl.CertificateError):
        return "tls.name", str(error)
    if certificate.get("not_after") and ssl.cert_time_to_seconds(certificate["not_after"]) < now:
        return "tls.expired", words
    if certificate.get("not_before") and ssl.cert_time_to_seconds(certificate["not_before"]) > now:
        return "tls.not_yet_valid", words
    if certificate.get("issuer") and certificate["issuer"] == certificate["subject"]:
        return "tls.self_signed", words
    return "tls.unknown_ca", words


def shakes(sock, host, timeout):
    """Return whether the handshake over a connected socket succeeds, whatever the certificate; the socket is closed."""
    sock.settimeout(timeout)
    try:
        _unverified().wrap_socket(sock, server_hostname=host).close()
    except (OSError, ValueError):
        sock.close()
        return False
    return True


def is_foreign(certificate, host, context):
    """Return whether a certificate has the name that was asked for and comes from nobody that the node knows.

    That is what a device shows that opens connections to look into them. A public CA whose certificate is missing on
    the way, or too new for the node, has a name that its store knows.

    :arg certificate: describe() of it.
    :arg context: SSLContext with the trusted CAs; a directory of them is read only as needed, and not seen here.
    """
    if not any(_matches(name, host) for name in certificate.get("names", [])):
        return False
    known = {
        value
        for one in context.get_ca_certs()
        for group in one.get("subject", ())
        for key, value in group
        if key == "organizationName"
    }
    return bool(known) and not any(name in certificate.get("issuer", "") for name in known)


def _matches(name, host):
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def peek(sock, host, timeout):
    """Return describe() of the certificate that a server shows, without any check; {} where it cannot be had."""
    sock.settimeout(timeout)
    try:
        tls = _unverified().wrap_socket(sock, server_hostname=host)
    except (OSError, ValueError):
        sock.close()
        return {}
    try:
        return describe(_decode(tls.getpeercert(True)), host)
    finally:
        tls.close()


def _decode(der):
    """Return a DER certificate as getpeercert() returns a verified one; {} where this Python cannot.

    The standard library has no public decoder, but every CPython since 2.6 has this one, which reads from a file.
    """
    decode = getattr(getattr(ssl, "_ssl", None), "_test_decode_cert", None)
    if decode is None or not der:
        return {}
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as handle:
        handle.write(ssl.DER_cert_to_PEM_cert(der))
        handle.flush()
        try:
            return decode(handle.name)
        except (ssl.SSLError, ValueError):
            return {}


def describe(certificate, host=""):
    """Return ``{subject, issuer, not_before, not_after, names}`` of a getpeercert() dict; {} for an empty one.

    :arg host: a name that fits it comes first, since not all names of a large certificate are kept.
    """
    if not certificate:
        return {}
    names = [_clean(value) for unused_kind, value in certificate.get("subjectAltName", ())]
    return {
        "subject": _name(certificate.get("subject", ())),
        "issuer": _name(certificate.get("issuer", ())),
        "not_before": certificate.get("notBefore", ""),
        "not_after": certificate.get("notAfter", ""),
        "names": sorted(names, key=lambda name: not _matches(name, host))[:_NAMES_SHOWN],
    }


def _clean(text):
    # A certificate of anybody's may hold anything, and its names end up on a terminal.
    return "".join(letter if letter.isprintable() else "?" for letter in str(text))


def _name(pairs):
    values = {}
    for group in pairs:
        values.update(group)
    return ", ".join(_clean(values[key]) for key in ("commonName", "organizationName") if values.get(key))
