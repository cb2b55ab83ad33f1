# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AnsibleModule makes of a run, and whether the documentation says what the registry has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils import _module
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.modules import static_routes
from fakes.routes import System
from fakes.static_routes import GIVEN

ROLE = Path(__file__).parents[4] / "roles/leased_line_routes/meta/argument_specs.yml"


def test_main_hands_over_results_and_errors(tmp_path, monkeypatch, capsys):
    """Through AnsibleModule itself: what it prints, and that an error carries its results."""
    from ansible.module_utils import basic

    system = System(tmp_path)
    monkeypatch.setattr(_module, "Node", system.node)
    good = {"gateway": GIVEN["gateway"], "routes": GIVEN["routes"], "confirm_timeout": 0}
    for given, rc in ((good, 0), ({"routes": [{"destination": "nonsense"}]}, 1), ({"name": "../x"}, 1)):
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit) as caught:
            static_routes.main()
        printed = json.loads(capsys.readouterr().out)
        assert (caught.value.code, {"results", "summary", "failed_checks", "msg"} <= set(printed)) == (rc, True)
    assert "name is '../x'" in printed["msg"]


def test_every_manager_of_the_registry_is_documented_and_can_be_chosen():
    documented = yaml.safe_load(static_routes.DOCUMENTATION)["options"]["backend"]["choices"]
    role = yaml.safe_load(ROLE.read_text())["argument_specs"]["main"]["options"]["leased_line_routes_backend"][
        "choices"
    ]
    assert documented == role == static_routes.ARGUMENT_SPEC["backend"]["choices"] == registry.choices()
