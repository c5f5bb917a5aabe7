import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { encodeWindowedElement } from '../../../../server/src/beam/coders/windowedValue.js';
import { callServerStream, connect } from '../../../../server/src/beam/grpc.js';
import { TestStreamService } from '../../../../server/src/beam/proto/beam/interactive_pb.js';
import type { TestStreamPayload_Event } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import { LogRecord_ElementsSchema } from '../../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import type { ServedReplay } from '../../../../server/src/replay/testStream/serveReplay.js';
import { serveReplay } from '../../../../server/src/replay/testStream/serveReplay.js';
import type { TestStreamStep } from '../../../../server/src/replay/testStream/steps.js';

/** A step with elements of so many bytes each. */
function elementsOf(output: number, sizes: number[]): TestStreamStep {
  const data = Buffer.concat(
    sizes.map((bytes, number) => encodeWindowedElement(number, new Uint8Array(bytes))),
  );
  const elements = create(LogRecord_ElementsSchema, { data });
  return { kind: 'elements', output, elements, arrivalMicros: 0n };
}

async function withReplay(
  outputs: number,
  steps: TestStreamStep[],
  work: (replay: ServedReplay) => Promise<void>,
): Promise<void> {
  const replay = await serveReplay(outputs, async function* () {
    yield* await Promise.resolve(steps);
  });
  try {
    await work(replay);
  } finally {
    replay.close();
  }
}

async function eventsOf(endpoint: string, outputIds: string[]): Promise<TestStreamPayload_Event[]> {
  const client = connect(endpoint);
  const events: TestStreamPayload_Event[] = [];
  try {
    const call = callServerStream(client, TestStreamService.method.events, { outputIds });
    for await (const event of call) events.push(event as TestStreamPayload_Event);
    return events;
  } finally {
    client.close();
  }
}

describe('a replay that is served', () => {
  it('is told to who knows the names of its outputs, and it is known whether to its end', () =>
    withReplay(2, [elementsOf(0, [3]), elementsOf(1, [4])], async (replay) => {
      await assert.rejects(eventsOf(replay.endpoint, ['None']), /PERMISSION_DENIED/);
      await assert.rejects(eventsOf(replay.endpoint, replay.names.slice(1)), /PERMISSION_DENIED/);
      assert.match(replay.shortcoming() ?? '', /did not ask/);
      const events = await eventsOf(replay.endpoint, replay.names);
      assert.deepEqual(
        events.map(({ event }) => event.case === 'elementEvent' && event.value.tag),
        replay.names,
      );
      assert.equal(replay.shortcoming(), undefined);
    }));

  it('tells a large bundle in events that the SDK accepts, and nothing of it is lost', () =>
    withReplay(1, [elementsOf(0, Array<number>(50).fill(100_000))], async (replay) => {
      const events = await eventsOf(replay.endpoint, replay.names);
      assert.ok(events.length > 1);
      const times = events.flatMap(({ event }) =>
        event.case === 'elementEvent' ? event.value.elements.map(({ timestamp }) => timestamp) : [],
      );
      assert.deepEqual(
        times,
        Array.from({ length: 50 }, (_, number) => BigInt(number) * 1000n),
      );
    }));

  it('says so when an element is too large for the SDK', () =>
    withReplay(1, [elementsOf(0, [10, 5_000_000])], async (replay) => {
      await assert.rejects(eventsOf(replay.endpoint, replay.names));
      assert.match(replay.shortcoming() ?? '', /5000000 bytes is too large/);
    }));
});
