# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests in the words of Python 3.6: those of the node side are written for that of the controller.

Annotations go, for nobody looks at them, and calls that 3.6 does not have become those of backports36.py.
"""

from __future__ import annotations

import ast

_METHODS = ("removeprefix", "removesuffix", "subnet_of")
_HEAD = "import backports36"


class _Older(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module == "__future__" else node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg):
            if argument is not None:
                argument.annotation = None
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        # A NamedTuple reads its annotations, and any will do.
        node.annotation = ast.Constant(None)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in _METHODS:
            return _backport(called.attr, [called.value, *node.args], [])
        if isinstance(called, ast.Name) and called.id == "zip" and node.keywords:
            return _backport("strict_zip", node.args, [])
        if isinstance(called, ast.Attribute) and ast.unparse(called) == "subprocess.run":
            return _backport("run", node.args, node.keywords)
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        # What hypothesis called it then.
        node.arg = {"exclude_categories": "blacklist_categories"}.get(node.arg or "", node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        # What sockets raise has a class of its own until 3.10.
        return _attribute("timeout") if node.id == "TimeoutError" else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _backport("union", [node.left, node.right], []) if isinstance(node.op, ast.BitOr) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node) == "functools.cache":
            return ast.parse("functools.lru_cache(maxsize=None)", mode="eval").body
        return node


def _backport(name: str, arguments: list[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
    return ast.Call(_attribute(name), arguments, keywords)


def _attribute(name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name("backports36", ast.Load()), name, ast.Load())


def rewritten(source: str) -> str:
    """Return the source of a test, or of what tests share, for Python 3.6."""
    tree = ast.fix_missing_locations(_Older().visit(ast.parse(source)))
    return f"{_HEAD}\n{ast.unparse(tree)}\n"
