import type { Layout } from '../syntax/segments.js';

const WORD = /[A-Za-z_$@][\w$]*/y;
/** Words that begin a declaration, whatever is before them on the lines above. */
const DECLARING =
  /^(?:import|export|const|let|var|function|async|class|abstract|interface|type|enum|declare|namespace)$/;
/** Words that continue what is before them. */
const CONTINUING =
  /^(?:else|catch|finally|while|instanceof|in|of|as|satisfies|extends|implements|from)$/;
/** After these a declaration is a part of what they begin. */
const PREFIX = /^(?:default|export|async|declare|abstract|return|await|new|extends|typeof)$/;
const BEFORE_REGEX =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|await|yield)$/;
const OPERATORS = '=+-*/%&|^<>?:,.([{!~';

/** Cuts TypeScript where a statement begins in the first column. */
export const layOutTypeScript: Layout = (text, from, recovers, boundary) => {
  const { length } = text;
  // What is open: a bracket, or `$` for the expression inside of a template.
  const open: string[] = [];
  let before = '';
  let word = '';
  let isDecorated = text[from] === '@';
  const restart = (offset: number): void => {
    open.length = 0;
    before = '';
    word = '';
    isDecorated = text[offset] === '@';
  };
  const lineEnd = (at: number): number => {
    const end = text.slice(at).search(/[\r\n]/);
    return end < 0 ? length : at + end;
  };
  /** From inside of a template to what follows its text: the index of the last character. */
  const template = (at: number): number => {
    for (let i = at; i < length; i++) {
      const char = text[i];
      if (char === '\\') i++;
      else if (char === '`') {
        before = '`';
        return i;
      } else if (char === '$' && text[i + 1] === '{') {
        open.push('$');
        before = '{';
        return i + 1;
      }
    }
    return -1;
  };
  const isBoundary = (at: number): boolean => {
    WORD.lastIndex = at;
    const next = WORD.exec(text)?.[0];
    if (next === undefined) return false;
    if (open.length > 0)
      return recovers && /^(?:import|export|function|class|interface|const)$/.test(next);
    if (isDecorated) return false;
    if (before === ';' || before === '}' || before === '') return !CONTINUING.test(next);
    return DECLARING.test(next) && !OPERATORS.includes(before) && !PREFIX.test(word);
  };
  for (let i = from; i < length; i++) {
    const char = text[i] ?? '';
    switch (char) {
      case '\n':
      case '\r':
        if (isBoundary(i + 1)) {
          if (boundary(i + 1)) return true;
          restart(i + 1);
        }
        continue;
      case ' ':
      case '\t':
      case '\ufeff':
        continue;
      case "'":
      case '"':
        for (i++; i < length && text[i] !== char; i++) {
          if (text[i] === '\\') i++;
          else if (text[i] === '\n' || text[i] === '\r') break;
        }
        if (text[i] === '\n' || text[i] === '\r') i--;
        break;
      case '`': {
        const end = template(i + 1);
        if (end < 0 && !recovers) return false;
        i = end < 0 ? lineEnd(i) - 1 : end;
        if (end < 0) before = '`';
        continue;
      }
      case '/':
        if (text[i + 1] === '/') {
          i = lineEnd(i) - 1;
          continue;
        }
        if (text[i + 1] === '*') {
          const end = text.indexOf('*/', i + 2);
          if (end < 0 && !recovers) return false;
          i = end < 0 ? lineEnd(i) - 1 : end + 1;
          continue;
        }
        if (
          (before === '' ||
            OPERATORS.includes(before) ||
            before === ';' ||
            BEFORE_REGEX.test(word)) &&
          before !== '/'
        ) {
          const match = /\/(?:\\[^\r\n]|\[(?:\\[^\r\n]|[^\]\\\r\n])*\]|[^/\\[\r\n])+\//y;
          match.lastIndex = i;
          const found = match.exec(text);
          if (found) {
            i += found[0].length - 1;
            before = ')';
            word = '';
            continue;
          }
        }
        break;
      case '(':
      case '[':
      case '{':
        open.push(char);
        break;
      case ')':
      case ']':
      case '}': {
        const closed = open.pop();
        if (closed === '$') {
          const end = template(i + 1);
          if (end < 0 && !recovers) return false;
          i = end < 0 ? lineEnd(i) - 1 : end;
          continue;
        }
        break;
      }
      default: {
        WORD.lastIndex = i;
        const found = WORD.exec(text)?.[0];
        if (found !== undefined) {
          i += found.length - 1;
          word = found;
          before = 'a';
          if (found === 'class') isDecorated = false;
          continue;
        }
      }
    }
    before = char;
    word = '';
  }
  return open.length === 0;
};
