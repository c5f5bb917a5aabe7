/**
 * Beam expands a YAML file as a Jinja template before it is read as YAML. Here the template's marks are masked, each by as
 * many characters, so that the text is YAML as it stands and offsets stay what they are.
 */
export interface MaskedText {
  text: string;
  /** Something of the text depends on a template, so that what is written is not all there is. */
  isTemplate: boolean;
  /** It adds lines that are written elsewhere: names and keys may be among them. */
  isPartial: boolean;
  /** `{% set name = value %}`: the value's text, without the white space around it. */
  variables: Map<string, string>;
  /** `{% for name in values %}` … `{% endfor %}`, by offset. */
  loops: TemplateLoop[];
}

export interface TemplateLoop {
  start: number;
  end: number;
  names: string[];
  over: string;
}

// Characters of an expression are moved to a private area, from which a value's text is moved back.
const FIRST = 0xe000;
const LAST = 0xf8fe;
const MASKED = /[\ue000-\uf8fe]/;

export function isMasked(text: string): boolean {
  return MASKED.test(text);
}

/** The text behind a mask, expressions in one spelling: `{{ topic }}`. */
export function unmask(text: string): string {
  if (!isMasked(text)) return text;
  const plain = text.replace(/[\ue000-\uf8fe]/g, (character) => {
    const code = character.charCodeAt(0);
    return code === LAST ? '\ufffd' : String.fromCharCode(code - FIRST);
  });
  return plain.replace(
    /\{([{%])-?\s*([^]*?)\s*-?([%}])\}/g,
    (_, open: string, body: string, close) => {
      return `{${open} ${tidy(body)} ${String(close)}}`;
    },
  );
}

/** An expression in one spelling, as far as that takes no parser. */
function tidy(expression: string): string {
  return expression
    .replace(/"([^"'\\]*)"/g, "'$1'")
    .replace(/\s+/g, ' ')
    .trim();
}

/** Names that the expressions of an unmasked text refer to. */
export function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, body = ''] of text.matchAll(/\{[{%]([^]*?)[%}]\}/g)) {
    const withoutStrings = body.replace(/'[^']*'|"[^"]*"/g, '');
    for (const [name] of withoutStrings.matchAll(/(?<![\w.])[a-zA-Z_]\w*/g)) names.add(name);
  }
  return names;
}

const MARK = /\{\{[^]*?\}\}|\{%[^]*?%\}|\{#[^]*?#\}/g;

export function maskTemplate(text: string): MaskedText {
  const variables = new Map<string, string>();
  const loops: TemplateLoop[] = [];
  const masked: MaskedText = { text, isTemplate: false, isPartial: false, variables, loops };
  if (!/\{[{%#]/.test(text)) return masked;
  const open: TemplateLoop[] = [];
  let result = '';
  let last = 0;
  for (const match of text.matchAll(MARK)) {
    const [mark] = match;
    const start = match.index;
    const end = start + mark.length;
    masked.isTemplate ||= !mark.startsWith('{#');
    result += text.slice(last, start);
    const isBlank = isOutsideOfValue(text, start, end, mark);
    result += isBlank ? blank(mark) : mask(mark);
    if (isBlank && mark.startsWith('{{')) masked.isPartial = true;
    last = end;
    if (mark.startsWith('{%'))
      readStatement(
        mark
          .slice(2, -2)
          .replace(/^[-+]|-$/g, '')
          .trim(),
        start,
        end,
      );
  }
  masked.text = result + text.slice(last);
  for (const loop of open) loops.push({ ...loop, end: text.length });
  return masked;

  function readStatement(body: string, start: number, end: number): void {
    const [keyword = ''] = /^\w+/.exec(body) ?? [];
    if (/^(?:include|import|from|extends|block|call)$/.test(keyword)) masked.isPartial = true;
    const set = /^set\s+(\w+)\s*=\s*([^]*)$/.exec(body);
    if (set?.[1]) variables.set(set[1], tidy(set[2] ?? ''));
    const loop = /^for\s+([^]*?)\s+in\s+([^]*)$/.exec(body);
    if (loop) {
      const names = (loop[1] ?? '').split(',').map((name) => name.trim());
      open.push({ start: end, end, names, over: tidy(loop[2] ?? '') });
    }
    if (keyword === 'endfor') {
      const closed = open.pop();
      if (closed) loops.push({ ...closed, end: start });
    }
  }
}

/** A statement or comment, or an expression that is a line of its own between YAML's: no part of a value. */
function isOutsideOfValue(text: string, start: number, end: number, mark: string): boolean {
  if (mark.startsWith('{#')) return true;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const lineEnd = text.indexOf('\n', end);
  const after = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  const isAlone = /^\s*$/.test(before) && /^\s*$/.test(after);
  if (mark.startsWith('{%')) {
    // Beside a value it chooses between parts of it.
    return isAlone || /^\s*(?:\{%[^]*?%\}\s*)*$/.test(before) || /\braw\b/.test(mark);
  }
  if (!isAlone) return false;
  // Below a key it is the key's value, in a block of text a line of it.
  for (let lineStart = start - before.length; lineStart > 0;) {
    const previous = text.lastIndexOf('\n', lineStart - 2) + 1;
    const line = text.slice(previous, lineStart).trimEnd();
    lineStart = previous;
    if (line === '' || line.search(/\S/) >= before.length) continue;
    return !/(?::|[|>][-+\d]*)$/.test(line);
  }
  return true;
}

function blank(mark: string): string {
  return mark.replace(/[^\r\n]/g, ' ');
}

function mask(mark: string): string {
  let masked = '';
  for (let i = 0; i < mark.length; i++) {
    const code = FIRST + mark.charCodeAt(i);
    masked += String.fromCharCode(code < LAST ? code : LAST);
  }
  return masked;
}
