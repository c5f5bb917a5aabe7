import { clone, fromBinary } from '@bufbuild/protobuf';
import type { Coder, Components, Pipeline, PTransform } from '../proto/beam/pipeline_pb.js';
import { ParDoPayloadSchema, PipelineSchema } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { coderAsWritten } from './goCoders.js';
import type { WorkerAddress } from './ownTransforms.js';
import { addParDo, addWorkerEnvironment } from './ownTransforms.js';
import { pcollectionOf, prefixLength } from './prefixLength.js';

/** A PCollection that is told beside the pipeline. */
export interface PipelineOutput {
  /** Unique name of the outermost transform that puts it out, with the output's tag if it has several. */
  label: string;
  pcollectionId: string;
}

/** How the elements of a PCollection arrive in our worker. */
export interface OutputCoders {
  coderId: string;
  windowCoderId: string;
  coders: Record<string, Coder>;
}

/** A transform, and what it is in. */
interface Placed {
  transform: PTransform;
  /** Outermost first. */
  ancestors: PTransform[];
}

/**
 * The PCollections of a submitted pipeline that labels mean: a label without `*` is a transform's, a pattern means PCollections that nothing in
 * the pipeline reads any more.
 * @throws Error that says which there are
 */
export function pipelineOutputs(pipeline: Pipeline, labels: readonly string[]): PipelineOutput[] {
  const { components } = pipeline;
  if (!components) return [];
  const placed = placedTransforms(pipeline, components);
  const leaves = placed.filter(({ transform }) => transform.subtransforms.length === 0);
  const readersOf = (id: string) =>
    leaves.filter(({ transform }) => Object.values(transform.inputs).includes(id));
  const ends = leaves.flatMap(({ transform, ancestors }) =>
    Object.entries(transform.outputs).flatMap(([tag, pcollectionId]) => {
      if (readersOf(pcollectionId).length > 0) return [];
      const makers = [...ancestors, transform];
      const outermost =
        makers.find((one) => Object.values(one.outputs).includes(pcollectionId)) ?? transform;
      const names = makers.map(({ uniqueName }) => uniqueName);
      return [{ label: labelOf(outermost, tag, pcollectionId), pcollectionId, names }];
    }),
  );
  const found = labels.flatMap((label): PipelineOutput[] => {
    const own = label.includes('*')
      ? ends.filter(({ names }) => names.some((name) => fits(name, label)))
      : outputsOf(placed, label);
    if (own.length > 0)
      return own.map(({ label: of, pcollectionId }) => ({ label: of, pcollectionId }));
    const known = [...new Set(placed.flatMap(({ transform }) => namesOf(transform)))];
    throw new Error(
      `No transform called "${label}" puts out a PCollection. There are: ${known.slice(0, 20).join(', ')}.`,
    );
  });
  return [...new Map(found.map((output) => [output.pcollectionId, output])).values()];
}

/**
 * The pipeline with a DoFn of our worker behind each of the outputs. The given one is left as it is.
 * @throws Error that says why an output cannot be told
 */
export function withOutputs(
  pipeline: Pipeline,
  outputs: PipelineOutput[],
  worker: WorkerAddress,
): { pipeline: Pipeline; coders: OutputCoders[] } {
  const told = clone(PipelineSchema, pipeline);
  const { components } = told;
  if (!components) return { pipeline: told, coders: [] };
  for (const output of outputs) {
    assertRun(components, output);
    const { label, pcollectionId } = output;
    const obstacle = obstacleOf(leavesOf(components), pcollectionId);
    if (!obstacle) continue;
    throw new Error(
      `What "${label}" puts out cannot be told beside the pipeline, since "${obstacle.uniqueName}" needs its coder as it is. ` +
        'Name a transform behind that.',
    );
  }
  addWorkerEnvironment(components, worker);
  const coders = outputs.map(({ label, pcollectionId }, output) => {
    prefixLength(components, pcollectionId);
    const id = `beam-rewind:output:${output}`;
    addParDo(components, {
      id,
      uniqueName: `Beam Rewind/Output ${output + 1} ${label}`,
      urn: urns.outputDoFn,
      output,
      inputs: { input: pcollectionId },
      outputs: {},
    });
    told.rootTransformIds.push(id);
    const { coderId, windowingStrategyId } = pcollectionOf(components, pcollectionId);
    const windowCoderId = components.windowingStrategies[windowingStrategyId]?.windowCoderId ?? '';
    return {
      coderId: coderAsWritten(components, pcollectionId, coderId),
      windowCoderId,
      coders: components.coders,
    };
  });
  return { pipeline: told, coders };
}

