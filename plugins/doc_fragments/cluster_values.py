# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a cluster and a site that the lookup region takes, as options or from variables of the same name."""


class ModuleDocFragment:
    """Documentation fragment C(cluster_values)."""

    DOCUMENTATION = r"""
options:
  access_mode:
    description:
      - How nodes reach the cloud, V(leased_line) (also VPN and CEN) or V(internet).
      - V(leased_line) by default where O(vpc_cidrs) is set, V(internet) otherwise.
    type: raw
    vars:
      - name: access_mode
  cluster_version:
    description:
      - Version of the cluster from 1.12 on, for example V('1.30') or V('1.32.1-aliyun.1').
      - Quote it. A number is an error, because as a number V(1.30) is V(1.3).
      - Where it is unset the newest version is assumed, and RV(_raw.gaps) says what depends on it.
    type: raw
    vars:
      - name: cluster_version
  cni:
    description: Network plug-in of the cluster, V(flannel) or V(terway-edge). V(flannel) by default.
    type: raw
    vars:
      - name: cni
  vpc_cidrs:
    description: Networks of the cluster's VPC, or those of its vSwitches. Needed where O(access_mode=leased_line).
    type: raw
    vars:
      - name: vpc_cidrs
  node_cidrs:
    description: Networks of the nodes of this site, which may reach each other.
    type: raw
    vars:
      - name: node_cidrs
  pod_cidr:
    description: Networks of the Pods. Only checked for overlaps, which make the join fail for good.
    type: raw
    vars:
      - name: pod_cidr
  service_cidr:
    description: Networks of the Services. Only checked for overlaps, which make the join fail for good.
    type: raw
    vars:
      - name: service_cidr
  api_server:
    description:
      - Host or C(host:port) of the API server, the private endpoint where O(access_mode=leased_line), otherwise the
        public one.
      - The port is 6443 if none is given. A URL as the console shows it is taken as well.
    type: raw
    vars:
      - name: api_server
  raven_gateway:
    description: Host of the Raven gateway of the cluster. Used where O(access_mode=internet), from version 1.26 on.
    type: raw
    vars:
      - name: raven_gateway
  tunnel_server:
    description: Host of the tunnel-server of the cluster. Used where O(access_mode=internet), before version 1.26.
    type: raw
    vars:
      - name: tunnel_server
  route_scope:
    description:
      - V(published) lists the published ranges exactly, V(supernet) the one network 100.64.0.0/10 that holds them all.
      - V(published) by default.
    type: raw
    vars:
      - name: route_scope
  extra_routes:
    description: Further networks that are reached over the leased line.
    type: raw
    vars:
      - name: extra_routes
  ntp_servers:
    description:
      - Time servers of the site. By default those of the vendor where O(access_mode=internet), otherwise none, because
        the vendor's are public.
    type: raw
    vars:
      - name: ntp_servers
  addons:
    description: Add-ons whose hosts and ranges are wanted, V(logging) and V(monitoring). None by default.
    type: raw
    vars:
      - name: addons
  bgp_neighbours:
    description: Addresses or networks of the switches that peer with the node. Used where O(cni=terway-edge).
    type: raw
    vars:
      - name: bgp_neighbours
  internet_inbound:
    description:
      - Whether the ports of kubelet and node exporter are wanted where O(access_mode=internet); the vendor's
        pages contradict each other. V(true) by default.
    type: raw
    vars:
      - name: internet_inbound
"""
