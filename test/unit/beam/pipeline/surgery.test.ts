import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import assert from 'node:assert/strict';
import { recordingPipeline } from '../../../../server/src/beam/pipeline/recordingPipeline.js';
import { replayPipeline } from '../../../../server/src/beam/pipeline/replayPipeline.js';
import { unboundedSources } from '../../../../server/src/beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import {
  PipelineSchema,
  TestStreamPayload_EventSchema,
  TestStreamPayloadSchema,
} from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import { clicksPipeline, scopePipeline, twoSourcesPipeline } from '../../../pipelines.js';

const worker = { endpoint: '127.0.0.1:1', params: { token: 'secret' } };

function componentsOf(pipeline: Pipeline) {
  assert.ok(pipeline.components);
  return pipeline.components;
}

/** URNs from the outside in: `kv<length_prefix<pickled_python>,…>`. */
function coderTree(pipeline: Pipeline, id: string): string {
  const coder = componentsOf(pipeline).coders[id];
  assert.ok(coder, `coder ${id}`);
  const name = coder.spec?.urn.split(':')[2] ?? '';
  const components = coder.componentCoderIds.map((component) => coderTree(pipeline, component));
  return components.length > 0 ? `${name}<${components.join(',')}>` : name;
}

describe('unbounded sources of a pipeline', () => {
  it('are the outermost transforms without an unbounded input', () => {
    assert.deepEqual(unboundedSources(clicksPipeline()), [
      {
        transformId: 'clicks',
        uniqueName: 'Clicks',
        outputs: [{ tag: 'out', pcollectionId: 'clicks' }],
      },
    ]);
  });

  it('are looked for inside of a composite that puts its elements into windows', () => {
    const [source] = unboundedSources(clicksPipeline({ innerWindowing: true }));
    assert.equal(source?.uniqueName, 'Clicks/Read');
  });

  it('are found behind bounded inputs', () => {
    const names = unboundedSources(twoSourcesPipeline()).map(({ uniqueName }) => uniqueName);
    assert.deepEqual(names, ['Ticks', 'Tocks']);
  });
});

describe('unbounded sources of a pipeline of the Go SDK', () => {
  it('are those that the text names, inside of scopes', () => {
    const sources = unboundedSources(scopePipeline(), (name) => name === 'Read/periodic.Impulse');
    assert.deepEqual(sources, [
      {
        transformId: 's2',
        uniqueName: 'Read/periodic.Impulse',
        outputs: [
          { tag: 'Read/periodic.Impulse/periodic.sequenceToImpulse.i0', pcollectionId: 'n3' },
        ],
      },
    ]);
    const [outermost] = unboundedSources(scopePipeline(), (name) => name === 'main.tenth');
    assert.equal(outermost?.uniqueName, 'Read', 'what has an unbounded input is no source');
  });

  it('have the outputs that leave them, named after what makes them', () => {
    const [source] = unboundedSources(scopePipeline());
    assert.deepEqual(source?.outputs, [{ tag: 'Read/main.tenth.i0', pcollectionId: 'n4' }]);
  });
});

