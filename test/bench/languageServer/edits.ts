import type { LspClient } from './lspClient.js';
import { randomNumbers } from './statistics.js';

const characters = 'abx01_ #=(';

/**
 * Types single characters at random places of a file and takes each back, one edit after the other.
 * @param patienceMs no further edit is begun after this time
 * @returns ms from each edit to the diagnostics of its version
 */
export async function typeAtRandom(
  client: LspClient,
  uri: string,
  text: string,
  count: number,
  patienceMs = Infinity,
): Promise<number[]> {
  const random = randomNumbers(7);
  const lines = text.split('\n');
  const below = (limit: number): number => Math.floor(random() * limit);
  const times: number[] = [];
  const start = performance.now();
  for (let index = 0; index < count && performance.now() - start < patienceMs; index++) {
    const line = below(lines.length);
    const from = below((lines[line] ?? '').length + 1);
    const typed = characters[below(characters.length)] ?? 'x';
    for (const edit of [
      { line, from, to: from, text: typed },
      { line, from, to: from + 1, text: '' },
    ]) {
      const typedAt = performance.now();
      await client.edit(uri, edit);
      times.push(performance.now() - typedAt);
    }
  }
  return times;
}
