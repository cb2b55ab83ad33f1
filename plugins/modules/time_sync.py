#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: time_sync
short_description: Let chrony keep the clock of a node right, and prove that it does
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Configures chrony as a client of the given servers, starts it, waits until the clock is right and says how it
    stands.
  - Writes one file of its own, where C(chrony.conf) names a C(confdir), else also one C(include) line at the end of
    C(chrony.conf). Every other line stays as it is. A server, C(makestep) or C(rtcsync) that the node's own
    configuration has is not written again.
  - Stops and disables other clients (C(systemd-timesyncd), C(ntpd), C(ntpsec), C(openntpd)) and remembers how they
    stood; nothing is uninstalled. O(state=absent) takes all of it back.
  - Never makes the node a server for others.
extends_documentation_fragment:
  - ack_edge.node.attributes
options:
  servers:
    description:
      - Names or addresses of time servers, in the order of the results.
      - Without any, nothing is changed and the clock is only judged.
    type: list
    elements: str
    default: []
  state:
    description:
      - V(present) configures chrony and starts it.
      - V(absent) removes what this module configured, and enables and starts again what it stopped.
    type: str
    choices: [present, absent]
    default: present
  verify_only:
    description:
      - Change nothing and judge the clock and the servers as they are, for nodes whose clock the site keeps by its
        own means (chrony with its own servers, C(ntp), C(ntpsec)). A server that the node does not use is skipped.
    type: bool
    default: false
  max_offset:
    description:
      - By how many seconds the clock may be off. Also the offset beyond which chrony steps the clock when it
        starts, where the node's own configuration does not say C(makestep).
      - The default is what the packages of chrony use. Certificates and tokens of the cluster count whole seconds.
    type: float
    default: 1.0
  wait:
    description:
      - How many seconds to wait for a right clock, at most 600. A clock that is right already is not waited for;
        check mode waits only where it has nothing to change.
      - After a boot before the network, chrony tries a name again after 28 seconds, and then needs some more.
    type: int
    default: 60
notes:
  - The verdicts do not make the module fail. Use RV(failed_checks) for that, as the role C(time_sync) does.
  - The module fails where chrony is not installed, its unit is masked, or the configuration cannot be written.
"""

EXAMPLES = r"""
- name: Let chrony use the time servers of the cloud
  ack_edge.node.time_sync:
    servers:
      - ntp.cloud.aliyuncs.com
      - 100.100.61.88

- name: Judge the clock of a node that the site keeps right by its own means
  ack_edge.node.time_sync:
    verify_only: true
    max_offset: 0.5

- name: Take the configuration back
  ack_edge.node.time_sync:
    state: absent
"""

RETURN = r"""
results:
  description:
    - One verdict for each server in the order of O(servers), or one named V(servers) where none is given, and then one
      named V(clock). With O(state=absent) one verdict named V(time_sync).
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: The server, V(servers), V(clock) or V(time_sync).
      type: str
    status: {description: How it stands., type: str, sample: pass}
    summary:
      description: What was found.
      type: str
      sample: answers, stratum 2, offset 0.000120 s
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description:
        - Facts, such as C(offset) in seconds, C(stratum), C(reach), and C(required), whether it stops a role. For
          V(clock) also C(answering), how many of the C(servers) of chrony answer.
      type: dict
summary:
  {description: How many verdicts have each status., returned: always, type: dict, sample: {fail: 0, pass: 3, skipped: 0, unproven: 0, warn: 0}}
