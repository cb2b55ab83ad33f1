#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module reachability_info: its documentation, and how it begins; what it does is in _reachability."""

DOCUMENTATION = r"""
module: reachability_info
short_description: Prove from a node that endpoints are reachable, or say where the way to them ends
version_added: 0.1.0
description:
  - Checks all endpoints of a node in one call and at the same time. Each passes its stages until one
    fails, namely name resolution by every nameserver of the node, the addresses against the published networks, the
    route that the kernel would take, TCP, TLS with name, chain and expiry, and an HTTP answer. NTP is a real exchange
    with offset and stratum.
  - A result says the stage in words, what was found, what was expected, what to do, and a command that shows the same
    by hand.
  - A dead endpoint is a result, not an error of the module. The module itself fails only for parameters it cannot
    use, with all problems named together.
author: The ack_edge.node authors (@ack-edge)
extends_documentation_fragment:
  - ack_edge.node.attributes.info
options:
  endpoints:
    description:
      - What to reach, as the lookup P(ack_edge.node.region#lookup) returns it in C(endpoints).
      - Keys are C(name) (unique), C(host) (name or address), C(port), C(protocol) (default V(tcp)), C(networks),
        C(required) (default V(true)), C(purpose) and C(confidence). Other keys are ignored.
      - C(port) is a number, or a range of at most 100 such as V(10280-10284). Each port of a range is checked, and
        one verdict tells of all.
      - C(protocol) is C(tcp) (connects), C(tls) (connects and shows a good certificate), C(https) (and answers with
        any HTTP status), C(ntp) (gives the time) or C(udp) (an ICMP refusal fails, an answer passes, silence is
        C(unproven)).
      - C(networks) lists the networks in CIDR form in which every address of the name must lie. An empty list means
        that nobody publishes any.
    type: list
    elements: dict
    required: true
  timeout:
    description: Seconds per stage of an endpoint.
    type: float
    default: 5.0
  deadline:
    description:
      - Seconds for the whole call. An endpoint that has not ended by then is returned as C(fail) at the stage where
        it was.
    type: float
    default: 30.0
  threads:
    description: How many endpoints are checked at the same time.
    type: int
    default: 64
  expect_private:
    description:
      - Whether a name without published networks must resolve to private addresses or into 100.64.0.0/10, as on a
        leased line.
      - Time servers and endpoints that are given by address are exempt.
    type: bool
    default: false
  node_cidrs:
    description:
      - Networks of the nodes that the cloud routes back to. An endpoint on the leased line to which the kernel would
        send from another source address is a C(warn).
    type: list
    elements: str
    default: []
  max_offset:
    description: Seconds by which the clock of the node may differ from that of an NTP endpoint.
    type: float
    default: 1.0
  proxy:
    description:
      - Whether C(tcp), C(tls) and C(https) go through an HTTP proxy with CONNECT. C(ntp) and C(udp) never do.
      - With V(none) the direct way is checked, and proxy variables in the environment cause a warning, for they hide
        a missing route from other programs.
      - With V(environment) the variables C(http_proxy), C(https_proxy), C(all_proxy) and C(no_proxy) decide, in lower
        or upper case. C(http_proxy) is for port 80.
      - With V(explicit) everything goes through O(proxy_url).
    type: str
    choices: [none, environment, explicit]
    default: none
  proxy_url:
    description:
      - Proxy for O(proxy=explicit), for example V(http://proxy.example.com:3128), with user and password if it wants
        them.
    type: str
  ca_path:
    description:
      - PEM file on the node, or directory of C(*.pem) and C(*.crt) files, with CAs to trust beside those of the node.
    type: path
  verify:
    description: Whether certificates are checked against the trusted CAs and the name.
    type: bool
    default: true
seealso:
  - plugin: ack_edge.node.region
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check everything that a node of the region has to reach
  ack_edge.node.reachability_info:
    endpoints: "{{ lookup('ack_edge.node.region', 'cn-beijing', access_mode='leased_line').endpoints }}"
    expect_private: true
    node_cidrs: [10.20.0.0/16]
  register: reachability

- name: Show what does not work, and what to do
  ansible.builtin.debug:
    msg: "{{ reachability.msg }}"

- name: Check one API server through the proxy of the site
  ack_edge.node.reachability_info:
    endpoints:
      - {name: api_server, host: api.example.com, port: 6443, protocol: tls}
    proxy: explicit
    proxy_url: http://proxy.example.com:3128
    ca_path: /etc/ssl/cluster-ca.pem
"""

