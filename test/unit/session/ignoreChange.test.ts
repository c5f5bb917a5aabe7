import assert from 'node:assert/strict';
import { ignoreChange } from '../../../server/src/session/ignoreChange.js';
import { recordingsOf } from '../../../server/src/session/statusOfFile.js';
import { createRecording } from '../../../server/src/recording/store.js';
import { recordingOf, sourceOf } from '../features/sample.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';

const recording = recordingOf(sourceOf('Clicks', 'rate=10', 0));

describe('ignoreChange', () => {
  it('is noted with all recordings of the source that one job made, and taken back', () =>
    withTemporaryFolder(async (store) => {
      const ids = ['1', '2', '3'];
      for (const id of ids) {
        const startedAt = id === '3' ? recording.startedAt + 1 : recording.startedAt;
        await createRecording(store, { ...recording, id, startedAt });
      }
      const noted = async () =>
        (await recordingsOf(store, recording.file)).map((one) => one.acceptedSignature);
      await ignoreChange(store, recording.file, '1', 'abc');
      assert.deepEqual(await noted(), ['abc', 'abc', undefined]);
      await ignoreChange(store, recording.file, '2');
      assert.deepEqual(await noted(), [undefined, undefined, undefined]);
    }));

  it('says that the recording is gone', () =>
    withTemporaryFolder(async (store) => {
      await assert.rejects(ignoreChange(store, recording.file, '1', 'abc'), /deleted/);
    }));
});
