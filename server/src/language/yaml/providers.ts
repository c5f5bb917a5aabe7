import { dirname, isAbsolute, join } from 'node:path';
import type { AnalysisContext } from '../language.js';
import type { Placed } from './nodes.js';
import { parseYaml } from './nodes.js';
import { printCode, printValue } from './print.js';
import { maskTemplate } from './template.js';
import { Values } from './values.js';

/** A transform that a provider of the file, or of a file it includes, defines. */
export interface ProvidedTransform {
  /** `python`, `yaml`, `javaJar` … */
  provider: string;
  /** What it stands for, in one spelling: a constructor, a URN, the body of a transform in YAML. */
  definition: string;
  /** Of a Python provider: the constructor's name or code. */
  constructorText?: string;
  /** Of a YAML provider. */
  body?: { values: Values; value: Placed; requiresInputs: boolean; configSchema: unknown };
  /** Keys of its config that have another name in what it renames. */
  renamed?: Record<string, string>;
}

export interface Providers {
  transforms: Map<string, ProvidedTransform>;
  /** Some providers could not be read, so that any type may be one of theirs. */
  areIncomplete: boolean;
  /** Files that were read, or looked for. */
  files: Set<string>;
}

const MAX_INCLUDES = 20;

/** The providers of a document. */
export function readProviders(
  values: Values,
  document: Placed,
  context: AnalysisContext | undefined,
): Providers {
  const found: Providers = { transforms: new Map(), areIncomplete: false, files: new Set() };
  const list = values.get(document, 'providers');
  if (list && !values.sequence(list)) found.areIncomplete = true;
  readList(values, values.items(list), context?.path);
  return found;

  function readList(from: Values, items: Placed[], path: string | undefined): void {
    for (const item of items) {
      const include = from.text(from.get(item, 'include'));
      if (include !== undefined) readInclude(include, path);
      else readProvider(from, item, found);
    }
  }

  function readInclude(include: string, path: string | undefined): void {
    const isLocal = path !== undefined && !/^\w+:\/\//.test(include) && !include.includes('{{');
    const file = isLocal
      ? isAbsolute(include)
        ? include
        : join(dirname(path), include)
      : undefined;
    if (!file || !context || found.files.size >= MAX_INCLUDES || found.files.has(file)) {
      found.areIncomplete = true;
      return;
    }
    found.files.add(file);
    const text = context.read(file);
    const { root } =
      text === undefined ? {} : parseYaml(maskTemplate(text.replace(/\r\n?/g, '\n')).text);
    if (!root) {
      found.areIncomplete = true;
      return;
    }
    const placed = { node: root.node, start: root.at };
    const included = new Values(placed);
    readList(included, included.items(placed), file);
  }
}

function readProvider(values: Values, item: Placed, found: Providers): void {
  const provider = values.text(values.get(item, 'type'));
  const transforms = values.get(item, 'transforms');
  const config = values.get(item, 'config');
  if (provider === undefined || !values.map(transforms)) {
    found.areIncomplete = true;
    return;
  }
  const under = provider === 'renaming' ? values.get(config, 'underlying_provider') : undefined;
  for (const { name, value } of values.entries(transforms)) {
    if (found.transforms.has(name)) continue;
    if (provider === 'yaml') {
      found.transforms.set(name, readYaml(values, value));
    } else if (under) {
      found.transforms.set(
        name,
        readRenamed(values, name, values.text(value) ?? name, config, under),
      );
    } else {
      found.transforms.set(name, readConstructor(values, provider, value, config));
    }
  }
}

function readConstructor(
  values: Values,
  provider: string,
  value: Placed | undefined,
  config: Placed | undefined,
): ProvidedTransform {
  const text = values.text(value) ?? '';
  const isPython = provider === 'python' || provider === 'pythonPackage';
  const details = values.entries(config).length > 0 ? ` of ${printValue(values, config)}` : '';
  return {
    provider,
    definition: (isPython ? printCode(text) : text) + details,
    ...(isPython && { constructorText: text.trim() }),
  };
}

function readYaml(values: Values, value: Placed | undefined): ProvidedTransform {
  const written = values.get(value, 'body');
  const requiresInputs = values.plain(values.get(value, 'requires_inputs')) !== false;
  const configSchema = values.plain(values.get(value, 'config_schema'));
  const text = values.text(written);
  let body = written && { values, value: written };
  if (text !== undefined) {
    const { root } = parseYaml(maskTemplate(text).text);
    const placed = root && { node: root.node, start: root.at };
    body = placed && { values: new Values(placed), value: placed };
  }
  return {
    provider: 'yaml',
    definition: body ? printValue(body.values, body.value) : '',
    ...(body && { body: { ...body, requiresInputs, configSchema } }),
  };
}

function readRenamed(
  values: Values,
  type: string,
  underlyingType: string,
  config: Placed | undefined,
  under: Placed,
): ProvidedTransform {
  const mapping = values.get(values.get(config, 'mappings'), type);
  const names = values
    .entries(mapping)
    .map(({ name, value }) => [name, values.text(value) ?? name]);
  const value = values.get(values.get(under, 'transforms'), underlyingType);
  const made = readConstructor(
    values,
    values.text(values.get(under, 'type')) ?? '',
    value,
    values.get(under, 'config'),
  );
  const defaults = values.get(values.get(config, 'defaults'), type);
  return {
    ...made,
    definition: `${made.definition} with ${printValue(values, mapping)}${defaults ? ` and ${printValue(values, defaults)}` : ''}`,
    renamed: Object.fromEntries(names) as Record<string, string>,
  };
}
