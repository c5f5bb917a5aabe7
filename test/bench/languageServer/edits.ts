import { typedAtRandom } from '../typing.js';
import type { LspClient } from './lspClient.js';

interface Waiting {
  /** Wait for the lenses, too. */
  withLenses?: boolean;
  /** No further edit is begun after this time. */
  patienceMs?: number;
  onAnswer?: () => void;
}

/**
 * Types single characters at random places of a file and takes each back, one edit after the other.
 * @returns ms from each edit to the diagnostics of its version
 */
export async function typeAtRandom(
  client: LspClient,
  uri: string,
  text: string,
  count: number,
  { withLenses = false, patienceMs = Infinity, onAnswer }: Waiting = {},
): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  for (const typed of typedAtRandom(text)) {
    const typedAt = performance.now();
    await (withLenses ? client.editForLenses(uri, typed) : client.edit(uri, typed));
    times.push(performance.now() - typedAt);
    onAnswer?.();
    if (times.length >= 2 * count || performance.now() - start > patienceMs) break;
  }
  return times;
}
