#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: system_tools
short_description: Install the tools that a node lacks, from its repositories or from files
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Looks which of the tools can be used, and installs the packages of those that cannot, in one transaction. A node
    that has them all is not asked for its package manager.
  - Lists of packages are fetched only where something is missing. No other package is upgraded and no service of the
    site is restarted.
  - Refuses an installation that would take other packages away. Only what O(system_tools[].replaces) names may go; it
    is remembered, and O(state=absent) brings it back in the place of what replaced it. Other packages stay then.
extends_documentation_fragment:
  - ack_edge.node.attributes
  - ack_edge.node.tools
options:
  state:
    description:
      - V(present) installs what is missing.
      - V(absent) brings back what had to give way.
    type: str
    choices: [present, absent]
    default: present
  source:
    description:
      - V(repository) asks the repositories that the node has.
      - V(directory) copies the files of O(directory) to a node that lacks something. Its repositories are not asked.
      - V(url) lets a node that lacks something fetch O(url). Its repositories are not asked.
    type: str
    choices: [repository, directory, url]
    default: repository
  directory:
    description:
      - A folder on the controller with files C(*.deb) or C(*.rpm), the packages of the tools with all that they depend
        on, for one version of a system; those of other architectures are left out. Required with O(source=directory).
      - A relative one is searched beside the inventory, then beside the playbook and in its folder C(files), then in
        the current directory. C(~) is the home of the user who runs Ansible.
      - A link in it that leads out of it is an error.
      - What brings a missing tool is installed, with what of the folder it depends on. What is installed stays as it
        is.
    type: path
  url:
    description:
      - HTTP or HTTPS address of a tar archive of such a folder, compressed or not. Required with O(source=url).
    type: str
  checksum:
    description: V(sha256:) and the checksum of the archive. Required with O(source=url).
    type: str
  archive:
    description: Path on the node of the archive that O(directory) became. Set by the action plug-in.
    type: path
notes:
  - Needs root, and C(apt-get) or one of C(dnf) and C(yum) where something is missing.
"""

EXAMPLES = r"""
- name: Install what the cluster wants
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"

- name: Install it where there is no mirror, from a folder on the controller
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"
    source: directory
    directory: packages/rocky-9

- name: Install it from a file server of the site
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"
    source: url
    url: http://files.site.example/edge/rocky-9.tar.gz
    checksum: sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae

- name: Bring back what had to give way
  ack_edge.node.system_tools:
    state: absent
"""

RETURN = r"""
results:
  description: One verdict for each tool, in the order of the input. With O(state=absent) one named V(system_tools).
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: Name of the tool, or V(system_tools).
      type: str
    status: {description: How it stands., type: str, sample: pass}
    summary:
      description: What was found.
      type: str
      sample: can be used
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description: Facts, such as C(packages), those that were or would be installed for the tool.
      type: dict
summary:
  {description: How many verdicts have each status., returned: always, type: dict, sample: {fail: 0, pass: 9, skipped: 0, unproven: 0, warn: 0}}
