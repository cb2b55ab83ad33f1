# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of variables in the documentation, made of argument specs and of the documentation of plug-ins.

``markup``     what ansible-doc calls markup becomes Markdown, and options become a table
``files``      which file of the documentation has which table
``__main__``   writes them: make reference
"""
