import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  AnalysisContext,
  LanguageAnalyzer,
  TextChange,
} from '../../../server/src/language/language.js';
import { random } from './random.js';

export interface RandomEdits {
  /** What is inserted, besides nothing. */
  pieces: readonly string[];
  steps: number;
  /** Every so many steps the text is put back, not to end in chaos for good. */
  restoreEvery: number;
  /** Repeats the edits. */
  seed: number;
  /** The files beside it. */
  context?: AnalysisContext;
  /** False: nobody asks for the outline, which would look at what the sources may have forgotten to look at. */
  hasOutline?: false;
}

/**
 * Edits a text at random places, in groups as the LSP sends them, and compares what is known after each group with
 * analysis from scratch.
 */
export async function editAtRandom(
  analyzer: LanguageAnalyzer,
  text: string,
  { pieces, steps, restoreEvery, seed, context, hasOutline }: RandomEdits,
): Promise<void> {
  const { below, pick } = random(seed);
  let document = TextDocument.create('', '', 0, text);
  const analysed = await analyzer.open(text, context);
  for (let step = 0; step < steps; step++) {
    const changes: TextChange[] = [];
    for (let n = 1 + below(2); n > 0; n--) {
      const { length } = document.getText();
      const start = below(length + 1);
      const end = Math.min(length, start + pick([0, 0, 0, 1, 1, 3, 40]));
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      changes.push({ range, text: pick(['', ...pieces]) });
      document = TextDocument.update(document, changes.slice(-1), step);
    }
    if ((step + 1) % restoreEvery === 0) {
      changes.push({ text });
      document = TextDocument.update(document, changes.slice(-1), step);
    }
    analysed.edit(changes);
    const where = `SEED=${seed} step ${step}: ${JSON.stringify(changes)}`;
    assert.equal(analysed.text(), document.getText(), where);
    const scratch = await analyzer.open(document.getText(), context);
    assert.deepEqual(analysed.file(), scratch.file(), where);
    if (hasOutline === false) continue;
    assert.deepEqual(analysed.transforms?.(), scratch.transforms?.(), where);
  }
}
