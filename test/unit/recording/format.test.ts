import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LogRecord_End_Reason } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { elementsRecord } from '../../../server/src/recording/logRecords.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { segmentPath } from '../../../server/src/recording/segments.js';
import { createLog } from '../../../server/src/recording/writeLog.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';

async function readVector(folder: string, version: '2' | '3') {
  const document = await readFile('docs/recording-format.md', 'utf8');
  const vectors = [...document.matchAll(/```\n(4245414d525744[\s0-9a-f]+)```/g)];
  const hex = vectors.find(([, digits]) => digits?.startsWith(`4245414d5257443${version}`))?.[1];
  assert.ok(hex, 'the document holds the test vector');
  await writeFile(segmentPath(folder, 1), Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  const records = [];
  for await (const { record } of readLog(folder, ({ what }) => assert.fail(what)))
    records.push(record);
  return records;
}

describe('docs/recording-format.md', () => {
  it('has a test vector that reads as it says', () =>
    withTemporaryFolder(async (folder) => {
      const [header, elements, deflated, watermark, end, ...more] = await readVector(folder, '3');
      assert.deepEqual(more, []);
      assert.ok(header?.case === 'header' && header.value.recordingId === 'r');
      assert.ok(elements?.case === 'elements' && elements.value.arrivalMicros === 2n);
      assert.deepEqual([...elements.value.data], [...windowedValues([[1000, 'a']])]);
      assert.ok(deflated?.case === 'elements' && deflated.value.count === 100);
      const hundred = Array.from({ length: 100 }, (): [number, string] => [1000, 'b']);
      assert.deepEqual([...deflated.value.data], [...windowedValues(hundred)]);
      assert.ok(watermark?.case === 'watermark' && watermark.value.arrivalMicros === 4n);
      assert.ok(end?.case === 'end' && end.value.reason === LogRecord_End_Reason.SOURCE_FINISHED);
    }));

  it('has one of version 2, which is read too', () =>
    withTemporaryFolder(async (folder) => {
      const [header, elements, watermark, end, ...more] = await readVector(folder, '2');
      assert.deepEqual(more, []);
      assert.ok(header?.case === 'header' && header.value.recordingId === 'r');
      assert.ok(elements?.case === 'elements' && elements.value.arrivalMicros === 2n);
      assert.deepEqual([...elements.value.data], [...windowedValues([[1000, 'a']])]);
      assert.ok(watermark?.case === 'watermark' && watermark.value.watermarkMillis === 1000n);
      assert.ok(end?.case === 'end' && end.value.reason === LogRecord_End_Reason.SOURCE_FINISHED);
    }));

  it('shows a reader in Python that reads what this program writes', () =>
    withTemporaryFolder(async (folder) => {
      const document = await readFile('docs/recording-format.md', 'utf8');
      const program = await readFile('examples/read_recording.py', 'utf8');
      assert.ok(document.includes(`\`\`\`python\n${program}\`\`\``));
      const log = await createLog(folder, { recordingId: 'r' }, { segmentBytes: 200 });
      const part = (bundle: number, endsBundle: boolean, ...values: [number, string][]) => {
        const data = windowedValues(values);
        const count = values.length;
        log.append(
          elementsRecord({ arrivalMicros: BigInt(bundle), count, bundle, endsBundle, data }),
        );
        return log.flush();
      };
      await part(1, false, [1000, 'a']);
      await part(2, false, [5, 'of a bundle that failed']);
      log.endBundle(2, false);
      await part(3, true, [-1, 'b'], [2000, 'c'.repeat(100)]);
      const many = Array.from({ length: 100 }, (): [number, string] => [7, 'd']);
      await part(6, true, ...many);
      log.endBundle(1, true);
      await part(4, false, [5, 'of a bundle that did not end']);
      await log.close();
      const { stdout } = await promisify(execFile)('python3', [
        'examples/read_recording.py',
        folder,
      ]);
      assert.deepEqual(stdout.trim().split('\n'), [
        "1 1000 b'a'",
        "3 -1 b'b'",
        `3 2000 b'${'c'.repeat(100)}'`,
        ...many.map(() => "6 7 b'd'"),
      ]);
    }));
});
