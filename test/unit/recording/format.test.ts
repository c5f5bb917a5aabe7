import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LogRecord_End_Reason } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';

describe('docs/recording-format.md', () => {
  it('has a test vector that reads as it says', () =>
    withTemporaryFolder(async (folder) => {
      const document = await readFile('docs/recording-format.md', 'utf8');
      const hex = /```\n(4245414d52574431[\s0-9a-f]+)```/.exec(document)?.[1];
      assert.ok(hex, 'the document holds a test vector');
      const file = path.join(folder, 'elements.log');
      await writeFile(file, Buffer.from(hex.replace(/\s/g, ''), 'hex'));
      const records = [];
      for await (const { record } of readLog(file, ({ what }) => assert.fail(what)))
        records.push(record);
      const [header, elements, watermark, end] = records;
      assert.equal(records.length, 4);
      assert.ok(header?.case === 'header' && header.value.recordingId === 'r');
      assert.ok(elements?.case === 'elements' && elements.value.arrivalMicros === 2n);
      assert.deepEqual([...elements.value.data], [...windowedValues([[1000, 'a']])]);
      assert.ok(watermark?.case === 'watermark' && watermark.value.watermarkMillis === 1000n);
      assert.ok(end?.case === 'end' && end.value.reason === LogRecord_End_Reason.SOURCE_FINISHED);
    }));
});
