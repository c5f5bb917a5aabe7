"""Executes the code cells of a notebook, without what in them is no Python: magics, shell commands, help."""

import ast
import asyncio
import inspect
import json
import linecache
import re

# Between a notebook's path and the number of a cell, from 1, where Python wants a file's name.
CELL = ', cell '


def cell_of(notebook, filename):
    """Index of the cell, from 0, that a code object's file name stands for; None for any other file."""
    return int(filename[len(notebook + CELL):]) - 1 if filename.startswith(notebook + CELL) else None


def run_cells(notebook, names):
    """Executes the code cells in their order. A traceback names the cell and shows its line."""
    with open(notebook, encoding='utf-8-sig') as source:
        cells = json.load(source)['cells']
    names.setdefault('display', print)
    names.setdefault('get_ipython', lambda: None)
    for index, cell in enumerate(cells):
        if cell['cell_type'] != 'code':
            continue
        text = without_magics(''.join(cell['source']))
        filename = notebook + CELL + str(index + 1)
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        code = compile(text, filename, 'exec', flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, names))
        else:
            exec(code, names)


def without_magics(cell):
    """The same as in server/src/language/notebook/magics.ts: lines stay lines, other columns stay."""
    magic = re.match(r'[ \t\r\n]*%%(\w+)[^\r\n]*', cell)
    if not magic:
        return without_line_magics(cell)
    if magic.group(1) not in ('time', 'timeit', 'capture', 'prun'):
        return line_breaks(cell)
    return line_breaks(magic.group()) + 'pass' + without_line_magics(cell[magic.end():])


LINE_MAGIC = re.compile(
    r'([ \t]*)(?:[%!?](?:\\(?:\r\n|[\s\S])|[^\\\r\n])*|[^\r\n"\'#?]+\?{1,2}[ \t]*(?=[\r\n]|\Z))')
ASSIGNED_MAGIC = re.compile(
    r'([ \t]*[A-Za-z0-9_.]+(?:[ \t]*,[ \t]*[A-Za-z0-9_.]+)*[ \t]*=[ \t]*)[%!](?:\\(?:\r\n|[\s\S])|[^\\\r\n])*')
TOKEN = re.compile(
    r'"""|\'\'\'|["\']|#[^\r\n]*|[(\[{]|[)\]}]|\\(?:\r\n|[\s\S])|\r\n|[\r\n]|[^"\'#()\[\]{}\\\r\n]+|[\s\S]')


def without_line_magics(text):
    code = []
    depth, at_line_start, i = 0, True, 0
    while i < len(text):
        if at_line_start:
            at_line_start = False
            line = LINE_MAGIC.match(text, i)
            magic = line or ASSIGNED_MAGIC.match(text, i)
            if magic:
                code.append(magic.group(1) + ('pass' if line else 'None') + line_breaks(magic.group()))
                i = magic.end()
                continue
        token = TOKEN.match(text, i).group()
        end = string_end(text, i, token) if token[0] in '"\'' else i + len(token)
        if token[0] in '([{':
            depth += 1
        elif token[0] in ')]}':
            depth = max(0, depth - 1)
        elif token[0] in '\r\n':
            at_line_start = depth == 0
        code.append(text[i:end])
        i = end
    return ''.join(code)


def string_end(text, start, quote):
    i = start + len(quote)
    while i < len(text):
        if text[i] == '\\':
            i += 2
        elif text.startswith(quote, i):
            return i + len(quote)
        elif len(quote) == 1 and text[i] in '\r\n':
            return i
        else:
            i += 1
    return len(text)


def line_breaks(text):
    return re.sub(r'[^\r\n]+', '', text)