RETURN = r"""
results:
  description: One verdict per endpoint, in the order of O(endpoints).
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: Name of the endpoint.
      type: str
      sample: registry
    status:
      description: C(pass), C(warn), C(fail), or C(unproven) where one side alone cannot know.
      type: str
      sample: fail
    summary:
      description: What was found, in one sentence.
      type: str
      sample: TCP connect to 100.103.7.1:443 timed out after 5 s, sent through 10.0.0.1 on eth0
    remedy:
      description: What to do about it; empty for C(pass).
      type: str
    reproduce:
      description: Command that shows the same by hand on the node; empty where nothing failed.
      type: str
      sample: curl -v --noproxy '*' --connect-timeout 5 telnet://100.103.7.1:443 </dev/null
    data:
      description: The facts behind it. Keys are always the same, and empty where a stage was not reached.
      type: dict
      contains:
        host: {description: Name or address of the endpoint., type: str}
        port: {description: 'Port of the endpoint; of a range, the port that the summary is about.', type: int}
        ports:
          description: Of a range, each C(port) with its C(status) and C(problem); else empty.
          type: list
          elements: dict
        protocol: {description: Protocol of the endpoint., type: str}
        purpose: {description: What the endpoint is for., type: str}
        confidence: {description: How well the endpoint is known., type: str}
        required: {description: Whether a C(fail) stops a role., type: bool}
        networks: {description: Networks in which the addresses must lie., type: list, elements: str}
        expected: {description: The addresses that were expected; in words., type: str}
        stage:
          description: Stage that was reached, or at which it failed; C(queued), C(dns), C(address), C(route), C(tcp),
            C(proxy), C(tls), C(mtu), C(http), C(ntp) or C(udp).
          type: str
        problem: {description: 'Id of what went wrong, for example C(tcp.timeout); empty for nothing.', type: str}
        addresses: {description: 'What the name resolves to; of the proxy, if one is used.', type: list, elements: str}
        address: {description: Address that was used., type: str}
        attempts:
          description: Where every address failed, each C(address) with its C(problem).
          type: list
          elements: dict
        via:
          description: Way to RV(results[].data.address), namely C(gateway), C(interface) and C(source) that the kernel
            chooses, C(default) (whether only the default route leads there, null if unknown), and C(proxy).
          type: dict
        dns:
          description: C(source) of the addresses, C(servers) with C(server), C(outcome) and C(ms) each, and the
            C(cnames) that led there.
          type: dict
        tls:
          description: C(subject), C(issuer), C(names), C(not_before) and C(not_after) of the certificate, and the
            C(version) of TLS.
          type: dict
        mtu:
          description: Where a TLS handshake stalled, the MTU of the C(interface), the packet sizes in bytes with which
            a handshake C(passed) and C(stalled), and what became of an ICMP C(echo) that must not be fragmented.
          type: dict
        http_status: {description: Status that the server answered with; 0 for none., type: int}
        ntp:
          description: C(offset) and C(delay) in seconds, of the quickest answer; C(stratum), C(leap) and C(reference)
            of the server.
          type: dict
        timings: {description: Milliseconds per stage., type: dict}
summary:
  description: How many results have each status.
  returned: always
  type: dict
  sample: {pass: 11, warn: 0, fail: 1, unproven: 0, skipped: 0}
failed_checks:
  description: Names of required endpoints that failed.
  returned: always
  type: list
  elements: str
msg:
  description: What needs attention as readable text, worst first.
  returned: always
  type: str
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.arguments import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.run import run


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC, required_if=REQUIRED_IF)


if __name__ == "__main__":
    main()
