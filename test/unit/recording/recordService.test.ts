import assert from 'node:assert/strict';
import { callUnary, connect } from '../../../server/src/beam/grpc.js';
import { RecordService } from '../../../server/src/beam/proto/beam_rewind/record_pb.js';
import { MAX_TIMESTAMP_MILLIS } from '../../../server/src/beam/urns.js';
import { recordDoFn } from '../../../server/src/recording/recordDoFn.js';
import { serveRecordService } from '../../../server/src/recording/recordService.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { bundleOf, bundlesIn, newRecording } from './recordings.js';

describe('the record service', () => {
  it('writes whole bundles before it answers, and leaves out one that was begun anew', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      let ended = 0;
      const service = await serveRecordService(1, {
        outputOf: (output) =>
          output === 0 ? { writer, sink: recordDoFn(writer, () => undefined) } : undefined,
        onSourceEnd: () => ended++,
        onError: (message) => assert.fail(message),
      });
      const client = connect(service.endpoint);
      const [transformId = ''] = service.names;
      const record = (instructionId: string, number: number, isLast: boolean, name = transformId) =>
        callUnary(client, RecordService.method.record, {
          transformId: name,
          instructionId,
          data: bundleOf(number),
          isLast,
        });
      const advance = (newWatermark: bigint) =>
        callUnary(client, RecordService.method.advanceWatermark, {
          tag: transformId,
          newWatermark,
        });
      try {
        await record('a', 1, false);
        await record('a', 2, true);
        assert.deepEqual(await bundlesIn(store, 'one'), [1, 2]);
        await record('b', 3, false);
        await record('c', 4, true);
        assert.equal(
          writer.recording.elements,
          30,
          'of the bundle that was begun anew nothing counts',
        );
        await advance(4001n);
        assert.equal(writer.recording.watermark, 4);
        await assert.rejects(record('d', 5, true, 'another'), /PERMISSION_DENIED/);
        await advance(MAX_TIMESTAMP_MILLIS * 1000n);
        assert.equal(ended, 1);
        await writer.end('source finished');
        assert.deepEqual(await bundlesIn(store, 'one'), [1, 2, 4]);
      } finally {
        client.close();
        service.close();
      }
    }));
});
