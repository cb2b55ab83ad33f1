# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is missing from one node's requirement set, because the vendor does not publish it or the user did not say it.

Private to the collection. A gap is ``{what, why, remedy, status, blocking}``: the name of a variable or a thing, why it
is missing and what that means, what an operator does about it, how it counts for a host (one of STATUSES), and whether
preparing a node makes no sense before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, UNPROVEN, WARN
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    PUBLISHED,
    TERWAY_EDGE,
    version_key,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.selection import Case
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Gap

# How a gap counts for each host: it makes it fail, it leaves something of the host unproven, it is worth a warning, or
# the rest of the requirement set makes up for it and it is only good to know.
INFO = "info"
STATUSES = (FAIL, UNPROVEN, WARN, INFO)

# Terway Edge needs Kubernetes 1.28 (the vendor's pages on Terway Edge, four copies).
_TERWAY_EDGE_SINCE = "1.28"


def gaps(case: Case) -> list[Gap]:
    """Return all gaps of a case, those that block first."""
    found = [gap for find in _FINDERS for gap in find(case)]
    return sorted(found, key=lambda gap: not gap["blocking"])


def _gap(what: str, why: str, remedy: str, status: str) -> Gap:
    return {"what": what, "why": why, "remedy": remedy, "status": status, "blocking": status == FAIL}


def _vpc_cidrs(case: Case) -> Iterator[Gap]:
    if case.inputs.leased_line and not case.inputs.vpc_cidrs:
        yield _gap(
            "vpc_cidrs",
            "access_mode is leased_line, but the networks of the cluster's VPC are not set: neither routes to them "
            "nor inbound ports for them can be prepared",
            "set vpc_cidrs to the CIDRs of the VPC, e.g. ['192.168.0.0/16'], or access_mode to internet",
            FAIL,
        )


def _published_routes(case: Case) -> Iterator[Gap]:
    if not case.inputs.leased_line:
        return
    # Whether the other two ways lead there is proven by reaching the endpoints.
    status = FAIL if case.inputs.route_scope == PUBLISHED and not case.inputs.extra_routes else INFO
    supernet = case.catalogue.address_space["service_supernet"]
    remedy = (
        f"set route_scope to supernet (it routes {supernet}, which holds all published ranges), or ask the vendor for "
        "the ranges and set extra_routes to them"
    )
    if not case.region["registry"]:
        why = (
            f"the vendor publishes no registry routes for {case.region_id}: nodes have no route to the system images; "
            f"registry-{case.region_id}-vpc.ack.aliyuncs.com is derived from the names of other regions"
        )
        yield _gap("registry routes", why, remedy, status)
    if not case.region["oss"]:
        why = (
            f"the vendor publishes no OSS ranges for {case.region_id}: nodes have no route to packages and image layers"
        )
        yield _gap("OSS ranges", why, remedy, status)


def _control_plane(case: Case) -> Iterator[Gap]:
    if case.inputs.leased_line:
        yield _gap(
            "control plane address",
            f"the vendor publishes no address for cs-anony-vpc.{case.region_id}.aliyuncs.com and says that it changes",
            _resolve_remedy(case),
            INFO,
        )


def _image_auth(case: Case) -> Iterator[Gap]:
    if case.inputs.leased_line:
        yield _gap(
            "image auth hosts",
            "the vendor publishes neither names nor addresses of the token service for leased lines; "
            f"dockerauth-vpc.{case.region_id} and dockerauth-ee-vpc.{case.region_id} are inferred from the naming of "
            "the registry service, so their failure is reported, but stops no run",
            f"{_resolve_remedy(case)}; if image pulls fail for lack of a token, the registry's answer (header "
            "WWW-Authenticate) holds the right name",
            INFO,
        )


def _resolve_remedy(case: Case) -> str:
    remedy = "make the name resolve on the nodes to its internal address, by DNS of the site or by PrivateZone"
    if case.inputs.route_scope == PUBLISHED:
        supernet = case.catalogue.address_space["service_supernet"]
        remedy += f"; addresses in {supernet} that it resolves to are then routed as well"
    return remedy


