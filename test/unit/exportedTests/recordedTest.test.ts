import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { formatValue } from '../../../server/src/beam/coders/formatValue.js';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import {
  camelCase,
  distinctIdentifiers,
  pascalCase,
  snakeCase,
} from '../../../server/src/exportedTests/identifiers.js';
import type { TestEvent } from '../../../server/src/exportedTests/recordedTest.js';
import {
  maxTestElements,
  testEvents,
  testOutput,
} from '../../../server/src/exportedTests/recordedTest.js';
import type { Selection } from '../../../server/src/exportedTests/selection.js';
import { selected } from '../../../server/src/exportedTests/selection.js';
import { mergeLogs } from '../../../server/src/replay/testStream/mergeLogs.js';
import { spec, toCoders } from '../coders/coderSpec.js';
import { asynchronous, contentOf } from '../interchange/contents.js';

const { coderId, coders } = toCoders(spec('varint'));
const output = testOutput('Clicks', coderId, coders);

/** Elements 0 and 1, watermark 0, element 2, watermark 2 s. */
const log = (count = 3): LogRecord[] =>
  contentOf(
    coderId,
    coders,
    Array.from({ length: count }, (_, index) => Uint8Array.of(index % 100)),
  ).map((record) => create(LogRecordSchema, { record }));

function told(events: TestEvent[]): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case 'elements':
        return event.elements.map(({ value }) => formatValue(value ?? null)).join(' ');
      case 'watermark':
        return `to ${event.millis === 9223372036854775n ? 'the end' : event.millis}`;
      case 'processing time':
        return `after ${event.millis}`;
    }
  });
}

async function eventsOf(selection: Selection): Promise<string[]> {
  const merged = selected(mergeLogs([asynchronous(log())]), selection);
  return told(await testEvents(merged, [output]));
}

describe('the events of an exported test', () => {
  it('are those of the recording, up to the end of time', async () => {
    assert.deepEqual(await eventsOf({}), ['0 1', 'to 0', '2', 'to 2000', 'to the end']);
  });

  it('of a part begin with the watermark that was reached', async () => {
    assert.deepEqual(await eventsOf({ elements: { from: 2, to: 3 } }), ['1', 'to 0', 'to the end']);
    assert.deepEqual(await eventsOf({ elements: { from: 3, to: 9 } }), [
      'to 0',
      '2',
      'to 2000',
      'to the end',
    ]);
    assert.deepEqual(await eventsOf({ eventTime: { from: 1000, to: 2000 } }), [
      '1',
      'to 0',
      'to 2000',
      'to the end',
    ]);
  });

  it('are refused if there is none, or more than a test may have', async () => {
    await assert.rejects(eventsOf({ elements: { from: 9, to: 10 } }), /There is no element/);
    const many = mergeLogs([asynchronous(log(maxTestElements + 1))]);
    await assert.rejects(testEvents(many, [output]), /20000 elements at most.*--elements \.\.100/);
    const enough = mergeLogs([asynchronous(log(maxTestElements))]);
    assert.ok((await testEvents(enough, [output])).length > 0);
  });
});

describe('names in an exported test', () => {
  it('are identifiers, each another one', () => {
    const names = ['user-clicks', 'UserClicks', '2nd source', 'Größe', '日本', 'class'];
    const snake = (name: string) => snakeCase(name, 'source');
    assert.deepEqual(distinctIdentifiers(names, snake, ['class']), [
      'user_clicks',
      'user_clicks2',
      'source_2nd_source',
      'gro_e',
      'source',
      'class2',
    ]);
    assert.equal(pascalCase('run 2 fast', 'Source'), 'Run2Fast');
    assert.equal(camelCase('2nd', 'source'), 'source2nd');
  });
});
