import type { CompletionProposal, Description } from '../language.js';
import type { TextPosition } from '../source.js';
import { proposals } from './completion.js';
import type { Placed } from './nodes.js';
import { keysAt, placeAt } from './place.js';
import type { Positions } from './positions.js';
import { describeKey, describeType } from './schema/details.js';
import { propertiesOf, STANDARD } from './schema/schemas.js';
import type { YamlPipeline } from './sources.js';
import { entryOf, specsIn, type Spec } from './specs.js';
import { endOf } from './tree.js';

/** What can be written at a place of a pipeline file. */
export function completeAt(
  pipelines: YamlPipeline[],
  positions: Positions,
  position: TextPosition,
): CompletionProposal[] {
  const lineOf = (line: number): string => positions.line(line);
  const place = placeAt(position, lineOf);
  if (!place) return [];
  const start = { line: position.line, column: place.range.start.character };
  // In a list of inputs the transform is what the list is in.
  const item = place.items[place.path.at(-2) === 'input' ? 1 : 0];
  const own = item ? keysAt(item, lineOf, positions.lineCount) : new Map<string, string>();
  const offset = positions.offsetAt(position);
  const pipeline = pipelines.findLast(({ document }) => document.start <= offset) ?? pipelines[0];
  return proposals(place, {
    own,
    present: new Set(siblingKeys(start, lineOf, positions.lineCount)),
    providers: pipeline?.providers,
    names: pipeline ? namesBeside(pipeline, positions, item?.line ?? position.line, own) : [],
  });
}

/** Keys of the mapping whose keys stand in a column, above and below a line. */
function siblingKeys(
  { line, column }: { line: number; column: number },
  lineOf: (line: number) => string,
  lineCount: number,
): string[] {
  let first = line;
  for (let above = line - 1; above >= 0; above--) {
    const text = lineOf(above);
    if (text.trim() === '') continue;
    const indent = text.search(/\S/);
    const isStart = /^ *- /.test(text) && indent < column;
    if (indent < column && !isStart) break;
    first = above;
    if (isStart) break;
  }
  return [...keysAt({ line: first, column }, lineOf, lineCount).keys()];
}

function namesBeside(
  { spec, values }: YamlPipeline,
  positions: Positions,
  itemLine: number,
  own: Map<string, string>,
): string[] {
  const groups = [spec, ...specsIn(spec)];
  const startsHere = (child: Spec): boolean =>
    positions.positionAt(child.at.start).line === itemLine;
  const group = groups.find(({ children }) => children.some(startsHere)) ?? spec;
  const input = entryOf(group, 'input')?.value;
  const given = values.map(input)
    ? values.entries(input).map(({ name }) => name)
    : input
      ? ['input']
      : [];
  const names = group.children.flatMap(({ name, type }) => name ?? type ?? []);
  const self = own.get('name') ?? own.get('type');
  return [...new Set([...given, ...names])].filter((name) => name !== self);
}

/** What stands at a place: the type of a transform, or a key of its config. */
export function describeAt(
  pipelines: YamlPipeline[],
  positions: Positions,
  position: TextPosition,
): Description | undefined {
  const offset = positions.offsetAt(position);
  const isAt = (placed: Placed | undefined): placed is Placed =>
    placed !== undefined && placed.start <= offset && offset <= endOf(placed);
  for (const pipeline of pipelines) {
    for (const spec of specsIn(pipeline.spec)) {
      if (!isAt(spec.at) || spec.children.some(({ at }) => isAt(at))) continue;
      const type = entryOf(spec, 'type')?.value;
      const provided = pipeline.providers.transforms.get(spec.type ?? '');
      if (isAt(type)) {
        const text = describeType(spec.type ?? '', provided);
        return text === undefined ? undefined : { range: pipeline.range(type), text };
      }
      const schema = provided ? undefined : STANDARD.get(spec.type ?? '')?.config;
      const config = pipeline.values.entries(entryOf(spec, 'config')?.value);
      const entry = config.find(({ key }) => isAt(key));
      if (entry && schema) {
        const isRequired = schema.required?.includes(entry.name) ?? false;
        const text = describeKey(entry.name, propertiesOf(schema)[entry.name], isRequired);
        return { range: pipeline.range(entry.key), text };
      }
      const own = spec.entries.find(({ key }) => isAt(key));
      if (own)
        return { range: pipeline.range(own.key), text: describeKey(own.name, undefined, false) };
    }
  }
  return undefined;
}
