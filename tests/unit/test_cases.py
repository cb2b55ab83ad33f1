# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations out of public bug reports, and which test holds each: none of these may go unseen.

A case is the number of a report of this project's reviews, a kind, and tests of 'tests/'. Each of them tries the input
of the case and others of its kind.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NODE = "unit/plugins/module_utils"
FIREWALL, ROUTES, PORTS = "integration/firewall", f"{NODE}/_static_routes", f"{NODE}/_inbound_ports"
CHECKS, TIME, SYSTEM, TOOLS = (
    f"{NODE}/_readiness/checks",
    f"{NODE}/_time_sync",
    f"{NODE}/_system",
    f"{NODE}/_system_tools",
)
STAGES, PROOF, APT = f"{NODE}/_reachability/stages", f"{NODE}/_inbound_proof", "integration/system_tools/test_apt.py"
DNF, DNF_REPOSITORIES = (f"integration/system_tools/{name}.py" for name in ("test_dnf", "test_dnf_repositories"))
DENIALS, NFT = f"{PORTS}/backends/test_firewalld_denials.py", f"{FIREWALL}/test_nftables_of_others.py"
AID, CONTACT, CALLBACK = (
    "outside/test_first_aid.py",
    "outside/test_first_contact.py",
    "unit/plugins/callback/test_fleet_report.py",
)

