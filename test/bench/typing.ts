import { randomNumbers } from './languageServer/statistics.js';

const characters = 'abx01_ #=()[]"\':,.\\';

/** Replaces a range within one line. */
export interface Typed {
  line: number;
  from: number;
  to: number;
  text: string;
}

/** Single characters typed at random places of a text, each followed by its deletion. The same for the same text. */
export function* typedAtRandom(text: string): Generator<Typed, never> {
  const random = randomNumbers(7);
  const lines = text.split('\n');
  const below = (limit: number): number => Math.floor(random() * limit);
  for (;;) {
    const line = below(lines.length);
    const from = below((lines[line] ?? '').length + 1);
    yield { line, from, to: from, text: characters[below(characters.length)] ?? 'x' };
    yield { line, from, to: from + 1, text: '' };
  }
}
