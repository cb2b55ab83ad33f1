# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each problem is called, what an operator does about it, how to see it by hand. Data; private to the collection.

One entry per problem id. The texts are filled by str.format() with the values that verdicts.values() gathers.
``leased`` replaces the remedy where the address belongs to the leased line.
"""

RESOLVERS = "100.100.2.136 and 100.100.2.138"

_CURL = "curl -v --noproxy '*' --connect-timeout {seconds:.0f} "
_TELNET = _CURL + "telnet://{where} </dev/null"
_OPENSSL = "openssl s_client -connect {where} -servername {host} </dev/null"
_CHRONYD = "chronyd -Q -t {seconds:.0f} 'server {host}{port_option} iburst'"
_DIG = "dig +time={seconds:.0f} +tries=1 @{first_server} {host} A"
_PROXY = "curl -v --connect-timeout {seconds:.0f} --proxy {proxy} https://{target}/"
_ROUTE = "ip route get {address}"
_DUMP = "tcpdump -ni any host {address} and port {port}"

_ASK_DNS = "let the node reach its nameservers on UDP and TCP port 53, or list working ones in /etc/resolv.conf"
_ASK_VPC = (
    _ASK_DNS
    + "; over a leased line, internal names are resolved by the VPC resolvers "
    + RESOLVERS
    + " (routed over the line), by PrivateZone, or by records in your own DNS"
)
_OWN_DNS = (
    "make the node's DNS return the internal address: forward the zone to the VPC resolvers "
    + RESOLVERS
    + " over the leased line, enable PrivateZone for the site, or add own records for {host}"
)
_WAY = (
    "route {expected_networks} over the leased line in both directions (node, site switch, VBR and CEN or transit "
    "router)"
)
_CLOCK = "the node's clock says {now}; if that is wrong, fix the clock first (role time_sync)"
_HANDSHAKE = (
    "check the path for a firewall, a TLS-inspecting device or a wrong MTU: lower the MTU of {interface} as a test "
    "(ip link set dev {interface} mtu 1400), and exempt {host} from inspection"
)


class Entry:
    """``summary``, ``remedy``, ``by_hand`` templates of a problem; ``leased`` the remedy on the leased line."""

    def __init__(self, summary, remedy, by_hand="", leased=""):
        self.summary, self.remedy, self.by_hand, self.leased = summary, remedy, by_hand, leased or remedy


PROBLEMS = {
    "internal": Entry(
        "the check itself failed: {error}",
        "report this message to the authors of ack_edge.node; it says nothing about the endpoint",
    ),
    "deadline": Entry(
        "{doing} did not finish within the overall deadline of {deadline}",
        "fix the other findings first, then run again; if the path is only slow, raise the deadline or the number of "
        "threads ({threads})",
    ),
    # dns
    "dns.timeout": Entry("no answer from DNS within {timeout} for {lookup}: {servers_said}", _ASK_DNS, _DIG, _ASK_VPC),
    "dns.servfail": Entry(
        "DNS could not resolve {lookup}: {servers_said}",
        "check the forwarder of the nameserver that returns SERVFAIL: its upstream servers give no valid answer",
        _DIG,
        "check the forwarder of the nameserver that returns SERVFAIL: its path to the VPC resolvers "
        + RESOLVERS
        + " or to PrivateZone is broken",
    ),
    "dns.unusable": Entry(
        "no nameserver of the node gives a usable answer for {lookup}: {servers_said}", _ASK_DNS, _DIG, _ASK_VPC
    ),
    "dns.nxdomain": Entry(
        "DNS says that {lookup} does not exist (NXDOMAIN from {server})",
        "check the region and the spelling of the name, and that the nameserver forwards it to public DNS",
        _DIG,
        _OWN_DNS + "; also check the region and the spelling of the name",
    ),
    "dns.empty": Entry(
        "DNS has {lookup}, but no address for it ({server} returns neither an A nor an AAAA record)",
        "add the missing address record, or forward the name to a DNS server that has it",
        _DIG,
        _OWN_DNS,
    ),
    "dns.getaddrinfo": Entry(
        "{lookup} does not resolve: {error}",
        "add it to DNS or /etc/hosts; a short name needs a search domain, and /etc/resolv.conf a nameserver",
        "getent ahosts {lookup}",
    ),
    "dns.search": Entry(
        "{lookup} is looked up as {searched} first (ndots:{ndots} in /etc/resolv.conf), which {source} resolves to "
        "{outside}",
        "remove ndots from the options in /etc/resolv.conf (it is meant for Pods, not for nodes), or {domain} from "
        "its search list, or the wildcard record of {domain}",
        "getent ahosts {lookup}",
    ),
    "dns.rotate": Entry(
        "the node rotates between its nameservers ('options rotate' in /etc/resolv.conf), and they disagree about "
        "{lookup}: {servers_said}",
        "make all of them give the same answer (all forward to the same servers, or all have the record), or remove "
        "rotate from the options in /etc/resolv.conf",
        "dig +time={seconds:.0f} +tries=1 @NAMESERVER {host} A",
    ),
    "dns.library": Entry(
        "{source} returns {addresses} for {lookup}, but programs on the node get no address: {error}{order}",
        "list files and dns in the line hosts: of /etc/nsswitch.conf, with nothing before them that ends the search "
        "([NOTFOUND=return], [!UNAVAIL=return]); if that is so already, find the query of 'getent ahosts {lookup}' "
        "that gets no answer (tcpdump -ni any port 53), and restart nscd if it runs",
        "getent ahosts {lookup}; grep ^hosts: /etc/nsswitch.conf",
    ),
    # address
    "address.outside": Entry(
        "{host} resolves to {outside} (answer of {source}{aliases}); expected {expected}",
        "make DNS return the published address, or remove the wrong record from {source}",
        "getent ahosts {host}",
        _OWN_DNS + "; remove a wrong record from {source}",
    ),
    "address.public": Entry(
        "{host} resolves to the public address {outside} (answer of {source}{aliases}); expected {expected}",
        _OWN_DNS + "; remove a wrong record from {source}",
        "getent ahosts {host}",
    ),
    # route
    "route.none": Entry(
        "no route to {address}: {error}",
        "give the node a default route, or a route to {address}, and an address of that family",
        _ROUTE,
        "set leased_line_gateway and leased_line_interface and run prepare_edge.yml, which adds the route to "
        "{expected_networks}; a node without an address of that family needs one first",
    ),
    "route.next_hop": Entry(
        "the next hop {next_hop} on {interface} does not answer (ARP or neighbour discovery), so {where} is "
        "unreachable",
        "check that {next_hop} is up and in the network of {interface} (cable, VLAN, switch port), and that it is the "
        "right next hop",
        "ip neigh show to {next_hop}; ip route get {address}",
        "check that {next_hop} is up and in the network of {interface} (cable, VLAN, switch port); if it is the wrong "
        "next hop, set leased_line_gateway and leased_line_interface and run prepare_edge.yml",
    ),
    # tcp, also to a proxy
    "tcp.timeout": Entry(
        "TCP connect to {where} timed out after {timeout}{path}",
        "allow outbound TCP {peer_port} to {peer} in the firewall and NAT of the site",
        _TELNET,
        _WAY + " and allow TCP {peer_port} in the firewalls and security groups on the path{detour}",
    ),
    "tcp.refused": Entry(
        "TCP connect to {where} was refused{path}",
        "the address answers, but nothing listens on the port or a firewall rejects: {is_it}allow TCP {peer_port} in "
        "the firewall",
        _TELNET,
        "the address answers, but nothing listens on the port or a firewall rejects: {is_it}allow TCP {peer_port} in "
        "the firewalls and security groups on the path{detour}",
    ),
    "tcp.unreachable": Entry(
        "{where} is unreachable: {error}{path}",
        "a router on the path or the node itself has no route to {address}: check the default route and NAT",
        _ROUTE,
        _WAY + "; a router on the path or the node itself has no route to {address}{detour}",
    ),
    "tcp.forbidden": Entry(
        "the node itself blocks packets to {where}: {error}",
        "allow outbound TCP {peer_port} to {address} in the node's own firewall, and check for a route of type "
        "prohibit",
        "nft list ruleset; ip route get {address}",
    ),
    # proxy
    "proxy.status": Entry(
        "proxy {proxy} answered {answered} to CONNECT {target}",
        "allow CONNECT to {target} on the proxy (407: proxy_url needs a user and a password), or do not use it on the "
        "node",
        _PROXY,
    ),
    "proxy.timeout": Entry(
        "proxy {proxy} did not answer CONNECT {target} within {timeout}",
        "check on the proxy why it cannot reach {target}",
        _PROXY,
    ),
    "proxy.closed": Entry(
        "proxy {proxy} closed the connection instead of answering CONNECT {target}: {error}",
        "check that {proxy} is an HTTP proxy and that it allows this node",
        _PROXY,
    ),
    "proxy.garbled": Entry(
        "{proxy} does not answer as an HTTP proxy: '{said}'", "check the host and the port of the proxy", _PROXY
    ),
    # tls
    "tls.timeout": Entry(
        "TCP connects to {where}, but the TLS handshake stalled for {timeout}{mtu_tried}", _HANDSHAKE, _OPENSSL
    ),
    "tls.mtu": Entry(
        "TCP connects to {where}, but the TLS handshake stalls with packets of full size and succeeds with packets of "
        "up to {mtu_passed} bytes: a link on the path has a smaller MTU and ICMP 'fragmentation needed' is filtered "
        "(path MTU black hole; {interface} has MTU {mtu_interface}; {mtu_echo})",
        "allow ICMP 'fragmentation needed' (IPv6: 'packet too big') on the path, or clamp the TCP MSS on the router "
        "of the site; until then, set the MTU of {interface} to {mtu_passed} (ip link set dev {interface} mtu "
        "{mtu_passed}, and in its configuration)",
        "ping -M do -c 3 -s {mtu_payload} {address}",
    ),
    "tls.reset": Entry(
        "TCP connects to {where}, but the connection was reset during the TLS handshake for {host}: {error}",
        "the likely cause is a firewall that filters by name: allow {host} there; else the service behind it is down",
        _OPENSSL,
    ),
    "tls.plaintext": Entry(
        "{where} does not speak TLS ({error})",
        "check the port, and that no transparent proxy or captive portal answers in place of {host}",
        _OPENSSL,
    ),
    "tls.refused": Entry(
        "{where} refused the TLS handshake for {host}: {error}",
        "compare TLS versions and ciphers: the node may have an old system-wide crypto policy, or the load balancer "
        "may not know the name",
        _OPENSSL,
    ),
    "tls.name": Entry(
        "the certificate at {where} is not for {host} but for {names}",
        "check that {address} really belongs to {host}: the DNS record is wrong, or a device on the path answers for "
        "it",
        _OPENSSL,
    ),
    "tls.expired": Entry(
        "the certificate at {where} expired on {not_after}",
        _CLOCK + "; else the owner of the service has to renew it",
        _OPENSSL + " | openssl x509 -noout -dates",
    ),
    "tls.not_yet_valid": Entry(
        "the certificate at {where} is valid only from {not_before}",
        _CLOCK + "; else the owner of the service has to replace it",
        _OPENSSL + " | openssl x509 -noout -dates",
    ),
    "tls.self_signed": Entry(
        "the certificate at {where} is self-signed by {issuer}",
        "if it is your own service, give its certificate in ca_path; else a device on the path answers for {host}: "
        "exempt it from inspection",
        _OPENSSL,
    ),
    "tls.unknown_ca": Entry(
        "the certificate at {where} is issued by {issuer}, a CA this node does not trust",
        "if that is a TLS-inspecting firewall, exempt {host} from inspection; if it is your own CA, give it in "
        "ca_path; if it is a public one, update the package ca-certificates",
        _OPENSSL,
    ),
    "tls.intercepted": Entry(
        "the certificate at {where} names {host}, but is issued by {issuer}, a CA this node does not trust: a "
        "TLS-inspecting device on the path intercepts the connection",
        "exempt {host} from inspection on that device, as kubelet and containerd do not trust it either; if it is "
        "your own CA, give it in ca_path and add it to the trust store of the node",
        _OPENSSL,
    ),
    "tls.untrusted": Entry(
        "the certificate at {where} is not valid: {error}",
        "have the service replace it; it is issued by {issuer}",
        _OPENSSL,
    ),
    # http
    "http.timeout": Entry(
        "TLS to {where} is up, but no complete HTTP response came within {timeout}",
        "check whether the service behind {host} is up and how long it takes; else a device on the path holds the "
        "request back: exempt {host} from inspection",
        _CURL + "https://{target}/",
    ),
    "http.closed": Entry(
        "TLS to {where} is up, but the connection closed without an HTTP response: {error}",
        "check whether a device on the path closes it, or the service needs a client certificate; else the service "
        "behind the load balancer is down",
        _CURL + "https://{target}/",
    ),
    "http.garbled": Entry(
        "{where} does not answer with HTTP: '{said}'",
        "check the port; another service listens there",
        _CURL + "https://{target}/",
    ),
    # ntp
    "ntp.silent": Entry(
        "no NTP answer from {where} within {timeout}{path}",
        "allow UDP {port} to {address} and the replies, or set another server in ntp_servers{detour}",
        _CHRONYD,
    ),
    "ntp.refused": Entry(
        "{where} refuses NTP (ICMP port unreachable)",
        "nothing listens on the port or a firewall rejects: allow UDP {port}, or set another server in ntp_servers",
        _CHRONYD,
    ),
    "ntp.unreachable": Entry(
        "NTP server {where} is unreachable: {error}{path}",
        "give the node a route to {address}, or set another server in ntp_servers{detour}",
        _ROUTE,
    ),
    "ntp.forbidden": Entry(
        "the node itself blocks packets to {where}: {error}",
        "allow outbound UDP {port} to {address} in the node's own firewall",
        "nft list ruleset",
    ),
    "ntp.garbled": Entry("the answer from {where} is not NTP: {error}", "set another server in ntp_servers", _CHRONYD),
    "ntp.kiss": Entry(
        "NTP server {where} rejected the request (kiss code {ntp_reference})",
        "RATE: too many clients share one address, use a time server in the site; DENY or RSTR: ask its operator; or "
        "set another server in ntp_servers",
        _CHRONYD,
    ),
    "ntp.unsynchronised": Entry(
        "NTP server {where} is not synchronized itself (stratum {ntp_stratum}, leap indicator {ntp_leap})",
        "fix the time source of that server, or set another one in ntp_servers",
        _CHRONYD,
    ),
    "ntp.far": Entry(
        "the node's clock differs by {ntp_offset:+.3f} s from {where} (stratum {ntp_stratum}), expected at most "
        "{max_offset:g} s",
        "set the clock (role time_sync does); if the server is wrong, remove it from ntp_servers",
        _CHRONYD,
    ),
    "ntp.unsure": Entry(
        "the node's clock differs by {ntp_offset:+.3f} s from {where}, +/- {ntp_doubt:.3f} s (half of the shortest "
        "round trip), so whether it is within {max_offset:g} s is unknown",
        "run again when the node and the line are less loaded, set a nearer server in ntp_servers, or let chrony "
        "measure for longer (chronyc sourcestats)",
        _CHRONYD,
    ),
    # udp
    "udp.silent": Entry(
        "UDP {where} does not answer, which proves neither that the path works nor that it is blocked",
        "check on the other side whether the datagrams of this node arrive",
        _DUMP,
    ),
    "udp.refused": Entry(
        "{where} refuses UDP (ICMP port unreachable){path}",
        "nothing listens on the port or a firewall rejects: start the service, or allow UDP {port}",
        _DUMP,
    ),
    "udp.unreachable": Entry(
        "{where} is unreachable: {error}{path}", "give the node a route to {address}{detour}", _ROUTE
    ),
    "udp.forbidden": Entry(
        "the node itself blocks packets to {where}: {error}",
        "allow outbound UDP {port} to {address} in the node's own firewall",
        "nft list ruleset",
    ),
}
# A socket reports a lost link as a timeout now and then; for these two protocols that is the same as silence.
PROBLEMS["ntp.timeout"], PROBLEMS["udp.timeout"] = PROBLEMS["ntp.silent"], PROBLEMS["udp.silent"]
# One side alone, or one look, does not tell; everything else is a failure.
UNPROVEN_PROBLEMS = ("ntp.unsure", "udp.silent", "udp.timeout")

DOING = {
    "queued": "waiting for a free thread",
    "dns": "name resolution of {lookup}",
    "address": "the check of the addresses",
    "route": "the check of the route",
    "tcp": "TCP connect to {where}",
    "proxy": "CONNECT on proxy {proxy}",
    "tls": "the TLS handshake with {where}",
    "mtu": "the packet size measurement to {where}",
    "http": "the HTTP request to {where}",
    "ntp": "the NTP exchange with {where}",
    "udp": "the UDP probe of {where}",
}

SUCCESS = {
    "tcp": "TCP connects to {where} in {tcp_ms:.0f} ms{way}",
    "tls": "{tls_version}{trusted} at {where}{way}",
    "https": "HTTP {status} over {tls_version} from {where}{way}",
    "ntp": "clock differs by {ntp_offset:+.3f} s from {where} (stratum {ntp_stratum})",
    "udp": "UDP {where} answers with {bytes} bytes{way}",
}

# Findings beside a success: (summary, remedy).
WARNINGS = {
    "source": (
        "the packets have the source address {route_source}, which is not in node_cidrs ({node_cidrs})",
        "add the network of {route_source} to node_cidrs and to the routes that lead from the VPC back to the "
        "site, or give the route to {address} a source address inside node_cidrs",
    ),
    "nameserver": (
        "{bad_which} {bad_server} does not answer ({bad_outcome}), so {bad_lookups} waits {wait} for it",
        "fix {bad_server} or remove it from /etc/resolv.conf",
    ),
    "proxy": (
        "the answer came through proxy {proxy}, which proves nothing about the leased line",
        "run with proxy: none, and exempt the networks of the leased line in NO_PROXY",
    ),
}
