import { makeSignature } from '../signature.js';
import type { AppliedTransform, PipelineSource, TextRange } from '../source.js';
import { judge } from './boundedness.js';
import type { Placed } from './nodes.js';
import { printValue } from './print.js';
import type { Providers } from './providers.js';
import { entryOf, labelOf, specsIn, type Spec } from './specs.js';
import { namesIn, type MaskedText } from './template.js';
import type { Values } from './values.js';

/** A pipeline of a file with all that its meaning depends on. */
export interface YamlPipeline {
  /** `pipeline`, `pipeline#2` … */
  name: string;
  document: Placed;
  spec: Spec;
  values: Values;
  providers: Providers;
  template: MaskedText;
  /** Where a node stands in the text. */
  range: (placed: Placed) => TextRange;
}

/** Keys of a config that are about what follows the read. */
const DOWNSTREAM = new Set(['output_schema']);

export function sourcesOf(pipeline: YamlPipeline): PipelineSource[] {
  const sources: PipelineSource[] = [];
  for (const spec of specsIn(pipeline.spec)) {
    const verdict = judge(pipeline.values, spec, pipeline.providers);
    if (!verdict) continue;
    const range = pipeline.range(spec.at);
    const label = labelOf(spec, verdict.label);
    sources.push({
      pipeline: pipeline.name,
      label,
      transformName: spec.type ?? '',
      bounded: verdict.bounded,
      boundedReason: verdict.reason,
      range,
      statement: range,
      ...(loopsAround(pipeline, spec).length > 0 && { repeated: true as const }),
      signature: makeSignature({
        sdk: 'yaml',
        transform: spec.type ?? '',
        label,
        ...argumentsOf(pipeline, spec),
      }),
    });
  }
  return sources;
}

function argumentsOf(
  pipeline: YamlPipeline,
  spec: Spec,
): { arguments: Record<string, string>; definitions: Record<string, string> } {
  const { values, providers, template } = pipeline;
  const args: Record<string, string> = {};
  for (const { name, value } of values.entries(entryOf(spec, 'config')?.value)) {
    if (!DOWNSTREAM.has(name)) args[name] = printValue(values, value, name);
  }
  const definitions: Record<string, string> = {};
  addProvided(spec.type ?? '');
  const loops = loopsAround(pipeline, spec);
  const texts = [spec.name ?? '', ...Object.values(args), ...Object.values(definitions)];
  addVariables(texts.flatMap((text) => [...namesIn(text)]));
  return { arguments: args, definitions };

  function addProvided(type: string): void {
    const provided = providers.transforms.get(type);
    if (!provided || type in definitions) return;
    definitions[type] = provided.definition;
    if (!provided.body) return;
    for (const [, used = ''] of provided.definition.matchAll(/"type": "([^"]+)"/g))
      addProvided(used);
  }

  function addVariables(names: string[]): void {
    for (const name of names) {
      if (name in definitions) continue;
      const loop = loops.find((one) => one.names.includes(name));
      const text = loop ? `each of ${loop.over}` : template.variables.get(name);
      if (text === undefined) continue;
      definitions[name] = text;
      addVariables([...namesIn(`{{ ${text} }}`)]);
    }
  }
}

function loopsAround({ template }: YamlPipeline, spec: Spec): MaskedText['loops'] {
  return template.loops.filter(({ start, end }) => start <= spec.at.start && spec.at.start < end);
}

export function transformsOf(pipeline: YamlPipeline): AppliedTransform[] {
  return [...specsIn(pipeline.spec)].flatMap((spec) => {
    const selected = entryOf(spec, 'name')?.value ?? entryOf(spec, 'type')?.value;
    if (spec.type === undefined && spec.name === undefined) return [];
    const range = pipeline.range(spec.at);
    const isOwn = selected && spec.at.node.kind !== 'alias';
    return {
      pipeline: pipeline.name,
      label: labelOf(spec, judge(pipeline.values, spec, pipeline.providers)?.label),
      transformName: spec.type ?? '',
      range,
      selectionRange: isOwn ? pipeline.range(selected) : range,
    };
  });
}
