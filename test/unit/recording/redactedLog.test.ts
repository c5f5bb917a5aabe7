import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readLog } from '../../../server/src/recording/readLog.js';
import { recordDoFn } from '../../../server/src/recording/recordDoFn.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { redactorFor } from '../../../server/src/recording/redaction/redactor.js';
import { parseRedactionRules } from '../../../server/src/recording/redaction/rules.js';
import { logPath } from '../../../server/src/recording/store.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';
import { spec, toCoders } from '../coders/coderSpec.js';
import { newRecording } from './recordings.js';

const secret = 'secret@example.org';
const order = JSON.stringify({ user: secret });

describe('a bundle with an element that cannot be redacted', () => {
  it('fails, and nothing of it counts; what is in front of it is recorded redacted, and no secret is in any file', () =>
    withTemporaryFolder(async (store) => {
      const { coderId, coders } = toCoders(spec('string_utf8'));
      const rules = parseRedactionRules([{ source: 'Rides', path: '$.user' }]);
      const redact = redactorFor(rules, 'Rides', coderId, coders);
      const writer = await openRecording(store, newRecording('one'), coders, coderId);
      const doFn = recordDoFn(writer, () => undefined, redact);
      const process = (id: string, ...elements: string[]) =>
        doFn.process(windowedValues(elements.map((element, at) => [at, element])), {
          id,
          emit: () => undefined,
          wireCoderUrn: () => '',
          setTimers: () => undefined,
          defer: () => undefined,
        });
      await process('first', order, order);
      await doFn.finishBundle('first');
      await process('second', order);
      await writer.flush();
      assert.throws(
        () => void process('second', order, `not JSON: ${secret}`, order),
        ({ message }: Error) =>
          message.includes('"Rides" is not recorded') && !message.includes(secret),
      );
      doFn.failBundle?.('second');
      await writer.end('failed', 'an element is not JSON');

      const folder = logPath(store, 'one');
      const found: string[] = [];
      for await (const { record } of readLog(folder, ({ what }) => assert.fail(what)))
        if (record.case === 'elements')
          found.push(Buffer.from(record.value.data).toString('latin1'));
      assert.equal(found.length, 1);
      assert.equal(writer.recording.elements, 2);
      assert.equal(found[0]?.split('{"user":"[redacted]"}').length, 3);
      for (const name of await readdir(folder))
        assert.ok(!(await readFile(path.join(folder, name))).includes('secret'), name);
    }));
});