failed_checks: {description: The names of the verdicts that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

import contextlib

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._module import AnsibleModule
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import clock
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    chronyc,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    plan as _plan,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    run as _engine,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    verdicts as _verify,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, failure, report, verdict

LONGEST_WAIT = 600


def input_problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    servers = params["servers"]
    _inputs.each(found, "servers", servers, _inputs.host)
    for name in sorted({name for name in servers if servers.count(name) > 1}):
        found.append(f"servers has '{name}' more than once, expected each server once")
    _inputs.attempt(found, "max_offset", params["max_offset"], _inputs.seconds, most=3600, above=True)
    _inputs.attempt(found, "wait", params["wait"], _inputs.seconds, most=LONGEST_WAIT)
    if params["verify_only"] and params["state"] == "absent":
        found.append("verify_only is true and state is absent, expected one of them: absent changes the node")
    return found


def run(node, params, check_mode):
    """Observe, plan, apply and verify; return the result of the module (dict).

    :raises NodeError: if it cannot be done.
    """
    if params["state"] == "absent":
        return _undo(node, check_mode)
    if check_mode or params["verify_only"] or not params["servers"]:
        seen, plan = _look(node, params)
    else:
        with node.lock():
            seen, plan = _converge(node, params)
    changed = plan is not None and _plan.changes(plan)
    # chronyd needs some seconds after a boot; what is still to be configured is not worth waiting for.
    wait = 0 if check_mode and changed else params["wait"]
    return _result(_judge(node, seen, params, wait=wait, changed=changed), plan)


def _result(verdicts, plan):
    """Return the result of the module; plan None where nothing was to be managed."""
    changed = plan is not None and _plan.changes(plan)
    result = dict(report(verdicts), changed=changed)
    if changed:
        header = "chrony of the node"
        result["diff"] = {
            "before": plan.diff[0],
            "after": plan.diff[1],
            "before_header": header,
            "after_header": header,
        }
    return result


def _undo(node, check_mode):
    """Take back what was configured; return the result of the module."""
    with contextlib.ExitStack() as stack:
        if not check_mode:
            stack.enter_context(node.lock())
            _engine.sweep(node)
        known, forgotten = bool(_engine.manifest_of(node).load()), _engine.forgotten(node)
        foreign = [path for path, ours in sorted(forgotten.items()) if not ours]
        if foreign:
            return _result([_not_ours(foreign)], None)
        if not known and not forgotten:
            return _result([_taken_back(False)], None)
        plan = _plan.absent(_engine.observe(node))
        if not check_mode:
            _engine.apply(node, plan)
    if forgotten and not check_mode:
        return _result([_half_known(sorted(forgotten))], plan)
    return _result([_taken_back(check_mode and _plan.changes(plan))], plan)


def _look(node, params):
    """Return (Observed, Plan or None where nothing is to be managed); chrony may still be to come."""
    seen = _engine.observe(node)
    if params["verify_only"] or not params["servers"]:
        return seen, None
    return seen, _make_plan(seen, params, check_mode=True)


def _converge(node, params):
    """Apply the plan; return (Observed after it, Plan)."""
    _engine.sweep(node)
    seen = _engine.observe(node)
    plan = _make_plan(seen, params, check_mode=False)
    # A manifest without a change is what a run leaves that was killed at its very end.
    if _plan.changes(plan) or seen.manifest.get("pending"):
        _engine.apply(node, plan)
        seen = _engine.observe(node)
    return seen, plan


def _make_plan(seen, params, check_mode):
    found = _plan.problems(seen, check_mode)
    if found:
        raise NodeError("; ".join(found))
    return _plan.present(seen, params["servers"], params["max_offset"])


def _taken_back(still_there):
    if still_there:
        return verdict("time_sync", FAIL, "the configuration of time_sync is on the node", "run reset_edge.yml")
    return verdict("time_sync", PASS, "nothing of time_sync is on the node")


def _not_ours(paths):
    return verdict(
        "time_sync",
        WARN,
        f"{', '.join(paths)} is there, but no manifest remembers it and it does not say what time_sync writes, so it was left as it is",
        "look at it and remove it by hand if this node does not need it, then restart chrony",
        f"cat {' '.join(paths)}",
        required=False,
    )


def _half_known(paths):
    return verdict(
        "time_sync",
        WARN,
        f"what time_sync wrote into {', '.join(paths)} is removed, but its manifest was missing: which time services it had stopped and how chrony stood before is not known",
        "enable and start the time service that this node had before, if it had one",
        "systemctl list-units '*ntp*' '*chron*' '*timesync*' --all",
        required=False,
    )


def _judge(node, seen, params, wait, changed):
    servers, max_offset = params["servers"], params["max_offset"]
    if seen.unit is not None and seen.unit.active:
        _engine.settle(node, servers, max_offset, wait=wait, restarted=changed)
    elif params["verify_only"]:
        _engine.await_clock(node, max_offset, wait=wait, running=False)
    return _verify.results(
        seen, servers, chronyc.sources(node, servers), clock.observe(node), max_offset, params["verify_only"]
    )


def main():
    module = AnsibleModule(
        argument_spec={
            "servers": {"type": "list", "elements": "str", "default": []},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "verify_only": {"type": "bool", "default": False},
            "max_offset": {"type": "float", "default": 1.0},
            "wait": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    wrong = input_problems(module.params)
    if wrong:
        module.fail_json(**failure("; ".join(wrong)))
    try:
        result = run(Node(), module.params, module.check_mode)
    except NodeError as error:
        module.fail_json(changed=error.changed, **failure(str(error)))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