def _package_host(case: Case) -> Iterator[Gap]:
    if not case.package_host_known:
        ids = ", ".join(identity["id"] for identity in case.region["oss"])
        yield _gap(
            "package host",
            f"the pattern of its name needs an OSS id oss-{case.region_id}, but the ids of this region are {ids}",
            "take the host from the download address in the join command that the console shows, and check that nodes "
            "reach it on TCP 443",
            UNPROVEN,
        )


def _package_http(case: Case) -> Iterator[Gap]:
    disputed = [
        port
        for entry in case.endpoint_entries()
        if entry["id"] == "oss_packages"
        for port in entry["ports"]
        if port.get("confidence") == "conflicting" and case.inputs.in_range(port)
    ]
    if disputed and case.package_host_known:
        yield _gap(
            "package download over http",
            "the vendor's pages disagree: the download command of the upgrade page uses http (TCP 80) for every "
            "cluster version, the endpoint tables list TCP 443 only from 1.26 on; TCP 80 is checked, but not required",
            "if TCP 80 is closed, replace http:// by https:// in the download command of edgeadm",
            INFO,
        )


def _oss_identities(case: Case) -> Iterator[Gap]:
    identities = case.region["oss"]
    if case.inputs.leased_line and len(identities) > 1:
        ids = " and ".join(identity["id"] for identity in identities)
        yield _gap(
            "OSS identity",
            f"{case.region_id} has {ids}, and the vendor does not say which of them holds packages and images: the "
            f"ranges of all are routed and checked, and only a failure of {identities[0]['id']} stops a run",
            "if the cluster belongs to the finance public cloud, check that its internal hosts answer, too",
            INFO,
        )


def _layers_bucket(case: Case) -> Iterator[Gap]:
    if not case.inputs.leased_line:
        ids = [identity["id"] for identity in case.region["oss"]] or [f"oss-{case.region_id}"]
        yield _gap(
            "image layer bucket",
            "the registry redirects to OSS for image layers, and the vendor does not publish the name of the bucket "
            "for access over the Internet",
            "where outbound traffic is filtered by name, allow TCP 443 to "
            + " and ".join(f"*.{oss_id}.aliyuncs.com" for oss_id in ids),
            WARN,
        )


def _addons(case: Case) -> Iterator[Gap]:
    published = {name for name, _row in case.published_addons()}
    for name in case.inputs.addons:
        if name in published:
            continue
        purpose = case.catalogue.addons[name]["purpose"]
        if case.inputs.leased_line:
            why = f"no range of the {purpose} is known for {case.region_id}, so it is neither routed nor checked"
            remedy = "ask the vendor for its ranges and set extra_routes to them; a join works without it"
        else:
            why = f"no public hosts of the {purpose} are known, so it is not checked"
            remedy = (
                "allow outbound TCP to the hosts and ports that the add-on is configured with; a join works without it"
            )
        yield _gap(f"add-on {name}", why, remedy, WARN)


def _cluster_version(case: Case) -> Iterator[Gap]:
    if case.inputs.cluster_version is None:
        names = ", ".join(entry["id"] for entry in case.catalogue.endpoints if _depends_on_version(case, entry))
        yield _gap(
            "cluster_version",
            f"it is not set, so the newest version is assumed; older clusters use different hosts or ports for {names}",
            "set cluster_version to the version that the console shows, quoted: '1.30.7-aliyun.1'",
            UNPROVEN,
        )


def _depends_on_version(case: Case, entry: dict[str, Any]) -> bool:
    limited = any("since" in row or "before" in row for row in (entry, *entry["ports"]))
    return limited and case.inputs.access_mode in entry


def _terway_edge(case: Case) -> Iterator[Gap]:
    version = case.inputs.cluster_version
    if case.inputs.cni != TERWAY_EDGE:
        return
    if version is not None and version_key(version) < version_key(_TERWAY_EDGE_SINCE):
        yield _gap(
            "cni",
            f"terway-edge needs a cluster of version {_TERWAY_EDGE_SINCE} or newer, and cluster_version is {version}",
            "look up network plug-in and version in the console and set cni and cluster_version to them",
            WARN,
        )


