import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ClientSocket } from '../../../../server/src/replay/testStream/clientConnection.js';
import {
  highWaterBytes,
  serveClient,
} from '../../../../server/src/replay/testStream/clientConnection.js';
import { systemClock } from '../../../../server/src/replay/testStream/clock.js';
import { openTestStream } from '../../../../server/src/replay/testStream/openTestStream.js';
import { withTemporaryFolder } from '../../../temporaryFolder.js';
import { anOutput, elements, failOnDamage } from './logs.js';

/** A socket that keeps what is sent until the test takes it, as one of a slow client does. */
class SlowSocket extends EventEmitter {
  protocol = 'beam-rewind.proto.v1';
  bufferedAmount = 0;
  greatest = 0;
  private readonly waiting: { bytes: number; sent: () => void }[] = [];
  send(data: string | Uint8Array, sent: () => void): void {
    this.bufferedAmount += data.length;
    this.greatest = Math.max(this.greatest, this.bufferedAmount);
    this.waiting.push({ bytes: data.length, sent });
  }
  /** The client reads all that was sent. */
  take(): void {
    for (const { bytes, sent } of this.waiting.splice(0)) {
      this.bufferedAmount -= bytes;
      sent();
    }
  }
  close(): void {
    this.emit('close');
  }
}

describe('a slow client', () => {
  it('costs no more than the high-water mark and one event', () =>
    withTemporaryFolder(async (folder) => {
      const bundle = Array.from({ length: 1000 }, (_, index): [number, string] => [
        index + 1,
        'x'.repeat(100),
      ]);
      const records = Array.from({ length: 60 }, (_, index) => elements(index, ...bundle));
      const output = await anOutput(folder, 'A', records);
      const log = { reads: 0, events: 0 };
      const socket = new SlowSocket();
      const served = serveClient(
        socket as unknown as ClientSocket,
        { cork: () => undefined, uncork: () => undefined },
        {
          outputs: [],
          open: async (place, isWanted) => {
            const stream = await openTestStream([output], place, failOnDamage, isWanted);
            return {
              ...stream,
              next: async () => {
                log.reads++;
                const event = await stream.next();
                if (event) log.events++;
                return event;
              },
            };
          },
          onError: failOnDamage,
        },
        systemClock,
      );
      socket.emit('message', Buffer.from('{"type":"start"}'), false);
      while (socket.bufferedAmount < highWaterBytes) await new Promise(setImmediate);
      const readsWhenFull = log.reads;
      for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
      // One event is looked ahead.
      assert(log.reads <= readsWhenFull + 1);
      assert(log.events < records.length);
      while (log.reads <= records.length) {
        socket.take();
        await new Promise(setImmediate);
      }
      const largestEvent = 115_000;
      assert(socket.greatest < highWaterBytes + largestEvent, `${socket.greatest} bytes`);
      socket.close();
      await served;
    }));
});
