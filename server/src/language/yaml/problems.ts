import type { Schema } from '@cfworker/json-schema';
import type { DocumentProblem } from '../language.js';
import { closest } from './closest.js';
import type { Placed, YamlNode } from './nodes.js';
import { providerProblems } from './providerProblems.js';
import type { ProvidedTransform } from './providers.js';
import { referenceProblems } from './references.js';
import { checkValue, type Disagreement } from './schema/check.js';
import {
  CHAIN_KEYS,
  COMPOSITE_KEYS,
  LEAF_KEYS,
  PIPELINE_KEYS,
  propertiesOf,
  STANDARD,
  TOP_LEVEL_KEYS,
  WINDOWING,
} from './schema/schemas.js';
import type { YamlPipeline } from './sources.js';
import { entryOf, specsIn, type Spec } from './specs.js';
import type { Entry, Values } from './values.js';

/** Tells of a problem at a node. */
export type Report = (
  at: Placed,
  severity: DocumentProblem['severity'],
  code: string,
  message: string,
) => void;

/** What Beam would refuse of a pipeline, or take otherwise than it seems to be meant. */
export function problemsOf(pipeline: YamlPipeline): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const report: Report = (at, severity, code, message) => {
    problems.push({ range: pipeline.range(at), severity, code, message });
  };
  const { values, document, spec } = pipeline;
  if (pipeline.name !== 'pipeline') {
    report(
      document,
      'error',
      'several-documents',
      'Beam reads one YAML document of a file: it refuses a second one.',
    );
  }
  for (const { name, key } of values.entries(document)) {
    const meant = TOP_LEVEL_KEYS.includes(name) ? undefined : closest(name, TOP_LEVEL_KEYS);
    if (meant)
      report(
        key,
        'warning',
        'unknown-key',
        `Beam takes no notice of "${name}". Did you mean "${meant}"?`,
      );
  }
  providerProblems(values, document, report);
  checkKeys(spec, PIPELINE_KEYS, 'a pipeline', report);
  checkWindowing(values, entryOf(spec, 'windowing')?.value, report);
  for (const one of specsIn(spec)) checkSpec(pipeline, one, report);
  for (const group of [spec, ...specsIn(spec)]) {
    if (group.children.length > 0) referenceProblems(pipeline, group, report);
  }
  return problems;
}

function checkSpec(pipeline: YamlPipeline, spec: Spec, report: Report): void {
  const { values, providers, template } = pipeline;
  if (spec.at.node.kind === 'alias') return;
  const { type } = spec;
  if (type === undefined) {
    const written = entryOf(spec, 'type');
    if (!written && spec.entries.length === 0) return;
    report(
      written?.key ?? spec.entries[0]?.key ?? spec.at,
      'error',
      'missing-type',
      'A transform needs a "type".',
    );
    return;
  }
  checkWindowing(values, entryOf(spec, 'windowing')?.value, report);
  if (type === 'composite' || type === 'chain') {
    checkKeys(spec, type === 'chain' ? CHAIN_KEYS : COMPOSITE_KEYS, `a ${type}`, report);
    return;
  }
  checkKeys(spec, LEAF_KEYS, 'a transform', report);
  const provided = providers.transforms.get(type);
  const standard = STANDARD.get(type);
  const written = entryOf(spec, 'type')?.value ?? spec.at;
  if (!provided && !standard) {
    if (providers.areIncomplete || template.isPartial || isUnknown(values, written)) return;
    const meant = closest(type, [
      ...STANDARD.keys(),
      ...providers.transforms.keys(),
      'composite',
      'chain',
    ]);
    const hint = meant ? `Did you mean "${meant}"?` : 'Is a provider of it missing?';
    report(written, 'error', 'unknown-transform', `Beam YAML has no transform "${type}". ${hint}`);
    return;
  }
  const isStandard = !provided && standard !== undefined;
  if (
    !template.isPartial &&
    isStandard &&
    spec.isRoot &&
    !standard.root &&
    !entryOf(spec, 'input') &&
    !isSource(spec)
  ) {
    report(written, 'error', 'missing-input', `"${type}" needs an "input".`);
  }
  const schema = provided ? schemaOfProvided(provided) : standard?.config;
  const isClosed = provided?.provider === 'yaml' || standard?.config.additionalProperties === false;
  if (schema) checkConfig(pipeline, spec, schema, isClosed, report);
}

function isSource(spec: Spec): boolean {
  const { parent } = spec;
  return parent !== undefined && entryOf(parent, 'source')?.value?.start === spec.at.start;
}

function schemaOfProvided({ body }: ProvidedTransform): Schema | undefined {
  const own = body?.configSchema;
  if (own === null || typeof own !== 'object') return undefined;
  return { type: 'object', additionalProperties: false, ...own };
}