def _cluster_hosts(case: Case) -> Iterator[Gap]:
    """What belongs to the user's cluster and so is in no table."""
    kind = "private" if case.inputs.leased_line else "public"
    # The page on node pools over a leased line (ack-dedicated-pools).
    eip = (
        "a leased line needs no EIP, but without one access_mode internet is impossible later"
        if case.inputs.leased_line
        else "it exists only where the API server has an EIP"
    )
    where = {
        "api_server": f"the {kind} endpoint of the API server, in the console under Basic Information of the cluster; "
        f"{eip}: an EIP can be chosen only when the cluster is created",
        "tunnel_server": "the external address of Service kube-system/x-tunnel-server-svc",
        "raven_gateway": "the external address of the Services kube-system/x-raven-proxy-svc-gw-cloud-* (key eip-ip in "
        "ConfigMap kube-system/raven-cfg)",
    }
    for entry in case.endpoint_entries():
        for host in entry[case.inputs.access_mode]["hosts"]:
            variable = host.get("variable")
            if variable and getattr(case.inputs, variable) is None:
                why = f"it is not set, and cluster-specific values are not published: {entry['id']} is not checked"
                yield _gap(variable, why, f"set {variable} to {where[variable]}", UNPROVEN)


def _ntp(case: Case) -> Iterator[Gap]:
    if case.inputs.leased_line and not case.inputs.ntp_servers:
        servers = " and ".join(case.catalogue.ntp["servers"])
        yield _gap(
            "ntp_servers",
            f"the vendor names {servers} for leased lines too, but these are public, and unreachable without a path "
            "to the Internet",
            "set ntp_servers to time servers of the site, and join with selfHostNtpServer: true in the node spec, so "
            "that edgeadm leaves the time service alone",
            # The clock itself is judged.
            WARN,
        )


def _inbound_sources(case: Case) -> Iterator[Gap]:
    internet = case.inputs.access_mode == "internet"
    variables = {
        "node_cidrs": (
            "set node_cidrs to the networks of the nodes of this site, e.g. ['10.10.0.0/16']",
            WARN if internet else UNPROVEN,
        ),
        # Most nodes have no peers, and one that has does not join without them.
        "bgp_neighbours": (
            "set bgp_neighbours to the switches that peer with this node; without peering, leave it",
            INFO,
        ),
    }
    for variable, (remedy, status) in variables.items():
        rows = [
            entry
            for entry in case.inbound_entries()
            if variable in entry[case.inputs.access_mode]["from"] and not getattr(case.inputs, variable)
        ]
        if rows:
            ports = ", ".join(f"{port}/{row['protocol']}" for row in rows for port in row["ports"])
            why = f"it is not set, so {ports} cannot be opened for them"
            if internet:
                why = f"it is not set, so {ports} are opened for the network that each node is on"
            yield _gap(variable, why, remedy, status)


def _inbound_dispute(case: Case) -> Iterator[Gap]:
    rows = [entry for entry in case.inbound_entries() if case.disputed(entry) and case.inbound_sources(entry)]
    if rows:
        ports = ", ".join(str(port) for row in rows for port in row["ports"])
        newer, older = (max(len(row["internet"][key]) for row in rows) for key in ("sources", "against"))
        yield _gap(
            "inbound TCP in internet mode",
            f"the vendor's pages disagree: {older} older ones say that TCP {ports} are not needed over the Internet, "
            f"{newer} newer ones that the nodes of a site must reach them; they are opened for node_cidrs, without it "
            "for the node's own network",
            "leave it as it is, or set internet_inbound to false if no other node of the site may connect to them",
            INFO,
        )


_FINDERS = (
    _vpc_cidrs,
    _published_routes,
    _control_plane,
    _image_auth,
    _package_host,
    _package_http,
    _oss_identities,
    _layers_bucket,
    _addons,
    _cluster_version,
    _terway_edge,
    _cluster_hosts,
    _ntp,
    _inbound_sources,
    _inbound_dispute,
)
