import { dirname, join } from 'node:path';
import type { AnalysisContext } from '../language.js';
import { layOut } from './layout.js';
import { ModuleFacts } from './moduleFacts.js';
import { StatementReader } from './statement.js';
import type { PythonSyntax } from './syntax.js';

/** Longer files are data, characters. */
const MAX_LENGTH = 2_000_000;
const MAX_FILES = 300;
const MAX_ROOTS = 16;

/** A Python file that another one imports: what of it depends on its text alone. */
export interface ModuleFile {
  path: string;
  text: string;
  facts: ModuleFacts;
}

/** A file, and the names after it that are to be looked up in it. */
export interface Location {
  file: ModuleFile;
  rest: readonly string[];
}

/** Parsed files, for all documents: each text once. */
const parsed = new Map<string, ModuleFile>();

function parseFile(path: string, text: string, syntax: PythonSyntax): ModuleFile {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  let layout = layOut(text);
  if (layout.unterminated) layout = layOut(text, true);
  const reader = new StatementReader(syntax);
  const statements = layout.statements.map((one) => ({
    offset: one.start,
    statement: reader.read(text, one),
  }));
  const file = { path, text, facts: new ModuleFacts(statements) };
  if (parsed.size > MAX_FILES) parsed.clear();
  parsed.set(path, file);
  return file;
}

/** The files that the texts of a workspace import, as one document sees them: read once, until told that one changed. */
export class ModuleFiles {
  private readonly read = new Map<string, ModuleFile | undefined>();
  private located = new Map<string, Location | undefined>();
  private count = 0;
  /** The open text, which is a module, too: as it is analysed. */
  openFile: ModuleFile | undefined;
  readonly path: string;
  /** Arguments of the program, where they are configured. */
  readonly args: readonly string[] | undefined;

  constructor(
    private readonly context: AnalysisContext,
    private readonly syntax: PythonSyntax,
  ) {
    this.path = context.path;
    this.args = context.args;
  }

  /** Paths that were read, or looked for. */
  dependencies(): ReadonlySet<string> {
    return new Set(this.read.keys());
  }

  forget(path: string): void {
    this.count -= this.read.get(path) ? 1 : 0;
    this.read.delete(path);
    this.located = new Map();
  }

  file(path: string): ModuleFile | undefined {
    if (path === this.path) return this.openFile;
    if (this.read.has(path)) return this.read.get(path);
    const text = this.count < MAX_FILES ? this.context.read(path) : undefined;
    const file =
      text === undefined || text.length > MAX_LENGTH
        ? undefined
        : parseFile(path, text, this.syntax);
    if (file) this.count++;
    this.read.set(path, file);
    return file;
  }

  /** What `qualified`, as a file imports it, refers to; undefined when it is in no file of the workspace. */
  locate(from: string, qualified: string): Location | undefined {
    if (qualified.startsWith('apache_beam')) return undefined;
    const key = `${from}\n${qualified}`;
    if (!this.located.has(key)) {
      const location = this.find(from, qualified);
      // What the open package binds changes as it is typed.
      if (this.path.endsWith('__init__.py')) return location;
      this.located.set(key, location);
    }
    return this.located.get(key);
  }

  /** The module `name` of the package that a file is (`__init__.py`). */
  submodule(file: ModuleFile, name: string): ModuleFile | undefined {
    if (!/[\\/]__init__\.py$/.test(file.path)) return undefined;
    return this.inFolder(dirname(file.path), name).file;
  }

  private find(from: string, qualified: string): Location | undefined {
    const dots = /^\.*/.exec(qualified)?.[0].length ?? 0;
    const parts = qualified.slice(dots).split('.').filter(Boolean);
    if (dots === 0) {
      for (const root of this.roots(from)) {
        const location = this.descend(undefined, root, parts, from);
        if (location) return location;
      }
      return undefined;
    }
    let folder = dirname(from);
    for (let level = 1; level < dots; level++) folder = dirname(folder);
    return this.descend(this.file(join(folder, '__init__.py')), folder, parts, from);
  }

  private descend(
    start: ModuleFile | undefined,
    folder: string,
    parts: readonly string[],
    from: string,
  ): Location | undefined {
    let file = start;
    let inside: string | undefined = folder;
    let last: Location | undefined;
    for (const [index, part] of parts.entries()) {
      // A package's own import of one of its modules binds the module's name, too.
      const isBound = file && file.path !== from && file.facts.bindings.get(part);
      if (file && (isBound || inside === undefined)) return { file, rest: parts.slice(index) };
      if (inside === undefined) return last;
      if (file) last = { file, rest: parts.slice(index) };
      const next: Step = this.inFolder(inside, part);
      file = next.file;
      inside = next.folder;
    }
    return file ? { file, rest: [] } : last;
  }

  private inFolder(folder: string, name: string): Step {
    const inner = join(folder, name);
    const init = this.file(join(inner, '__init__.py'));
    if (init) return { file: init, folder: inner };
    const file = this.file(`${inner}.py`);
    return file ? { file, folder: undefined } : { file: undefined, folder: inner };
  }

  /** Where absolute imports begin: the program's folder, that of the packages, the workspace and what is between. */
  private roots(from: string): string[] {
    const roots = new Set([dirname(this.path)]);
    for (const path of [from, this.path]) {
      let folder = dirname(path);
      while (this.file(join(folder, '__init__.py')) && dirname(folder) !== folder) {
        folder = dirname(folder);
      }
      roots.add(folder);
    }
    for (const folder of this.context.folders) {
      let above = dirname(this.path);
      const isBelow = above.startsWith(folder);
      while (isBelow && above.length > folder.length) roots.add((above = dirname(above)));
      roots.add(folder).add(join(folder, 'src'));
    }
    return [...roots].slice(0, MAX_ROOTS);
  }
}

/** A part of a module's name: a file, a package with its folder, or a folder alone. */
interface Step {
  file: ModuleFile | undefined;
  folder: string | undefined;
}