/** @param isClosed Beam is known to refuse other keys */
function checkConfig(
  { values, template }: YamlPipeline,
  spec: Spec,
  schema: Schema,
  isClosed: boolean,
  report: Report,
): void {
  const type = spec.type ?? '';
  const entry = entryOf(spec, 'config');
  const config = entry?.value;
  if (config && isUnknown(values, config)) return;
  const written = entryOf(spec, 'type')?.value ?? spec.at;
  // What is known of Java's transforms is their keys: others are taken for mistyped only.
  const known = Object.keys(propertiesOf(schema));
  const strict =
    isClosed || known.length === 0 ? schema : { ...schema, additionalProperties: false };
  for (const one of disagreementsOf(values, config, strictOf(strict, schema))) {
    const { path, kind, key, expected } = one;
    const at = placeOf(values, config, path, kind === 'unknown key') ?? written;
    const name = path.at(-1) ?? 'config';
    if (kind === 'missing key') {
      // `windowing` of a WindowInto may stand beside its config.
      if (template.isPartial || (path.length === 0 && key === 'windowing' && entryOf(spec, key)))
        continue;
      const where = path.length > 0 ? `"${path.join('.')}"` : `the config of "${type}"`;
      report(
        path.length === 0 && entry ? entry.key : at,
        'error',
        'missing-key',
        `"${key ?? ''}" is missing in ${where}.`,
      );
    } else if (kind === 'unknown key') {
      const siblings = path.length === 1 ? known : [];
      const meant = closest(name, siblings);
      const hint = meant ? ` Did you mean "${meant}"?` : '';
      const severity = isClosed ? 'error' : 'warning';
      report(at, severity, 'unknown-key', `"${type}" has no "${name}" in its config.${hint}`);
    } else if (!isTolerated(values, config, path, one)) {
      report(at, 'warning', 'wrong-value', `"${name}" should be ${expected ?? 'something else'}.`);
    }
  }
}

/** Of configs, which stay the same objects while their text does. */
const checked = new WeakMap<YamlNode, { schema: Schema; found: Disagreement[] }>();

function disagreementsOf(
  values: Values,
  config: Placed | undefined,
  schema: Schema,
): Disagreement[] {
  const known = config && checked.get(config.node);
  if (known?.schema === schema) return known.found;
  const found = checkValue(schema, values.plain(config) ?? {});
  if (config && !hasAlias(config.node)) checked.set(config.node, { schema, found });
  return found;
}

/** What an alias stands for is written elsewhere, and may change alone. */
function hasAlias(node: YamlNode): boolean {
  if (node.kind === 'sequence') return node.items.some((item) => hasAlias(item.node));
  if (node.kind === 'map') return node.entries.some(({ value }) => value && hasAlias(value.node));
  return node.kind === 'alias';
}

const closedSchemas = new WeakMap<Schema, Schema>();

/** One object for one schema, so that its validator is made once. */
function strictOf(strict: Schema, schema: Schema): Schema {
  if (strict === schema) return schema;
  const known = closedSchemas.get(schema);
  if (known) return known;
  closedSchemas.set(schema, strict);
  return strict;
}

/** A template's value is not known; null is none; and Beam takes one value for a list of one. */
function isTolerated(
  values: Values,
  config: Placed | undefined,
  path: string[],
  { expected }: Disagreement,
): boolean {
  const place = placeOf(values, config, path, false);
  if (!place || isUnknown(values, place)) return true;
  const scalar = values.scalar(place);
  return (
    scalar !== undefined &&
    (scalar.type === 'null' || expected === 'a list' || scalar.type === 'timestamp')
  );
}

/** Made by a template, or left out as in documentation. */
function isUnknown(values: Values, placed: Placed): boolean {
  const scalar = values.scalar(placed);
  return scalar?.isTemplate === true || scalar?.text === '...';
}

function checkKeys(spec: Spec, known: string[], what: string, report: Report): void {
  for (const { name, key } of spec.entries) {
    if (known.includes(name) || name.includes('{{')) continue;
    const meant = closest(name, known);
    const isConfig =
      known.includes('config') &&
      STANDARD.get(spec.type ?? '')?.config.properties?.[name] !== undefined;
    const hint = isConfig
      ? ' It belongs in its "config".'
      : meant
        ? ` Did you mean "${meant}"?`
        : '';
    report(key, 'error', 'unknown-key', `There is no "${name}" in ${what}.${hint}`);
  }
}

function checkWindowing(values: Values, windowing: Placed | undefined, report: Report): void {
  if (!windowing || !values.map(windowing)) return;
  for (const one of checkValue(WINDOWING, values.plain(windowing))) {
    const { path, kind, key, expected } = one;
    const at = placeOf(values, windowing, path, kind === 'unknown key') ?? windowing;
    const name = path.at(-1) ?? '';
    if (kind === 'missing key')
      report(at, 'error', 'missing-key', `"${key ?? ''}" is missing in "windowing".`);
    else if (kind === 'unknown key')
      report(at, 'error', 'unknown-key', `There is no "${name}" in windowing of this type.`);
    else if (!isTolerated(values, windowing, path, one))
      report(at, 'error', 'wrong-value', `"${name}" should be ${expected ?? 'something else'}.`);
  }
}

/** The node at the end of a path, or the key of its last step. */
function placeOf(
  values: Values,
  from: Placed | undefined,
  path: string[],
  key: boolean,
): Placed | undefined {
  let at = from;
  let entry: Entry | undefined;
  for (const step of path) {
    if (values.sequence(at)) {
      at = values.items(at)[Number(step)];
      entry = undefined;
    } else {
      entry = values.entries(at).find(({ name }) => name === step);
      at = entry?.value ?? entry?.key;
    }
  }
  return key && entry ? entry.key : at;
}
