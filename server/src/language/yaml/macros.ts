import {
  literalText,
  renameIn,
  sectionsOf,
  splitAtCommas,
  statementsOf,
  type Section,
} from './jinja.js';
import type { MappedText, Replacement } from './mappedText.js';

/** A macro, and what its body may refer to beside its parameters. */
interface Macro {
  parameters: { name: string; value: string | undefined }[];
  body: string;
  /** Macros that it may call. */
  scope: ReadonlyMap<string, Macro>;
  /** Names that its own file sets, with their expressions. */
  variables: ReadonlyMap<string, string>;
}

/** A call, and what it gives. */
interface Call extends Replacement {
  by: [string];
}

type Read = (body: string) => string | undefined;

const MAX_DEPTH = 8;
const MAX_LENGTH = 2_000_000;

/**
 * A template with what its calls of macros give in their places: of macros it defines, or imports. A call whose arguments
 * do not fit, or whose macro does more than to be filled in, stays.
 */
export function withMacros(written: MappedText, read: Read): MappedText {
  const { text } = written;
  if (!/\{%[-+]?\s*(?:macro|import|from)\b/.test(text)) return written;
  const scope = scopeOf(text, read, 0);
  const definitions = sectionsOf(text, 'macro').map(({ open, close }): Replacement => ({
    start: open.start,
    end: close.end,
    by: [''],
  }));
  const calls = callsIn(text, scope, 0).filter(
    (call) => !definitions.some(({ start, end }) => start <= call.start && call.start < end),
  );
  return written.replaced([...definitions, ...calls].sort((a, b) => a.start - b.start));
}

/** The macros that a text defines or imports, by what they are called as. */
function scopeOf(text: string, read: Read, depth: number): Map<string, Macro> {
  const scope = new Map<string, Macro>();
  if (depth > MAX_DEPTH) return scope;
  // What the template itself sets stands in it.
  const variables = depth === 0 ? new Map<string, string>() : variablesOf(text);
  for (const { keyword, rest } of statementsOf(text)) {
    if (keyword !== 'import' && keyword !== 'from') continue;
    const file = read(rest);
    if (file === undefined) continue;
    const names = rest
      .replace(/^(?:'[^']*'|"[^"]*")\s*/, '')
      .replace(/\s+with(?:out)?\s+context$/, '');
    const inner = scopeOf(file, read, depth + 1);
    if (keyword === 'import') {
      const alias = /^as\s+(\w+)$/.exec(names)?.[1];
      for (const [name, macro] of alias === undefined ? [] : inner)
        scope.set(`${alias}.${name}`, macro);
      continue;
    }
    for (const one of splitAtCommas(names.replace(/^import\s+/, ''))) {
      const [, name = '', alias = name] = /^(\w+)(?:\s+as\s+(\w+))?$/.exec(one) ?? [];
      const macro = inner.get(name);
      if (macro) scope.set(alias, macro);
    }
  }
  for (const section of sectionsOf(text, 'macro')) {
    const [, name = '', list = ''] = /^(\w+)\s*\(([^]*)\)$/.exec(section.open.rest) ?? [];
    const parameters = splitAtCommas(list).map((one) => {
      const [, parameter = '', value] = /^(\w+)(?:\s*=\s*([^]*))?$/.exec(one) ?? [];
      return { name: parameter, value };
    });
    const body = text.slice(section.start, section.end);
    if (name !== '') scope.set(name, { parameters, body, scope, variables });
  }
  return scope;
}

function variablesOf(text: string): Map<string, string> {
  const macros = sectionsOf(text, 'macro');
  const isInside = (at: number, { open, close }: Section): boolean =>
    open.start <= at && at < close.start;
  const variables = new Map<string, string>();
  for (const { keyword, rest, start } of statementsOf(text)) {
    const [, name, value] = /^(\w+)\s*=\s*([^]*)$/.exec(keyword === 'set' ? rest : '') ?? [];
    if (name === undefined || value === undefined) continue;
    if (!macros.some((macro) => isInside(start, macro))) {
      variables.set(name, renameIn(value, inBrackets(variables)));
    }
  }
  return variables;
}

const CALL =
  /\{\{([-+]?)\s*((?:\w+\.)?\w+)\s*\(((?:[^()'"{}]|'[^']*'|"[^"]*"|\([^()]*\)|\{[^{}]*\})*)\)\s*(?:\|\s*indent(?:\(\s*(?:width\s*=\s*)?(\d+)\s*\))?\s*)?([-+]?)\}\}/g;

function callsIn(text: string, scope: ReadonlyMap<string, Macro>, depth: number): Call[] {
  const calls: Call[] = [];
  for (const match of text.matchAll(CALL)) {
    const [mark, before, callee = '', list = '', width, after] = match;
    const macro = scope.get(callee);
    const given = macro && filled(macro, splitAtCommas(list), depth);
    if (given === undefined) continue;
    let start = match.index;
    let end = start + mark.length;
    while (before === '-' && /\s/.test(text.charAt(start - 1))) start--;
    while (after === '-' && /\s/.test(text.charAt(end))) end++;
    const spaces = /\|\s*indent/.test(mark) ? ' '.repeat(Number(width ?? 4)) : '';
    calls.push({ start, end, by: [given.replace(/\n(?=[^\n])/g, `\n${spaces}`)] });
  }
  return calls;
}

/** What a macro gives for arguments; undefined when that is not known. */
function filled(macro: Macro, args: readonly string[], depth: number): string | undefined {
  const { parameters, body, scope, variables } = macro;
  if (depth > MAX_DEPTH || body.length > MAX_LENGTH || /\b(?:caller|varargs|kwargs)\b/.test(body))
    return undefined;
  const values = new Map(inBrackets(variables));
  const given = new Map<string, string>();
  for (const [index, argument] of args.entries()) {
    const [, keyword, value = ''] = /^(\w+)\s*=(?!=)\s*([^]*)$/.exec(argument) ?? [];
    const name = keyword ?? parameters[index]?.name;
    if (name === undefined || argument.startsWith('*')) return undefined;
    given.set(name, keyword === undefined ? argument : value);
  }
  for (const { name, value } of parameters) {
    const argument = given.get(name) ?? value;
    if (argument === undefined || name === '') return undefined;
    given.delete(name);
    values.set(name, literalText(argument) === undefined ? `(${argument})` : argument);
  }
  if (given.size > 0 || rebinds(body, [...values].flat().join(' '))) return undefined;
  const text = body.replace(
    /\{\{([-+]?)([^]*?)([-+]?)\}\}|\{%[^]*?%\}/g,
    (mark: string, ...groups) => {
      const [before = '', expression, after = ''] = groups as (string | undefined)[];
      if (expression === undefined) return renameIn(mark, values);
      const written = renameIn(expression, values).trim();
      const inner = /^\(([^()]*)\)$/.exec(written)?.[1] ?? written;
      const isPlain = before === '' && after === '';
      return (isPlain ? literalText(inner) : undefined) ?? `{{${before} ${inner} ${after}}}`;
    },
  );
  const calls = callsIn(text, scope, depth + 1);
  let result = '';
  let last = 0;
  for (const { start, end, by } of calls) {
    result += text.slice(last, start) + by[0];
    last = end;
  }
  result += text.slice(last);
  return result.length > MAX_LENGTH ? undefined : result;
}

/** Does a body give a name another meaning that an argument, or a name it is given, has? */
function rebinds(body: string, names: string): boolean {
  return statementsOf(body).some(({ keyword, rest }) => {
    const bound =
      keyword === 'for' ? rest.split(/\sin\s/)[0] : keyword === 'set' ? rest.split('=')[0] : '';
    const own = [...(bound ?? '').matchAll(/\w+/g)].map(([name]) => name);
    if (keyword === 'for') own.push('loop');
    return own.some((name) => new RegExp(`\\b${name}\\b`).test(names));
  });
}

function inBrackets(variables: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...variables].map(([name, value]) => [
      name,
      literalText(value) === undefined ? `(${value})` : value,
    ]),
  );
}