CASES = {
    "network 01 native rules in a table of iptables": [f"{NFT}::native_rules_in_a_table_of_iptables_are_nftables"],
    "network 02 a rich rule that denies": [
        f"{DENIALS}::a_rich_rule_that_drops_before_ours_is_a_warning",
        f"{FIREWALL}/test_firewalld.py::a_rich_rule_that_drops_before_ours_is_named",
        f"{DENIALS}::a_forwarded_port_of_ours_is_a_warning",
        f"{DENIALS}::what_zone_trusted_denies_or_forwards_counts_though_it_needs_no_rule",
        f"{DENIALS}::a_zone_by_mac_address_is_named",
    ],
    "network 03 a policy that denies": [
        f"{DENIALS}::a_policy_that_drops_before_ours_is_a_warning",
        f"{DENIALS}::a_policy_forwards_whatever_its_priority",
    ],
    "network 04 direct rules": [
        f"{DENIALS}::a_direct_rule_that_drops_before_ours_is_a_warning",
        f"{DENIALS}::a_direct_rule_is_read_in_the_words_of_whoever_wrote_it",
        f"{PORTS}/test_detect.py::what_direct_rules_of_firewalld_drop_is_no_second_firewall",
    ],
    "network 05 a watcher beside a firewall": [
        f"{NFT}::the_chain_of_a_watcher_that_drops_others_gets_no_rule",
        f"{PORTS}/test_detect.py::chains_of_software_are_no_firewall",
    ],
    "network 07 DOCKER-USER for the host": [
        f"{FIREWALL}/test_iptables_of_others.py::docker_user_behind_input_is_a_firewall"
    ],
    "network 08 tables named like software": [
        f"{NFT}::a_table_of_the_site_named_like_software_is_a_firewall",
        f"{PORTS}/test_beside.py::every_base_chain_on_the_way_is_looked_at",
        f"{PORTS}/test_beside.py::every_table_of_iptables_on_the_way_is_looked_at",
        f"{PORTS}/formats/test_redirects.py::a_redirect_in_the_words_of_iptables",
        f"{PORTS}/formats/test_redirects.py::a_redirect_as_nft_lists_it",
        f"{PORTS}/formats/test_redirects.py::a_cluster_leads_packets_to_what_it_runs_and_nobody_else_may",
        f"{FIREWALL}/test_redirects.py::a_redirect_of_iptables",
        f"{FIREWALL}/test_redirects.py::a_redirect_of_nftables",
        f"{PORTS}/test_to_come.py::an_xdp_program_is_a_warning",
    ],
    "network 10 chains in before.rules": [
        f"{FIREWALL}/test_ufw_packets.py::a_chain_of_the_site_that_drops_before_ours_is_named",
        f"{PORTS}/backends/test_ufw.py::what_the_next_start_loads_in_front_of_ours_is_named",
        f"{PORTS}/test_to_come.py::other_tables_in_the_files_of_ufw",
    ],
    "network 12 a network on an alias": [
        f"{ROUTES}/backends/test_ifupdown.py::the_hook_runs_for_the_alias_that_has_the_network",
        f"{ROUTES}/backends/test_ifupdown.py::what_the_boot_does_not_bring_up_is_said",
        f"{ROUTES}/backends/test_boot.py::ifup_sets_no_routes_where_its_file_says_so",
    ],
    "network 14 a network of one table": [
        f"{ROUTES}/test_inputs.py::a_gateway_is_looked_for_in_the_table_of_the_route"
    ],
    "network 16 a gateway that is on-link": [f"{ROUTES}/test_inputs.py::a_gateway_that_nothing_uses_is_not_judged"],
    "network 17 another profile at boot": [
        f"{ROUTES}/test_run_moves.py::a_profile_that_a_reboot_does_not_bring_up_is_a_warning",
        f"{ROUTES}/backends/test_boot.py::a_profile_that_another_one_or_a_log_in_decides_about",
        f"{ROUTES}/backends/test_boot.py::networkd_takes_the_first_file_at_boot",
        f"{ROUTES}/backends/test_boot.py::a_manager_that_does_not_start_at_boot",
    ],
    "network 18 a profile in /run": [
        f"{ROUTES}/backends/test_networkmanager.py::the_remedy_for_a_profile_that_is_kept_elsewhere_works"
    ],
    "network 19 routes move to another card": [f"{ROUTES}/test_run_moves.py::to_another_interface_and_back_to_nothing"],
    "network 23 loaders of tables": [
        f"{FIREWALL}/test_iptables_of_others.py::what_an_unknown_program_loads_is_no_promise_for_a_restart",
        f"{PORTS}/test_table_loaders.py::who_else_loads_rules_is_named",
        f"{PORTS}/test_to_come.py::a_drop_that_only_a_saved_table_has_is_a_warning_about_the_reboot",
        f"{FIREWALL}/test_redirects.py::a_drop_of_a_saved_table_that_is_not_loaded",
    ],
    "network 25 lockdown": [f"{DENIALS}::a_lockdown_without_root_is_foreseen"],
    "network 26 forms of nftables.conf": [
        f"{NFT}::what_nftables_service_loads_is_told_as_the_unit_says_it",
        f"{NFT}::a_file_that_the_unit_cannot_open_is_named",
        f"{PORTS}/test_beside.py::what_only_the_next_boot_loads_is_no_promise",
        f"{PORTS}/test_to_come.py::what_the_configuration_of_nftables_says_on_the_way",
    ],
    "network 28 a controller behind Tailscale": [
        f"{ROUTES}/test_policy_rules.py::the_way_is_told_truly_where_a_rule_before_may_match",
        f"{ROUTES}/test_policy_rules.py::behind_a_rule_for_every_packet_that_has_an_answer_nothing_is_asked",
    ],
    "network 33 a rule that iptables cannot read": [
        f"{FIREWALL}/test_iptables_of_others.py::a_rule_that_only_nft_can_read_is_named_and_no_reason_to_leave_ours"
    ],
    "network 35 a profile is renamed": [
        f"{ROUTES}/test_run_moves.py::lines_that_the_site_has_moved_to_another_file_stay_ours",
        f"{ROUTES}/test_run_moves.py::lines_that_the_site_has_copied_go_with_ours",
    ],
    "network 36 another manager": [f"{ROUTES}/test_run_moves.py::from_networkmanager_to_networkd_in_an_image"],
    "system 01 a mirror that cannot be reached": [f"{APT}::a_mirror_that_cannot_be_reached_whatever_the_status_of_apt"],
    "system 02 a pin": [f"{APT}::a_pin_that_hides_it"],
    "system 03 held": [f"{APT}::a_held_package"],
    "system 04 a dependency": [f"{APT}::a_dependency_that_nobody_has"],
    "system 05 a foreign package breaks": [f"{APT}::a_package_of_the_site_that_breaks_while_ours_are_installed"],
    "system 06 the clock is behind": [f"{APT}::a_clock_that_is_behind"],
    "system 07 excluded": [
        f"{DNF}::an_exclude_that_hides_it",
        f"{DNF}::an_exclude_that_hides_a_dependency",
        f"{DNF}::includepkgs_without_it",
        f"{DNF}::files_that_the_node_hides_or_has_another_package_for",
        f"{DNF_REPOSITORIES}::a_module_stream_that_hides_it",
        f"{SYSTEM}/package_managers/test_rpm.py::what_the_configuration_excludes",
        f"{TOOLS}/test_causes.py::what_other_versions_say_is_of_its_kind",
    ],
    "system 09 obsoleted": [
        f"{DNF}::one_that_it_obsoletes",
        f"{DNF}::several_that_a_dependency_obsoletes",
        f"{DNF}::one_that_obsoletes_it_and_is_installed",
        f"{TOOLS}/test_run.py::what_a_package_obsoletes_may_not_go_either",
    ],
    "system 10 conflict and key": [
        f"{DNF}::a_file_of_another_package",
        f"{DNF}::one_that_it_conflicts_with",
        f"{DNF_REPOSITORIES}::packages_without_a_signature",
        f"{DNF_REPOSITORIES}::a_key_that_the_node_does_not_have",
        f"{DNF_REPOSITORIES}::no_key_at_all_and_no_password_in_the_message",
        f"{DNF_REPOSITORIES}::metadata_without_a_signature",
        f"{TOOLS}/test_causes.py::the_remedy_fits_the_kind",
        f"{SYSTEM}/package_managers/test_said.py::the_reason_is_kept_with_what_belongs_to_it",
    ],
    "system 11 yum goes on without a name": [
        f"{DNF}::a_yum_that_goes_on_without_it_installs_nothing",
        f"{TOOLS}/test_run.py::a_package_that_was_left_out_without_an_error",
        f"{SYSTEM}/package_managers/test_rpm.py::neither_of_them_may_leave_one_out",
    ],
    "system 13 a pool": [f"{SYSTEM}/test_clock.py::each_member_of_a_pool_counts"],
    "system 14 a required source": [
        f"{SYSTEM}/test_clock.py::what_keeps_chronyd_from_following_a_server_that_answers",
        f"{TIME}/test_verdicts.py::what_the_line_of_the_site_says_is_the_reason",
    ],
    "system 16 chronyd -f": [
        f"{TIME}/test_plan.py::a_chronyd_that_reads_another_file_is_said_before_anything_is_written"
    ],
    "system 17 another unit of chronyd": [
        f"{TIME}/test_run.py::a_restricted_chronyd_is_given_back",
        f"{TIME}/test_plan.py::a_timemaster_is_left_alone",
        f"{TIME}/test_plan.py::a_chronyd_that_others_started_is_left_alone_and_said",
    ],
    "system 18 no command socket": [f"{SYSTEM}/test_clock.py::a_chronyd_that_cannot_be_asked_is_said_to_run"],
    "system 19 a client that ended": [
        f"{SYSTEM}/test_clock.py::what_the_kernel_says_hours_after_the_last_daemon_ended_is_no_proof",
        f"{SYSTEM}/test_clock.py::what_an_older_systemd_says_of_a_daemon_that_ended",
        f"{SYSTEM}/test_clock.py::a_chronyd_that_hears_nobody_goes_by_what_it_knew",
        f"{TIME}/test_verdicts.py::a_stopped_chronyd_fails_whatever_the_kernel_says",
    ],
    "system 21 the old client goes last": [
        f"{TIME}/test_run.py::a_chronyd_that_does_not_start_leaves_the_node_with_the_time_service_it_had",
        f"{TIME}/test_run.py::a_read_only_etc_is_found_before_anything_changes",
    ],
    "system 22 search domains": [
        f"{STAGES}/test_resolve.py::a_search_domain_that_answers_in_the_place_of_the_name_is_named"
    ],
    "system 25 lines that are indented": [f"{SYSTEM}/test_resolver.py::resolv_conf_is_read_as_the_c_library_does"],
    "system 26 use-vc": [f"{STAGES}/test_resolve.py::use_vc_asks_over_tcp_alone"],
    "system 27 iproute2 without JSON": [
        f"{NODE}/_readiness/test_old_iproute2.py::no_check_is_left_open_for_an_old_iproute2",
        f"{STAGES}/test_route.py::the_text_of_an_old_iproute2",
    ],
    "system 28 a Python with CAs of its own": [f"{STAGES}/test_tls.py::a_ca_of_the_node_is_trusted_by_any_python"],
    "system 29 # in the password of a proxy": [
        f"{STAGES}/test_proxy.py::a_password_that_would_end_the_authority_is_refused_with_how"
    ],
    "system 30 a listener on loopback": [
        f"{PROOF}/test_verdicts.py::a_port_that_something_has_on_loopback_alone_is_no_matter_of_firewalls"
    ],
    "system 31 modules switched off": [
        f"{CHECKS}/test_kernel_modules.py::a_module_that_is_switched_off_is_named_with_its_command",
        f"{CHECKS}/test_kernel_modules.py::a_kernel_that_loads_nothing_any_more",
    ],
    "system 32 a kernel that was updated": [
        f"{CHECKS}/test_kernel_modules.py::a_kernel_that_was_updated_and_not_restarted"
    ],
    "system 33 other distributions": [
        f"{CHECKS}/test_earlier_join.py::what_other_distributions_leave_fails_with_what_removes_it",
        f"{CHECKS}/test_earlier_join.py::a_unit_of_a_package_counts_where_it_is_wanted",
    ],
    "system 34 zram": [f"{CHECKS}/test_swap.py::the_remedy_lasts_for_each_kind"],
    "system 35 setters of the clock": [
        f"{CHECKS}/test_clock_setters.py::other_ways_to_set_a_clock",
        f"{CHECKS}/test_clock_setters.py::a_unit_of_a_package_counts_where_it_is_enabled",
    ],
    "system 38 read-only": [
        f"{CHECKS}/test_read_only.py::what_is_mounted_read_only_fails",
        f"{CHECKS}/test_read_only.py::what_the_services_of_a_join_write_to",
        "integration/readiness/test_read_only.py::a_mount_that_is_read_only_is_found_before_anything_is_written",
    ],
    "outside 01 no probe host": [
        f"{AID}::an_empty_group_of_probes_is_none",
        "outside/test_life.py::prepared_nodes_are_ready",
    ],
    "outside 02 gaps": [
        f"{AID}::what_is_not_set_is_a_finding",
        "outside/test_life.py::a_node_whose_api_server_nobody_looked_at_is_not_called_ready",
    ],
    "outside 03 duplicates": [
        "unit/plugins/plugin_utils/test_duplicates.py::duplicates_name_each_other_and_nobody_else_is_named"
    ],
    "outside 04 edge_hosts": [f"{AID}::edge_hosts_of_the_inventory_is_followed_or_refused"],
    "outside 05 a partial run": [
        f"{AID}::a_run_of_some_parts_says_ready_of_nobody",
        "unit/plugins/plugin_utils/_report/test_merge.py::a_partial_run_does_not_demote_who_a_whole_run_called_ready",
    ],
    "outside 06 no hosts": [
        f"{AID}::a_group_that_is_not_there_is_an_error",
        f"{AID}::an_inventory_without_hosts_is_an_error",
        f"{AID}::a_refused_sheet_is_an_error_with_its_reason",
    ],
    "outside 07 first contact": [f"{CONTACT}::what_is_wrong_is_named_with_what_helps"],
    "outside 08 other displays": ["outside/test_life.py::the_findings_are_a_table_that_a_human_can_read"],
    "outside 09 air gap": [f"{AID}::tools_of_a_folder_beside_the_inventory"],
    "outside 10 JSON on stdout": [f"{AID}::other_displays_keep_their_output"],
    "outside 11 no place for a report": [f"{AID}::where_no_report_can_be_written_the_summary_is_shown"],
    "outside 12 interrupted": [f"{AID}::an_interrupted_run_says_so", f"{CALLBACK}::a_run_that_is_interrupted"],
    "outside 13 own playbooks": ["integration/docs/test_own_playbooks.py::block"],
    "outside 14 --start-at-task": [f"{AID}::start_at_task_is_one_sentence"],
    "outside 15 wrong values": [f"{AID}::a_wrong_value_is_one_sentence"],
    "outside 17 misspelt variables": [f"{AID}::a_misspelt_variable_is_named_with_the_right_one"],
    "security H1 files of the controller": [
        "unit/plugins/action/test_system_tools.py::a_node_gets_nothing_by_asking_for_something_else"
    ],
    "security H2 killed within a write": [
        f"{TIME}/test_run.py::a_look_does_not_take_what_a_killed_run_left_for_configuration",
        f"{TIME}/test_run_killed.py::killed_within_any_write",
    ],
    "security H3 the same of routes": [f"{ROUTES}/test_run_killed_within_a_write.py::the_next_run_is_right_at_once"],
    "security H4 H5 one hostile node": [
        "integration/waves/test_answers.py::one_hostile_node_is_one_host_that_is_not_ready",
        "unit/plugins/plugin_utils/test_duplicates.py::one_host_cannot_answer_with_what_has_no_hash",
    ],
    "security H6 the lock": [
        f"{NODE}/test_lock.py::only_root_can_enter_it",
        f"{NODE}/test_lock.py::what_stands_in_the_place_of_the_old_lock_stops_nobody",
    ],
    "security H7 seconds of a node": [
        "unit/plugins/action/test_static_routes.py::a_node_does_not_say_how_long_the_controller_sleeps"
    ],
    "security H8 secrets": [
        f"{NODE}/test_secrets.py::no_password_is_seen",
        f"{TOOLS}/test_run.py::a_password_of_a_repository_is_in_no_message",
    ],
    "security H9 names that are patterns": [
        "integration/controller/test_merge_reports.py::names_that_are_patterns_are_said"
    ],
    "security H10 a lost file": [
        f"{FIREWALL}/test_nftables_packets.py::a_lost_file_of_ours_closes_our_ports_and_opens_nothing"
    ],
    "security H11 the listener": [
        f"{PROOF}/test_listener.py::another_user_can_neither_read_the_token_nor_end_the_listener",
        f"{PROOF}/test_listener.py::who_does_not_end_its_answer_is_not_waited_for",
    ],
    "security H12 confirmed and not written": [f"{ROUTES}/test_run_failures.py::a_disk_that_takes_nothing_any_more"],
    "security H13 policy rules": [
        f"{ROUTES}/test_policy_rules.py::a_route_that_main_answers_before_its_default_moves_who_goes_through_the_tunnel",
        "integration/routes/test_policy_rules.py::what_would_take_the_controller_out_of_the_tunnel_is_refused",
    ],
    "security H14 an address to probe": [f"{PROOF}/test_address.py::the_address_to_probe_is_one_of_the_nodes_networks"],
    "security H15 cells": [
        "integration/controller/test_requirements.py::a_probe_host_is_a_host_of_the_inventory",
        "integration/controller/test_fleet_csv.py::cells_are_never_evaluated",
    ],
    "security H16 a line end": [
        f"{TIME}/test_inputs.py::a_server_with_a_line_end_is_refused",
        f"{ROUTES}/test_bounds.py::an_interface_with_a_line_break_is_refused",
        "unit/plugins/test_patterns.py::no_pattern_lets_a_line_end_pass",
    ],
    "security H17 bounds": [
        f"{ROUTES}/test_bounds.py::an_answer_with_too_many_addresses_adds_nothing_and_is_a_fail",
        f"{ROUTES}/test_bounds.py::a_default_route_in_pieces_is_refused",
        f"{ROUTES}/test_run_failures.py::confirm_timeout_has_bounds",
        f"{ROUTES}/test_run_damaged_journal.py::what_is_no_journal_at_all",
        f"{TOOLS}/test_sources.py::an_archive_without_end",
    ],
}


@pytest.mark.parametrize(("case", "tests"), CASES.items(), ids=CASES)
def test_every_case_is_held(case, tests):
    for path, _colons, name in (test.partition("::") for test in tests):
        assert re.search(rf"^(?:async )?def test_{name}\(", (TESTS / path).read_text(), re.MULTILINE), f"{case}: {name}"
