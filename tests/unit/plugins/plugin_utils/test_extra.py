# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run knows of being a job of AWX. What becomes of empty answers is in tests/integration/awx."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._host import Host
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError

SLICE = {"awx_job_id": 7, "awx_job_template_name": "verify", "awx_workflow_job_name": "verify"}


class _Plain:
    """Variables without templates."""

    def template(self, value: Any) -> Any:
        return value


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, ("", "")),
        ({"awx_job_id": 7, "awx_workflow_job_id": "5", "tower_job_id": 7}, ("7", "5")),
        ({"tower_job_id": "8"}, ("8", "")),
    ],
)
def test_the_ids_of_a_job_are_known(extra: dict[str, Any], expected: tuple[str, str]) -> None:
    assert (_extra.of_awx(extra, "job_id"), _extra.of_awx(extra, "workflow_job_id")) == expected
    assert _extra.in_awx(extra) is bool(expected[0])


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, False),
        (SLICE, True),
        (SLICE | {"awx_workflow_job_name": "onboard"}, False),
        ({"tower_job_template_name": "x", "tower_workflow_job_name": "x"}, True),
        ({"awx_job_template_name": "", "awx_workflow_job_name": ""}, False),
        ({"ack_edge_slices": "3"}, True),
        (SLICE | {"ack_edge_slices": 1}, False),
        (SLICE | {"ack_edge_slices": ""}, True),
    ],
)
def test_a_slice_is_known(known: dict[str, Any], expected: bool) -> None:
    assert _extra.in_slice(known) is expected
    assert _extra.scope(known) == ("this slice" if expected else "this run")


@pytest.mark.parametrize(("known", "expected"), [({}, False), ({"awx_job_id": 7}, True), ({"tower_job_id": 7}, True)])
def test_awx_is_known(known: dict[str, Any], expected: bool) -> None:
    assert _extra.in_awx(known) is expected


def host(monkeypatch: pytest.MonkeyPatch, **variables: Any) -> Host:
    monkeypatch.setattr(_extra, "load_extra_vars", lambda loader: {})
    known = {"inventory_hostname": "a", "groups": {"all": ["a", "vpc-host"]}, **variables}
    return Host(known, _Plain(), None)


def test_a_variable_without_a_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def template(self, value: Any) -> Any:
            raise AnsibleError("'nosuch' is undefined")

    found = host(monkeypatch, api_server="{{ nosuch }}")
    found._templar = Broken()
    with pytest.raises(AnsibleError, match=r"api_server has no value: 'nosuch' is undefined\. Correct it"):
        found.value("api_server")
    assert found.value("raven_gateway") is None


def test_a_probe_host_of_another_slice_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert host(monkeypatch, vpc_probe_host="vpc-host").probe_host() == "vpc-host"
    assert host(monkeypatch, vpc_probe_host="").probe_host() == ""
    assert host(monkeypatch, vpc_probe_host="elsewhere", **SLICE).probe_host() == ""
    for name, more in (("elsewhere", {}), ("localhost", SLICE), (["x"], SLICE)):
        with pytest.raises(ScopeError, match="expected the name of a host of the inventory"):
            host(monkeypatch, vpc_probe_host=name, **more).probe_host()


@pytest.mark.parametrize("site", [83, 1.5])
def test_a_number_of_a_survey_is_no_site(monkeypatch: pytest.MonkeyPatch, site: Any) -> None:
    given = host(monkeypatch, site=site, **SLICE)
    with pytest.raises(ScopeError, match=f"site is {site}, which came as a number"):
        given._site({"site": site})
    # An inventory has it as somebody wrote it.
    assert given._site({}) == str(site)
