/** Cell magics whose cell is Python that runs all the same. */
const PYTHON_CELLS = new Set(['time', 'timeit', 'capture', 'prun']);
const CELL_MAGIC = /^[ \t\r\n]*%%(\w+)[^\r\n]*/;
/** `%magic`, `!command`, `?help`, `help?` in place of a statement; a backslash continues it. */
const LINE_MAGIC =
  /([ \t]*)(?:[%!?](?:\\(?:\r\n|[^])|[^\\\r\n])*|[^\r\n"'#?]+\?{1,2}[ \t]*(?=[\r\n]|$))/y;
/** `files = !ls`, `a, b = %magic` */
const ASSIGNED_MAGIC =
  /([ \t]*[\w.]+(?:[ \t]*,[ \t]*[\w.]+)*[ \t]*=[ \t]*)[%!](?:\\(?:\r\n|[^])|[^\\\r\n])*/y;
const TOKEN =
  /"""|'''|["']|#[^\r\n]*|[([{]|[)\]}]|\\(?:\r\n|[^])|\r\n|[\r\n]|[^"'#()[\]{}\\\r\n]+/y;

/**
 * The code of a notebook's cell with what is no Python (IPython's magics, shell commands and help) taken out. Every
 * line stays on its line and every other column where it is. `run_pipeline.py` has the same rules.
 */
export function withoutMagics(cell: string): string {
  const cellMagic = CELL_MAGIC.exec(cell);
  if (!cellMagic) return withoutLineMagics(cell);
  const [first, name = ''] = cellMagic;
  if (!PYTHON_CELLS.has(name)) return lineBreaks(cell);
  return `${lineBreaks(first)}pass${withoutLineMagics(cell.slice(first.length))}`;
}

function withoutLineMagics(text: string): string {
  let code = '';
  let depth = 0;
  let isLineStart = true;
  let i = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = i;
    return pattern.exec(text);
  };
  while (i < text.length) {
    if (isLineStart) {
      isLineStart = false;
      const line = match(LINE_MAGIC);
      const magic = line ?? match(ASSIGNED_MAGIC);
      if (magic) {
        code += `${magic[1] ?? ''}${line ? 'pass' : 'None'}${lineBreaks(magic[0])}`;
        i += magic[0].length;
        continue;
      }
    }
    const token = match(TOKEN)?.[0] ?? text[i] ?? '';
    const end = /^["']/.test(token) ? stringEnd(text, i, token) : i + token.length;
    if (/^[([{]/.test(token)) depth++;
    else if (/^[)\]}]/.test(token)) depth = Math.max(0, depth - 1);
    else if (/^[\r\n]/.test(token)) isLineStart = depth === 0;
    code += text.slice(i, end);
    i = end;
  }
  return code;
}

/** After the string that begins with `quote` at `start`; a one-line string ends with its line. */
function stringEnd(text: string, start: number, quote: string): number {
  let i = start + quote.length;
  while (i < text.length) {
    if (text[i] === '\\') i += 2;
    else if (text.startsWith(quote, i)) return i + quote.length;
    else if (quote.length === 1 && /[\r\n]/.test(text[i] ?? '')) return i;
    else i++;
  }
  return text.length;
}

function lineBreaks(text: string): string {
  return text.replace(/[^\r\n]+/g, '');
}
