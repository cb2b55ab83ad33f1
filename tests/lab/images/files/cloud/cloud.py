# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's cloud, inside its container: makes the network, names, certificates and faults that it is told of.

``cloud.py apply``             everything as /lab/world.json and the faults say; may be repeated
``cloud.py fault FAULTS``      replaces the faults by a JSON object {fault: host} and applies them

world.json is made by lab.py from the collection's own requirement sets; nothing about a region is written here.
"""

import fcntl
import json
import pathlib
import subprocess
import sys

STATE = pathlib.Path("/var/lib/lab")
TLS = STATE / "tls"
SILENT_RESOLVER = "192.0.2.1"  # documentation address, dropped on the loopback: a resolver that never answers


def run(*argv, stdin=None):
    subprocess.run(argv, check=True, input=stdin, text=True, stdout=subprocess.DEVNULL)


def restart(unit):
    # systemd refuses the sixth start within ten seconds, and a test switches faults as fast as it can. A unit that was
    # never loaded has nothing to be reset.
    subprocess.run(("systemctl", "reset-failed", unit), check=False, stderr=subprocess.DEVNULL)
    run("systemctl", "restart", unit)


def ip_batch(lines):
    run("ip", "-force", "-batch", "-", stdin="\n".join(lines) + "\n")


def network(world):
    """One VXLAN for the site's Internet, one for the leased line; each address behind them is answered here (AnyIP)."""
    for link in world["links"]:
        name = link["name"]
        if not pathlib.Path("/sys/class/net", name).exists():
            options = ["id", str(link["id"]), "dstport", str(link["port"]), "dev", "eth0"]
            run("ip", "link", "add", name, "type", "vxlan", *options)
            for node in world["underlay"]:
                run("bridge", "fdb", "append", "00:00:00:00:00:00", "dev", name, "dst", node)
        lines = [f"addr replace {address} dev {name}" for address in link["addresses"]] + [f"link set {name} up"]
        lines += [f"route replace local {prefix} dev lo" for prefix in link["prefixes"]]
        lines += [f"route replace {route} dev {name}" for route in link["routes"]]
        ip_batch(lines)
    ip_batch([f"route replace local {SILENT_RESOLVER}/32 dev lo"])


def firewall(world, faults):
    """Each prefix answers over its own link only, so that a missing route is a black hole; faults drop more."""
    rules = []
    for link in world["links"]:
        others = {prefix for other in world["links"] for prefix in other["prefixes"]} - set(link["prefixes"])
        rules.append(f'iifname "{link["name"]}" ip daddr {{ {", ".join(sorted(others))} }} drop')
    # The tunnel end of a gateway does not answer strangers.
    rules += ["udp dport 4500 drop", f"ip daddr {SILENT_RESOLVER} drop"]
    if "dead-endpoint" in faults:
        rules.append(f"ip daddr {{ {', '.join(world['names'][faults['dead-endpoint']])} }} drop")
    if "ntp-silent" in faults:
        rules.append("udp dport 123 drop")
    body = "\n".join("    " + rule for rule in rules)
    run(
        "nft",
        "-f",
        "-",
        stdin=f"table inet lab\ndelete table inet lab\ntable inet lab {{\n  chain input {{\n"
        f"    type filter hook input priority 0;\n{body}\n  }}\n"
        # Everything is answered here. What is for anybody else, such as the lab's machine, ends here too.
        "  chain forward {\n    type filter hook forward priority 0; policy drop;\n  }\n}\n",
    )


def names(world, faults):
    lines = ["no-resolv", "no-hosts", "user=root", "local=/example/", "cache-size=0"]
    for host, addresses in world["names"].items():
        if host == faults.get("dns-silent"):
            lines.append(f"server=/{host}/{SILENT_RESOLVER}")
        elif host == faults.get("wrong-dns"):
            lines.append(f"host-record={host},{world['public_address']}")
        else:
            lines += [f"host-record={host},{address}" for address in addresses]
    (STATE / "dnsmasq.conf").write_text("\n".join(lines) + "\n")
    restart("lab-dns")


def certificate(name, hosts, start="20200101000000Z", end="20491231235959Z"):
    """Sign a server certificate for the hosts; one that is there is kept while hosts and dates are the same."""
    wanted = json.dumps([hosts, end])
    done = TLS / f"{name}.inputs"
    if done.exists() and done.read_text() == wanted:
        return
    extensions = TLS / f"{name}.ext"
    extensions.write_text(
        "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n"
        "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts) + "\n"
    )
    run("openssl", "req", "-new", "-key", str(TLS / "server.key"), "-subj", "/CN=lab", "-out", str(TLS / "server.csr"))
    (TLS / "index.txt").write_text("")
    files = ["-extfile", str(extensions), "-in", str(TLS / "server.csr"), "-out", str(TLS / f"{name}.crt")]
    dates = ["-startdate", start, "-enddate", end]
    run("openssl", "ca", "-batch", "-config", str(TLS / "ca.conf"), "-notext", *files, *dates)
    done.write_text(wanted)


def tls(world, faults):
    TLS.mkdir(parents=True, exist_ok=True)
    (TLS / "ca.conf").write_text(
        f"[ca]\ndefault_ca=lab\n[lab]\ndatabase={TLS}/index.txt\nnew_certs_dir={TLS}\ncertificate={TLS}/ca.crt\n"
        f"private_key={TLS}/ca.key\ndefault_md=sha256\npolicy=any\nunique_subject=no\nrand_serial=yes\n"
        "[any]\ncommonName=supplied\n"
    )
    if not (TLS / "ca.crt").exists():
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(TLS / "ca.key")]
        identity = ["-subj", "/CN=ack_edge.node lab CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        run("openssl", "req", "-x509", "-days", "9000", *key, *identity, "-out", str(TLS / "ca.crt"))
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(TLS / "server.key"))
    certificate("good", sorted(world["names"]))
    certificate("wrong-name", ["somebody-else.example"])
    servers = []
    if "tls-expired" in faults:
        certificate("expired", [faults["tls-expired"]], end="20210101000000Z")
    for fault, name in (("tls-wrong-name", "wrong-name"), ("tls-expired", "expired")):
        if fault in faults:
            servers.append(
                f"server {{ listen 443 ssl; server_name {faults[fault]}; ssl_certificate {TLS}/{name}.crt; "
                f"ssl_certificate_key {TLS}/server.key; }}\n"
            )
    (STATE / "nginx-faults.conf").write_text("".join(servers))
    restart("nginx")


def clock(faults):
    off = "ntp-off" in faults
    run("systemctl", "stop", "chrony" if off else "lab-ntp-off")
    run("systemctl", "start", "lab-ntp-off" if off else "chrony")


def main():
    STATE.mkdir(parents=True, exist_ok=True)
    # At its start the container runs it, and so does lab.py: two at once would sign with each other's keys.
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _apply()


def _apply():
    remembered = STATE / "faults.json"
    if sys.argv[1] == "fault":
        remembered.write_text(json.dumps(json.loads(sys.argv[2])))
    faults = json.loads(remembered.read_text()) if remembered.exists() else {}
    world = json.loads(pathlib.Path("/lab/world.json").read_text())
    network(world)
    firewall(world, faults)
    tls(world, faults)
    names(world, faults)
    clock(faults)


if __name__ == "__main__":
    main()
