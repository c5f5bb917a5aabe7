import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import {
  pipelineOutputs,
  withOutputs,
} from '../../../../server/src/beam/pipeline/pipelineOutputs.js';
import { replayPipeline } from '../../../../server/src/beam/pipeline/replayPipeline.js';
import { unboundedSources } from '../../../../server/src/beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import { PTransformSchema } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import { urns } from '../../../../server/src/beam/urns.js';
import { clicksPipeline, twoSourcesPipeline } from '../../../pipelines.js';

const address = { endpoint: '127.0.0.1:1', params: { token: 't' } };

/** The pipeline with a transform of a URN behind a PCollection. */
function followedBy(pipeline: Pipeline, urn: string, pcollectionId: string): Pipeline {
  const { components } = pipeline;
  assert.ok(components);
  components.transforms['next'] = create(PTransformSchema, {
    uniqueName: 'Next',
    spec: { urn },
    inputs: { in: pcollectionId },
    outputs: {},
  });
  pipeline.rootTransformIds.push('next');
  return pipeline;
}

function toldOf(pipeline: Pipeline, labels: string[]): Pipeline {
  return withOutputs(pipeline, pipelineOutputs(pipeline, labels), address).pipeline;
}

describe('outputs of a pipeline', () => {
  it('are found by the label of a transform, or as what nothing reads', () => {
    const pipeline = clicksPipeline();
    const clicks = { label: 'Clicks', pcollectionId: 'clicks' };
    const counts = { label: 'Count', pcollectionId: 'counts' };
    assert.deepEqual(pipelineOutputs(pipeline, ['Count', 'Clicks']), [counts, clicks]);
    assert.deepEqual(pipelineOutputs(pipeline, ['*']), [counts]);
    assert.deepEqual(pipelineOutputs(pipeline, ['Cou*', 'Count']), [counts]);
    assert.deepEqual(pipelineOutputs(twoSourcesPipeline(), ['J*n']), [
      { label: 'Join', pcollectionId: 'joined' },
    ]);
  });

  it('that are not there are refused, with those that are', () => {
    for (const label of ['Sum', 'S*']) {
      assert.throws(() => pipelineOutputs(clicksPipeline(), [label]), {
        message: `No transform called "${label}" puts out a PCollection. There are: Clicks, Count.`,
      });
    }
  });

  it('that a runner takes apart, or makes, are refused', () => {
    for (const urn of [urns.groupByKey, urns.flatten, 'beam:transform:combine_per_key:v1']) {
      const pipeline = followedBy(clicksPipeline(), urn, 'counts');
      assert.throws(() => toldOf(pipeline, ['Count']), /"Next" needs its coder as it is/);
    }
    const made = clicksPipeline();
    const count = made.components?.transforms['count'];
    assert.ok(count?.spec);
    count.spec.urn = urns.groupByKey;
    assert.throws(() => toldOf(made, ['Count']), /"Count" needs its coder as it is/);
    // What goes into a flatten has the coder of what comes out of it.
    count.spec.urn = urns.flatten;
    assert.ok(toldOf(made, ['Count']).rootTransformIds.includes('beam-rewind:output:0'));
    assert.throws(
      () => toldOf(followedBy(made, urns.groupByKey, 'clicks'), ['Count']),
      /"Next" needs its coder/,
    );
  });

  it('are read by our worker, length-prefixed, in a pipeline that is else the same', () => {
    const pipeline = clicksPipeline();
    const { pipeline: told, coders } = withOutputs(
      pipeline,
      pipelineOutputs(pipeline, ['Count']),
      address,
    );
    assert.deepEqual(pipeline, clicksPipeline());
    const own = told.components?.transforms['beam-rewind:output:0'];
    assert.deepEqual(own?.inputs, { input: 'counts' });
    assert.deepEqual(told.rootTransformIds, ['clicks', 'count', 'beam-rewind:output:0']);
    const [coder] = coders;
    assert.equal(coder?.coders[coder.coderId]?.spec?.urn, urns.lengthPrefixCoder);
  });

  it('of what a source is made of are not there in its replay', () => {
    const pipeline = clicksPipeline();
    const source = unboundedSources(pipeline);
    const replay = replayPipeline(pipeline, source, [], address, false);
    const outputs = pipelineOutputs(pipeline, ['Clicks/Read']);
    assert.throws(() => withOutputs(replay, outputs, address), /is within a recorded source/);
    // What only the source read is not what the pipeline puts out.
    const ends = pipelineOutputs(pipeline, ['*']);
    assert.deepEqual(ends, [{ label: 'Count', pcollectionId: 'counts' }]);
  });
});
