import { dirname, join, sep } from 'node:path';
import type { AnalysisContext } from '../language.js';
import { SegmentedText } from '../syntax/segments.js';
import type { TreeReader } from '../syntax/tree.js';
import { layOutMembers } from './layout.js';
import type { Workspace } from './names.js';
import type { Unit } from './unit.js';
import { parsedMember, readUnit, type ParsedMember } from './unitReader.js';

const MAX_TEXT = 2_000_000;
const SOURCES = [join('src', 'main', 'java'), join('src', 'test', 'java'), 'src', ''];

/** Java files of the workspace, by the packages they are in; parsed once for each text. */
export class JavaWorkspace implements Workspace {
  private readonly units = new Map<string, { unit: Unit | undefined }>();

  constructor(
    private readonly reader: TreeReader,
    private readonly context: AnalysisContext | undefined,
  ) {}

  /** Files that were read, or looked for. */
  paths(): ReadonlySet<string> {
    return new Set(this.units.keys());
  }

  forget(path: string): void {
    this.units.delete(path);
  }

  unitOf(qualified: string, from: Unit): Unit | undefined {
    if (!this.context || !from.path) return undefined;
    const relative = `${join(...qualified.split('.'))}.java`;
    for (const root of this.roots(from.path, from.package)) {
      const path = join(root, relative);
      if (path === from.path) return from;
      const unit = this.unitAt(path);
      if (unit) return unit;
    }
    return undefined;
  }

  /** Where packages begin: as for the file that refers to the class, then where build tools have them. */
  private roots(path: string, packageName: string): Set<string> {
    const folder = dirname(path);
    const tail = packageName === '' ? '' : sep + join(...packageName.split('.'));
    const roots = new Set<string>();
    if (tail === '' || folder.endsWith(tail)) {
      const own = folder.slice(0, folder.length - tail.length);
      roots.add(own);
      const tests = join('src', 'test', 'java');
      if (own.endsWith(tests)) {
        roots.add(join(own.slice(0, -tests.length), 'src', 'main', 'java'));
      }
    }
    for (const one of this.context?.folders ?? []) {
      for (const inner of SOURCES) roots.add(join(one, inner));
    }
    return roots;
  }

  private unitAt(path: string): Unit | undefined {
    const known = this.units.get(path);
    if (known) return known.unit;
    const text = this.context?.read(path);
    const unit = text === undefined || text.length > MAX_TEXT ? undefined : this.parse(text, path);
    this.units.set(path, { unit });
    return unit;
  }

  private parse(text: string, path: string): Unit {
    const segmented = new SegmentedText<ParsedMember>(text, layOutMembers);
    const { segments } = segmented;
    const textOf = segmented.textOf.bind(segmented);
    const parse = (index: number): ParsedMember =>
      parsedMember(segments, index, textOf, this.reader);
    return readUnit(segments, parse, path, false);
  }
}