/** @throws Error for what is within a source that is replaced, or is read by one only */
export function assertRun(
  { pcollections }: Components,
  { label, pcollectionId }: PipelineOutput,
): void {
  if (pcollectionId in pcollections) return;
  throw new Error(
    `What "${label}" puts out is within a recorded source, which does not run in a replay. Name the source, or a transform behind it.`,
  );
}

/**
 * A transform that does not let a PCollection's elements be length-prefixed: one that a runner itself makes or takes apart,
 * directly or through a flatten, which copies bytes.
 */
function obstacleOf(
  leaves: PTransform[],
  pcollectionId: string,
  flatten?: PTransform,
): PTransform | undefined {
  const reader = leaves.find(
    (leaf) =>
      leaf !== flatten &&
      Object.values(leaf.inputs).includes(pcollectionId) &&
      !takesAnyCoder(leaf),
  );
  if (reader) return reader;
  const maker = leaves.find(({ outputs }) => Object.values(outputs).includes(pcollectionId));
  if (maker?.spec?.urn !== urns.flatten) {
    return maker && madeByRunner.includes(maker.spec?.urn ?? '') ? maker : undefined;
  }
  const obstacles = Object.values(maker.inputs).map((input) => obstacleOf(leaves, input, maker));
  return obstacles.find((obstacle) => obstacle !== undefined);
}

const madeByRunner: string[] = [urns.groupByKey, urns.testStream, urns.impulse];

function leavesOf({ transforms }: Components): PTransform[] {
  return Object.values(transforms).filter(({ subtransforms }) => subtransforms.length === 0);
}

function placedTransforms({ rootTransformIds }: Pipeline, components: Components): Placed[] {
  const placed: Placed[] = [];
  const visit = (id: string, ancestors: PTransform[]): void => {
    const transform = components.transforms[id];
    if (!transform) return;
    placed.push({ transform, ancestors });
    for (const child of transform.subtransforms) visit(child, [...ancestors, transform]);
  };
  for (const id of rootTransformIds) visit(id, []);
  return placed;
}

function outputsOf(placed: Placed[], label: string): PipelineOutput[] {
  return placed.flatMap(({ transform }) =>
    transform.uniqueName === label
      ? Object.entries(transform.outputs).map(([tag, pcollectionId]) => ({
          label: labelOf(transform, tag, pcollectionId),
          pcollectionId,
        }))
      : [],
  );
}

function namesOf({ uniqueName, outputs }: PTransform): string[] {
  return Object.keys(outputs).length > 0 && !uniqueName.includes('/') ? [uniqueName] : [];
}

/** @param tag used where the transform has the PCollection under no tag of its own */
function labelOf({ uniqueName, outputs }: PTransform, tag: string, pcollectionId: string): string {
  const entries = Object.entries(outputs);
  if (entries.length < 2) return uniqueName;
  const own = entries.find(([, id]) => id === pcollectionId)?.[0] ?? tag;
  return `${uniqueName}.${own}`;
}

/**
 * Whether a transform reads elements whatever their coder is: a plain ParDo of an SDK. Others take pairs or sides apart by
 * the coder that they have.
 */
function takesAnyCoder({ spec }: PTransform): boolean {
  if (spec?.urn !== urns.parDo) return false;
  const parDo = fromBinary(ParDoPayloadSchema, spec.payload);
  return (
    Object.keys(parDo.sideInputs).length === 0 &&
    Object.keys(parDo.stateSpecs).length === 0 &&
    Object.keys(parDo.timerFamilySpecs).length === 0 &&
    parDo.restrictionCoderId === ''
  );
}

function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
