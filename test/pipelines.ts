import { create } from '@bufbuild/protobuf';
import type { Pipeline } from '../server/src/beam/proto/beam/pipeline_pb.js';
import { IsBounded_Enum, PipelineSchema } from '../server/src/beam/proto/beam/pipeline_pb.js';

/** Coders, windowing strategies and environments of the pipelines below, and one of each that nothing uses. */
const shared = {
  coders: {
    bytes: { spec: { urn: 'beam:coder:bytes:v1' } },
    pickled: { spec: { urn: 'beam:coder:pickled_python:v1' } },
    pair: { spec: { urn: 'beam:coder:kv:v1' }, componentCoderIds: ['pickled', 'bytes'] },
  },
  windowingStrategies: {
    global: { windowFn: { urn: 'beam:window_fn:global_windows:v1' }, trigger: { default: {} } },
    fixed: { windowFn: { urn: 'beam:window_fn:fixed_windows:v1' }, trigger: { default: {} } },
    unused: { windowFn: { urn: 'beam:window_fn:session_windows:v1' } },
  },
  environments: { python: { urn: 'beam:env:external:v1' }, java: { urn: 'beam:env:docker:v1' } },
};

function unbounded(coderId: string, windowingStrategyId = 'global') {
  return { coderId, windowingStrategyId, isBounded: IsBounded_Enum.UNBOUNDED };
}

function bounded(coderId: string) {
  return { coderId, windowingStrategyId: 'global', isBounded: IsBounded_Enum.BOUNDED };
}

/**
 * `Clicks` (a composite of Impulse, a splittable DoFn and, `innerWindowing`, windowing inside) → `Count`.
 * @param coderId of the clicks
 */
export function clicksPipeline({ coderId = 'pickled', innerWindowing = false } = {}): Pipeline {
  return create(PipelineSchema, {
    rootTransformIds: ['clicks', 'count'],
    components: {
      ...shared,
      pcollections: {
        impulse: bounded('bytes'),
        read: unbounded(coderId),
        clicks: unbounded(coderId, innerWindowing ? 'fixed' : 'global'),
        counts: unbounded('pair', 'fixed'),
      },
      transforms: {
        clicks: {
          uniqueName: 'Clicks',
          subtransforms: ['clicks/impulse', 'clicks/read', 'clicks/window'],
          outputs: { out: 'clicks' },
        },
        'clicks/impulse': {
          uniqueName: 'Clicks/Impulse',
          spec: { urn: 'beam:transform:impulse:v1' },
          outputs: { out: 'impulse' },
        },
        'clicks/read': {
          uniqueName: 'Clicks/Read',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { in: 'impulse' },
          outputs: { out: 'read' },
          environmentId: 'java',
        },
        'clicks/window': {
          uniqueName: 'Clicks/Window',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { in: 'read' },
          outputs: { out: 'clicks' },
          environmentId: 'python',
        },
        count: {
          uniqueName: 'Count',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { in: 'clicks' },
          outputs: { out: 'counts' },
          environmentId: 'python',
        },
      },
    },
  });
}

/** `Seeds` (bounded) → `Ticks` and `Tocks` (splittable, unbounded), which meet in `Join`. */
export function twoSourcesPipeline(): Pipeline {
  return create(PipelineSchema, {
    rootTransformIds: ['seeds', 'ticks', 'tocks', 'join'],
    components: {
      ...shared,
      pcollections: {
        seeds: bounded('bytes'),
        ticks: unbounded('bytes'),
        tocks: unbounded('pair'),
        joined: unbounded('bytes'),
      },
      transforms: {
        seeds: {
          uniqueName: 'Seeds',
          spec: { urn: 'beam:transform:impulse:v1' },
          outputs: { out: 'seeds' },
        },
        ticks: {
          uniqueName: 'Ticks',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { in: 'seeds' },
          outputs: { out: 'ticks' },
          environmentId: 'java',
        },
        tocks: {
          uniqueName: 'Tocks',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { in: 'seeds' },
          outputs: { out: 'tocks' },
          environmentId: 'java',
        },
        join: {
          uniqueName: 'Join',
          spec: { urn: 'beam:transform:pardo:v1' },
          inputs: { ticks: 'ticks', tocks: 'tocks' },
          outputs: { out: 'joined' },
          environmentId: 'python',
        },
      },
    },
  });
}

/**
 * As the Go SDK submits it: scope `Read` holds a source and the DoFn behind it; outputs of composites are named after
 * their PCollections, and some of them (`n3` of `Read`) never leave.
 */
export function scopePipeline(): Pipeline {
  const parDo = { urn: 'beam:transform:pardo:v1' };
  return create(PipelineSchema, {
    rootTransformIds: ['s1', 'e4'],
    components: {
      ...shared,
      pcollections: {
        n1: bounded('bytes'),
        n2: unbounded('bytes'),
        n3: unbounded('bytes'),
        n4: unbounded('bytes'),
      },
      transforms: {
        s1: {
          uniqueName: 'Read',
          subtransforms: ['s2', 'e3'],
          outputs: { n3: 'n3', n4: 'n4' },
        },
        s2: {
          uniqueName: 'Read/periodic.Impulse',
          subtransforms: ['e0', 'e1', 'e2'],
          outputs: { n2: 'n2', n3: 'n3' },
        },
        e0: {
          uniqueName: 'Read/periodic.Impulse/Impulse',
          spec: { urn: 'beam:transform:impulse:v1' },
          outputs: { i0: 'n1' },
        },
        e1: {
          uniqueName: 'Read/periodic.Impulse/periodic.sequenceGenDoFn',
          spec: parDo,
          inputs: { i0: 'n1' },
          outputs: { i0: 'n2' },
        },
        e2: {
          uniqueName: 'Read/periodic.Impulse/periodic.sequenceToImpulse',
          spec: parDo,
          inputs: { i0: 'n2' },
          outputs: { i0: 'n3' },
        },
        e3: {
          uniqueName: 'Read/main.tenth',
          spec: parDo,
          inputs: { i0: 'n3' },
          outputs: { i0: 'n4' },
        },
        e4: { uniqueName: 'main.show', spec: parDo, inputs: { i0: 'n4' } },
      },
    },
  });
}
