import type { Layout } from '../syntax/segments.js';

const DECLARATION = /(?:func|type|var|const|import|package)\b/y;

/** Cuts Go where a declaration begins in the first column. */
export const layOutGo: Layout = (text, from, recovers, boundary) => {
  let depth = 0;
  const { length } = text;
  const lineEnd = (at: number): number => {
    const end = text.indexOf('\n', at);
    return end < 0 ? length : end;
  };
  for (let i = from; i < length; i++) {
    const code = text.charCodeAt(i);
    switch (code) {
      case 10: // \n
      case 13: {
        DECLARATION.lastIndex = i + 1;
        if ((depth === 0 || recovers) && DECLARATION.test(text)) {
          if (boundary(i + 1)) return true;
          depth = 0;
        }
        break;
      }
      case 34: // "
      case 39: // '
        for (i++; i < length; i++) {
          const inner = text.charCodeAt(i);
          if (inner === 92) i++;
          else if (inner === code) break;
          if (text.charCodeAt(i) === 10 || text.charCodeAt(i) === 13) {
            i--;
            break;
          }
        }
        break;
      case 96: {
        const end = text.indexOf('`', i + 1);
        if (end < 0 && !recovers) return false;
        i = end < 0 ? lineEnd(i) - 1 : end;
        break;
      }
      case 47: // /
        if (text.charCodeAt(i + 1) === 47) {
          while (i + 1 < length && text.charCodeAt(i + 1) !== 10 && text.charCodeAt(i + 1) !== 13)
            i++;
        } else if (text.charCodeAt(i + 1) === 42) {
          const end = text.indexOf('*/', i + 2);
          if (end < 0 && !recovers) return false;
          i = end < 0 ? lineEnd(i) - 1 : end + 1;
        }
        break;
      case 40:
      case 91:
      case 123:
        depth++;
        break;
      case 41:
      case 93:
      case 125:
        if (depth > 0) depth--;
        break;
    }
  }
  return depth === 0;
};