describe('recording pipeline', () => {
  it('keeps the source, cuts the rest and adds a sink and a watermark observer', () => {
    const pipeline = clicksPipeline();
    const recording = recordingPipeline(pipeline, unboundedSources(pipeline), worker);
    const { transforms, windowingStrategies, environments, pcollections } = componentsOf(recording);
    assert.deepEqual(
      Object.values(transforms)
        .map(({ uniqueName }) => uniqueName)
        .sort(),
      [
        'Beam Rewind/Record Clicks',
        'Beam Rewind/Watermark of Clicks',
        'Clicks',
        'Clicks/Impulse',
        'Clicks/Read',
        'Clicks/Window',
      ],
    );
    assert.deepEqual(Object.keys(windowingStrategies), ['global']);
    assert.ok(!('counts' in pcollections));
    assert.deepEqual(Object.keys(environments).sort(), [
      'beam-rewind:environment',
      'java',
      'python',
    ]);
    assert.deepEqual(recording.requirements, ['beam:requirement:pardo:stateful:v1']);
  });

  it('makes elements of any coder arrive length-prefixed', () => {
    for (const [coderId, expected] of [
      ['pickled', 'length_prefix<pickled_python>'],
      ['bytes', 'length_prefix<bytes>'],
      ['pair', 'length_prefix<kv<length_prefix<pickled_python>,length_prefix<bytes>>>'],
    ] as const) {
      const pipeline = clicksPipeline({ coderId });
      const recording = recordingPipeline(pipeline, unboundedSources(pipeline), worker);
      const clicks = componentsOf(recording).pcollections['clicks'];
      assert.equal(coderTree(recording, clicks?.coderId ?? ''), expected);
    }
  });

  it('keeps what a source reads from, once', () => {
    const pipeline = twoSourcesPipeline();
    const recording = recordingPipeline(pipeline, unboundedSources(pipeline), worker);
    assert.deepEqual(recording.rootTransformIds.slice(0, 3), ['seeds', 'ticks', 'tocks']);
    assert.ok(!('join' in componentsOf(recording).transforms));
  });

  it('leaves the submitted pipeline as it is', () => {
    const pipeline = twoSourcesPipeline();
    const before = toBinary(PipelineSchema, pipeline, { writeUnknownFields: true });
    recordingPipeline(pipeline, unboundedSources(pipeline), worker);
    replayPipeline(pipeline, unboundedSources(pipeline), [], worker, true);
    assert.deepEqual(toBinary(PipelineSchema, pipeline), before);
  });

  it('keeps fields that our protos do not name', () => {
    const pipeline = clicksPipeline();
    const read = componentsOf(pipeline).transforms['clicks/read'];
    assert.ok(read);
    // PTransform.display_data = 6, which pipeline.proto leaves out.
    read.$unknown = [
      { no: 6, wireType: WireType.LengthDelimited, data: Uint8Array.of(2, 0x0a, 0x00) },
    ];
    const recording = recordingPipeline(pipeline, unboundedSources(pipeline), worker);
    const sent = fromBinary(PipelineSchema, toBinary(PipelineSchema, recording));
    const unknown = componentsOf(sent).transforms['clicks/read']?.$unknown;
    assert.deepEqual(
      unknown?.map(({ no, data }) => ({ no, data: [...data] })),
      [{ no: 6, data: [2, 0x0a, 0x00] }],
    );
  });
});

describe('replay pipeline', () => {
  const event = create(TestStreamPayload_EventSchema, {
    event: { case: 'watermarkEvent', value: { newWatermark: 5n } },
  });

  it('turns the one source into a test stream and drops what only it used', () => {
    const pipeline = clicksPipeline();
    const replay = replayPipeline(pipeline, unboundedSources(pipeline), [event], worker, false);
    const { transforms, environments } = componentsOf(replay);
    assert.deepEqual(Object.keys(transforms).sort(), ['clicks', 'count']);
    assert.deepEqual(Object.keys(environments), ['python']);
    const clicks = transforms['clicks'];
    assert.ok(clicks?.spec);
    assert.equal(clicks.spec.urn, 'beam:transform:teststream:v1');
    assert.deepEqual(clicks.outputs, { out: 'clicks' });
    const payload = fromBinary(TestStreamPayloadSchema, clicks.spec.payload);
    assert.equal(payload.events.length, 1);
    assert.equal(coderTree(replay, payload.coderId), 'pickled_python');
  });

  it('records and replays pairs with keys that a runner can find', () => {
    const pipeline = clicksPipeline({ coderId: 'pair' });
    const replay = replayPipeline(pipeline, unboundedSources(pipeline), [], worker, false);
    const coderId = componentsOf(replay).pcollections['clicks']?.coderId ?? '';
    assert.equal(
      coderTree(replay, coderId),
      'kv<length_prefix<pickled_python>,length_prefix<bytes>>',
    );
  });

  it('gives several sources one tagged test stream, which our worker routes to each', () => {
    const pipeline = twoSourcesPipeline();
    const replay = replayPipeline(pipeline, unboundedSources(pipeline), [event], worker, true);
    const { transforms, environments } = componentsOf(replay);
    const streams = Object.values(transforms).filter(
      ({ spec }) => spec?.urn === 'beam:transform:teststream:v1',
    );
    assert.equal(streams.length, 1);
    const wiring = ['beam-rewind:route', 'ticks', 'tocks'].map((id) => {
      const transform = transforms[id];
      return [transform?.inputs, transform?.outputs];
    });
    assert.deepEqual(wiring, [
      [{ input: 'beam-rewind:unrouted' }, { 0: 'beam-rewind:routed:0', 1: 'beam-rewind:routed:1' }],
      [{ input: 'beam-rewind:routed:0' }, { out: 'ticks' }],
      [{ input: 'beam-rewind:routed:1' }, { out: 'tocks' }],
    ]);
    assert.deepEqual(Object.keys(environments).sort(), ['beam-rewind:environment', 'python']);
  });
});
