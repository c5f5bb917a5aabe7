import { fileURLToPath } from 'node:url';
import { ResponseError } from 'vscode-languageserver';
import type { ExportTestParams, ExportTestResult } from '../protocol.js';
import { refused } from '../protocol.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import type { Core } from './core.js';

/**
 * Writes recordings of a file as a test, in the order of their sources.
 * @param statuses the sources of the file, in their order
 * @throws ResponseError with the reason why there is no such test
 */
export async function exportTest(
  core: Pick<Core, 'exportTest' | 'recordingsOf'>,
  store: string,
  statuses: SourceStatus[],
  { uri, ids, form, target }: ExportTestParams,
): Promise<ExportTestResult> {
  const stored = await core.recordingsOf(store, fileURLToPath(uri));
  const placeOf = (of: { pipeline: string; label: string }) => {
    const at = statuses.findIndex(
      ({ pipeline, label }) => pipeline === of.pipeline && label === of.label,
    );
    return at < 0 ? Infinity : at;
  };
  const recordings = stored
    .filter(({ id, endedAt }) => ids.includes(id) && endedAt !== undefined)
    .sort((a, b) => placeOf(a) - placeOf(b) || 0);
  const warnings: string[] = [];
  try {
    if (recordings.length < ids.length) throw new Error('The recording was deleted.');
    const { elements } = await core.exportTest({
      ...{ store, recordings, format: form, selection: {} },
      // The editor has asked already.
      output: { file: fileURLToPath(target), mayReplace: true },
      signal: new AbortController().signal,
      onWarning: (text) => warnings.push(text),
    });
    return { elements, warnings };
  } catch (error) {
    throw new ResponseError(refused, error instanceof Error ? error.message : String(error));
  }
}
