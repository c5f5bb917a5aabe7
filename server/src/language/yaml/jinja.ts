/** A statement of a Jinja template: `{% keyword rest %}`. */
export interface Statement {
  keyword: string;
  rest: string;
  start: number;
  end: number;
  /** `{%-`, `-%}`: white space beside it goes. */
  trimsBefore: boolean;
  trimsAfter: boolean;
}

const STATEMENT = /\{#[^]*?#\}|\{%([-+]?)\s*(\w+)((?:(?!\{%)[^])*?)([-+]?)%\}/g;

/** The statements of a template, in order; those in comments are none. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  for (const match of text.matchAll(STATEMENT)) {
    const [mark, before, keyword, rest = '', after] = match;
    if (keyword === undefined) continue;
    statements.push({
      ...{ keyword, rest: rest.trim(), start: match.index, end: match.index + mark.length },
      ...{ trimsBefore: before === '-', trimsAfter: after === '-' },
    });
  }
  return statements;
}

/** What stands between two statements: `{% block name %}` and `{% endblock %}`. */
export interface Section {
  open: Statement;
  close: Statement;
  /** Those inside of it. */
  inner: Section[];
  /** Of its body, white space that the statements trim left out. */
  start: number;
  end: number;
}

/** The outermost sections of a kind, with those in them. */
export function sectionsOf(text: string, keyword: string): Section[] {
  const outermost: Section[] = [];
  const open: { statement: Statement; inner: Section[] }[] = [];
  for (const statement of statementsOf(text)) {
    if (statement.keyword === keyword) open.push({ statement, inner: [] });
    if (statement.keyword !== `end${keyword}`) continue;
    const opened = open.pop();
    if (!opened) continue;
    let { end: start } = opened.statement;
    let { start: end } = statement;
    while (opened.statement.trimsAfter && start < end && /\s/.test(text.charAt(start))) start++;
    while (statement.trimsBefore && start < end && /\s/.test(text.charAt(end - 1))) end--;
    const section = { open: opened.statement, close: statement, inner: opened.inner, start, end };
    (open.at(-1)?.inner ?? outermost).push(section);
  }
  return outermost;
}

/** A text between commas that are in no bracket and no string. */
export function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (/[)\]}]/.test(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}

/** Replaces names in an expression by others', but for those in strings, attributes and keywords. */
export function renameIn(expression: string, values: ReadonlyMap<string, string>): string {
  return expression.replace(
    /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|(?<![\w.])[A-Za-z_]\w*(?!\w|\s*=(?!=))/g,
    (token) => values.get(token) ?? token,
  );
}

/** The text of a literal string or number; undefined for another expression. */
export function literalText(expression: string): string | undefined {
  const [, single, double] = /^(?:'([^'\\]*)'|"([^"\\]*)")$/.exec(expression) ?? [];
  return single ?? double ?? /^-?\d+(?:\.\d+)?$/.exec(expression)?.[0];
}
