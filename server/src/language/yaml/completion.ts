import type { Schema } from '@cfworker/json-schema';
import type { CompletionProposal } from '../language.js';
import type { CursorPlace } from './place.js';
import type { Providers } from './providers.js';
import { describeKey, describeType, keyDetail } from './schema/details.js';
import {
  CHAIN_KEYS,
  COMPOSITE_KEYS,
  LEAF_KEYS,
  PIPELINE_KEYS,
  propertiesOf,
  PROVIDERS,
  STANDARD,
  SUGGESTED,
  TOP_LEVEL_KEYS,
  WINDOW_KEYS,
} from './schema/schemas.js';

/** What a completion knows besides the place of the cursor. */
export interface Surroundings {
  /** Keys of the innermost transform or provider, and their scalars. */
  own: Map<string, string>;
  /** Keys of the mapping the cursor is in. */
  present: ReadonlySet<string>;
  providers: Providers | undefined;
  /** Names that an input can refer to. */
  names: string[];
}

export function proposals(place: CursorPlace, around: Surroundings): CompletionProposal[] {
  const { path, key } = place;
  const parent = path.at(-1);
  const list = path.at(-2);
  if (path.length === 0) return key === undefined ? keys(TOP_LEVEL_KEYS) : [];
  // `- na` below `input:`, or `input: na`
  const isInput =
    key === 'input' ||
    (key === undefined && (parent === 'input' || (parent === '-' && list === 'input')));
  if (isInput) return around.names.map((name) => proposal(name, 'reference', name));
  if (parent === 'windowing') return windowing();
  if (path.length === 1 && parent === 'pipeline') {
    return key === 'type'
      ? values(['chain', 'composite'])
      : key === undefined
        ? keys(PIPELINE_KEYS)
        : [];
  }
  if (parent === '-' && list === 'providers') {
    if (key === 'type') return values(Object.keys(PROVIDERS));
    return key === undefined ? keys(['type', 'config', 'transforms', 'include']) : [];
  }
  if (parent === 'config' && list === '-' && path.at(-3) === 'providers') {
    return key === undefined ? keys(PROVIDERS[around.own.get('type') ?? ''] ?? []) : [];
  }
  if (isTransform(path)) return transform();
  if (parent === 'config' && isTransform(path.slice(0, -1))) return config();
  return [];

  function transform(): CompletionProposal[] {
    if (key === 'type') return types();
    if (key !== undefined) return [];
    const type = around.own.get('type');
    return keys(type === 'chain' ? CHAIN_KEYS : type === 'composite' ? COMPOSITE_KEYS : LEAF_KEYS);
  }

  function types(): CompletionProposal[] {
    const provided = [...(around.providers?.transforms.keys() ?? [])];
    const names = [...new Set([...provided, 'chain', 'composite', ...STANDARD.keys()])];
    return names.map((name): CompletionProposal => {
      const own = around.providers?.transforms.get(name);
      const standard = own ? undefined : STANDARD.get(name);
      const documentation = describeType(name, own);
      const required = standard?.config.required ?? [];
      const indent = ' '.repeat(place.keyOffset);
      const stops = required.map((one, index) => `\n${indent}  ${one}: $${index + 1}`).join('');
      const isSnippet = required.length > 0 && !around.own.has('config');
      return {
        ...proposal(name, 'transform', isSnippet ? `${name}\n${indent}config:${stops}` : name),
        ...(isSnippet && { isSnippet }),
        ...(standard && { detail: standard.sdks.join(', ') }),
        ...(own && { detail: `${own.provider} provider` }),
        ...(documentation !== undefined && { documentation }),
      };
    });
  }

  function schemaOf(type: string): Schema | undefined {
    const provided = around.providers?.transforms.get(type);
    if (provided) return provided.body?.configSchema as Schema | undefined;
    return STANDARD.get(type)?.config;
  }

  function config(): CompletionProposal[] {
    const type = around.own.get('type') ?? '';
    const schema = schemaOf(type);
    const properties = propertiesOf(schema);
    const required = Array.isArray(schema?.required) ? schema.required : [];
    if (key !== undefined) {
      const property = properties[key];
      const listed: unknown[] = property?.enum ?? SUGGESTED[type]?.[key] ?? [];
      return values(property?.type === 'boolean' ? ['true', 'false'] : listed.map(String));
    }
    const sorted = Object.keys(properties).sort(
      (a, b) => Number(required.includes(b)) - Number(required.includes(a)),
    );
    return sorted.filter(isAbsent).map((name) => ({
      ...proposal(name, 'key', `${name}: `),
      detail: keyDetail(properties[name], required.includes(name)),
      documentation: describeKey(name, properties[name], required.includes(name)),
    }));
  }

  function windowing(): CompletionProposal[] {
    if (key === 'type') return values(Object.keys(WINDOW_KEYS));
    return key === undefined ? keys(['type', ...new Set(Object.values(WINDOW_KEYS).flat())]) : [];
  }

  function isAbsent(name: string): boolean {
    return name === place.typed || !around.present.has(name);
  }

  function keys(names: readonly string[]): CompletionProposal[] {
    return names.filter(isAbsent).map((name) => ({
      ...proposal(name, 'key', `${name}: `),
      documentation: describeKey(name, undefined, false),
    }));
  }

  function values(names: readonly string[]): CompletionProposal[] {
    return names.map((name) => proposal(name, 'value', name));
  }

  function proposal(
    label: string,
    kind: CompletionProposal['kind'],
    newText: string,
  ): CompletionProposal {
    return { label, kind, newText, range: place.range };
  }
}

/** Does the path end at a transform? */
function isTransform(path: string[]): boolean {
  const parent = path.at(-1);
  const isItem = parent === '-' && /^(?:extra_)?transforms$/.test(path.at(-2) ?? '');
  return isItem || ((parent === 'source' || parent === 'sink') && path.length > 1);
}