failed_checks: {description: The names of the verdicts that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

import contextlib
import http.client
import os
import re
import signal
import tempfile

from ansible.module_utils.urls import ConnectionError as UrlError
from ansible.module_utils.urls import open_url
from ansible_collections.ack_edge.node.plugins.module_utils._module import AnsibleModule
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask_url
from ansible_collections.ack_edge.node.plugins.module_utils._system import os as _systems
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    archive as _bundle,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    missing,
    package_managers,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    run as _engine,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, failure, report, verdict

_CHECKSUM = re.compile(r"^sha256:[0-9a-fA-F]{64}\Z")
_RUN = "run prepare_edge.yml"
# Seconds for all of an archive, however slowly it comes.
_FETCH_TIMEOUT = 1800
_AUTHORITY = re.compile(r"https?://([^/?#]+)")
_PORT = re.compile(r".*:[0-9]*\Z|[^:]*\Z|.*\]\Z", re.DOTALL)


def input_problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    url, checksum = params["url"] or "", params["checksum"] or ""
    if params["source"] == "url":
        found += _url_problems(url)
    if params["source"] == "url" and not _CHECKSUM.match(checksum):
        found.append(
            f"checksum is {checksum!r}, expected 'sha256:' and 64 hexadecimal digits with source: url ('sha256sum FILE' "
            "says them)"
        )
    names = [tool["name"] for tool in params["system_tools"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.append(f"system_tools has '{name}' more than once, expected each tool once")
    return found


def _url_problems(url):
    """Return what is wrong with the address; its password is not shown."""
    shown, match = mask_url(url), _AUTHORITY.match(url)
    if not match:
        return [f"url is {shown!r}, expected the http:// or https:// address of an archive with source: url"]
    authority = match.group(1)
    host = authority.rpartition("@")[2]
    if re.search(r"[\s\x00-\x1f#]", url) or "@" in authority[: -len(host) - 1] or not _PORT.match(host):
        return [
            f"url is {shown!r}, expected no blanks in it, a number as the port, and every special character of a user and "
            "a password percent-encoded: '#' is %23, '/' is %2F, '?' is %3F, '@' is %40, ':' is %3A"
        ]
    return []


def run(node, params, check_mode, tmpdir=None):
    """Look, install and look again; return the result of the module (dict).

    :arg tmpdir: a directory for package files, None for that of the system.
    :raises NodeError: if it cannot be done.
    """
    if params["state"] == "absent":
        return _take_back(node, check_mode)
    tools = params["system_tools"]
    seen = _engine.observe(node, tools)
    if not seen.lacking:
        if not check_mode:
            _tidy(node)
        return dict(report(_verdicts(tools, [], check_mode)), changed=False)
    found = _engine.problems(seen)
    if found:
        raise NodeError("; ".join(found) + ". Nothing has been changed")
    replaced = [name for item in seen.lacking for name in item.replaced]
    if not check_mode:
        if params["source"] == "directory" and not params["archive"]:
            return dict(report([]), changed=False, wants_archive=package_managers.MANAGERS[seen.family].SUFFIX)
        with node.lock():
            replaced = _install(node, params, seen, tmpdir)
    return dict(report(_verdicts(tools, seen.lacking, check_mode)), changed=True, diff=_diff(seen.lacking, replaced))


def _install(node, params, seen, tmpdir):
    tools = params["system_tools"]
    if params["source"] == "repository":
        return _engine.present(node, tools, seen)
    with tempfile.TemporaryDirectory(prefix="ack_edge-", dir=tmpdir) as directory:
        archive = params["archive"]
        if params["source"] == "url":
            archive = os.path.join(directory, "archive")
            _fetch(params["url"], archive, params["checksum"])
        paths = _bundle.unpack(archive, directory, package_managers.MANAGERS[seen.family].SUFFIX)
        return _engine.present(node, tools, seen, paths)


def _fetch(url, path, checksum, seconds=_FETCH_TIMEOUT):
    shown = mask_url(url)
    try:
        with _deadline(
            seconds,
            f"url {shown} did not come within {int(seconds)} seconds; see what slows this node or the server down. Nothing has been changed",
        ), open_url(url, timeout=60) as response:
            _bundle.find_room(response.headers.get("Content-Length"), os.path.dirname(path), shown)
            _bundle.save(response, path, checksum, shown)
    except (OSError, ValueError, UrlError, http.client.HTTPException) as error:
        raise NodeError(
            f"url {shown} cannot be fetched: {error}; see whether this node reaches it with 'curl -I {shown}'. Nothing has "
            "been changed"
        ) from None


@contextlib.contextmanager
def _deadline(seconds, message):
    """Raise NodeError with a message where something is not done in time; a timeout of a socket begins anew always."""

    def late(_number, _frame):
        raise NodeError(message)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _tidy(node):
    """Remove what a run that was killed has left in our directory; a manifest stays."""
    manifest = _engine.manifest_of(node)
    if manifest.untidy():
        with node.lock():
            manifest.tidy()


def _take_back(node, check_mode):
    if not check_mode:
        _tidy(node)
    known = _engine.manifest_of(node).load()
    family = _systems.family(node) if known else None
    gone = package_managers.MANAGERS[family].absent(node, known.get("replaced", [])) if known else []
    names = " ".join(gone)
    if not gone or check_mode:
        if known and not check_mode:
            _engine.absent(node, family, known)
        item = (
            verdict("system_tools", FAIL, f"{names} gave way to the tools", "run reset_edge.yml")
            if gone
            else verdict("system_tools", PASS, "nothing had to give way to the tools")
        )
    else:
        try:
            with node.lock():
                _engine.absent(node, family, known)
        except NodeError as error:
            # What took its place goes on doing its work, so this keeps nobody from the rest of a reset.
            item = verdict(
                "system_tools",
                WARN,
                f"{names} gave way to the tools and is not back: {error}",
                f"install {names} by hand, or run reset_edge.yml again",
                required=False,
            )
            return dict(report([item]), changed=error.changed)
        item = verdict("system_tools", PASS, f"{names} is back")
    result = dict(report([item]), changed=bool(gone))
    if gone:
        result["diff"] = _text([f"{name}: gave way" for name in gone], [f"{name}: installed" for name in gone])
    return result


def _verdicts(tools, lacking, check_mode):
    by_name = {item.tool: item for item in lacking}
    found = []
    for tool in tools:
        item = by_name.get(tool["name"])
        reproduce = f"command -v {' '.join(tool['commands'])}"
        packages = item.absent if item else []
        if item and check_mode:
            found.append(
                verdict(
                    tool["name"],
                    FAIL,
                    f"cannot be used; {' '.join(packages)} would be installed",
                    _RUN,
                    reproduce,
                    packages=packages,
                )
            )
        else:
            found.append(verdict(tool["name"], PASS, "can be used", reproduce=reproduce, packages=packages))
    return found


def _diff(lacking, replaced):
    before = [f"{item.tool}: missing" for item in lacking] + [f"{name}: installed" for name in replaced]
    after = [f"{item.tool}: usable ({' '.join(item.absent)})" for item in lacking]
    return _text(before, after + [f"{name}: gave way" for name in replaced])


def _text(before, after):
    header = "tools of the node"
    return {
        "before": "\n".join(before) + "\n",
        "after": "\n".join(after) + "\n",
        "before_header": header,
        "after_header": header,
    }


def main():
    module = AnsibleModule(
        argument_spec={
            "system_tools": missing.ARGUMENT,
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "source": {"type": "str", "choices": ["repository", "directory", "url"], "default": "repository"},
            "directory": {"type": "path"},
            "url": {"type": "str"},
            "checksum": {"type": "str"},
            "archive": {"type": "path"},
        },
        required_if=[("source", "directory", ("directory",)), ("source", "url", ("url", "checksum"))],
        supports_check_mode=True,
    )
    wrong = input_problems(module.params)
    if wrong:
        module.fail_json(**failure("; ".join(wrong)))
    try:
        result = run(Node(), module.params, module.check_mode, module.tmpdir)
    except NodeError as error:
        module.fail_json(changed=error.changed, **failure(str(error)))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
