import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { unpackElements } from '../../../server/src/recording/elementData.js';
import { readFrames } from '../../../server/src/recording/readFrames.js';
import { parseRedactionRules } from '../../../server/src/recording/redaction/rules.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import { showElements } from '../../../server/src/session/showRecording.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from './session.js';

const secrets = ['secret@example.org', '4111 1111 1111 1111'];

const rules = [
  { source: 'Orders', path: '$.user.email' },
  { source: 'Pay*', field: 'card' },
  { source: 'Pay*', field: 'note', pattern: String.raw`\d{4}( \d{4}){3}`, replacement: '…' },
];

/** The bytes of a file and, of a log, its elements unpacked, also those of bundles that failed. */
async function contentOf(file: string): Promise<Buffer> {
  const parts: Uint8Array[] = [await readFile(file)];
  if (file.endsWith('.log')) {
    for await (const { message } of readFrames(path.dirname(file), () => undefined)) {
      if (message.record.case !== 'elements') continue;
      unpackElements(message.record.value);
      parts.push(message.record.value.data);
    }
  }
  return Buffer.concat(parts);
}

/** Files below a folder in which the bytes of a secret stand. */
async function filesWithSecrets(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await contentOf(file);
    if (secrets.some((secret) => bytes.includes(secret))) found.push(file);
  }
  return found;
}

describe('redaction on Prism', () => {
  it('keeps secrets out of every file of the store', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'orders.py');
      assert.equal((await project.record({ maxElements: 10 })).kind, 'recorded');
      assert.notDeepEqual(await filesWithSecrets(project.store), [], 'the test can find them');
      const before = await storedRecordings(project.store);

      // What was recorded without these rules is not enough for them.
      const redact = parseRedactionRules(rules);
      const outcome = await project.record({ maxElements: 10 }, { settings: { redact } });
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
      const old = before.map(({ id }) => path.join(project.store, 'recordings', id));
      const found = await filesWithSecrets(project.store);
      assert.deepEqual(
        found.filter((file) => !old.some((one) => file.startsWith(one))),
        [],
      );
      const made = (await storedRecordings(project.store)).filter(
        ({ id }) => !before.some((one) => one.id === id),
      );
      assert.deepEqual(made.map(({ label, redaction }) => [label, redaction?.rules]).sort(), [
        ['Orders', 1],
        ['Payments', 2],
      ]);
      const shown: string[] = [];
      for await (const { label, value } of showElements(
        project.store,
        project.file,
        undefined,
        1000,
      ))
        shown.push(`${label} ${value}`);
      assert.ok(shown.length >= 20, String(shown.length));
      const orders = shown.filter((line) => line.startsWith('Orders'));
      for (const line of orders) assert.match(line, /\[redacted\].*Ann/);
      const payments = shown.filter((line) => line.startsWith('Payments'));
      for (const line of payments) assert.match(line, /\[redacted\].*pay … soon/);

      assert.equal((await project.record({}, { settings: { redact } })).kind, 'nothing to do');
      assert.equal((await project.record()).kind, 'nothing to do', 'no rules ask for no less');
    }));

  it('refuses, with nothing written that should not be, where a rule cannot be applied', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'orders.py');
      const redact = parseRedactionRules([{ source: 'Payments', field: 'crad' }, ...rules]);
      const outcome = await project.record({ maxElements: 10 }, { settings: { redact } });
      assert.ok(outcome.kind === 'failed');
      assert.match(
        outcome.message,
        /"Payments" is not recorded.*field crad.*its fields: order, card, note/,
      );
      assert.deepEqual(await filesWithSecrets(project.store), []);
    }));
});
