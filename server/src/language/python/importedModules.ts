import type { Binding } from './facts.js';
import { ModuleFacts } from './moduleFacts.js';
import type { Location, ModuleFile, ModuleFiles } from './modules.js';
import { Relevance } from './relevance.js';
import { moduleScope, type Imported, type Module, type Scope } from './scope.js';

/** Offsets of the files that are imported begin at multiples of this. */
const APART = 2 ** 32;

/** The modules of one analysis. */
export class ImportedModules {
  /** The scope of the open text. */
  readonly open: Scope;
  private readonly scopes = new Map<string, Scope>();

  constructor(
    open: ModuleFacts,
    private readonly files: ModuleFiles | undefined,
  ) {
    const path = files?.path ?? '';
    if (files) files.openFile = { path, text: '', facts: open };
    this.open = moduleScope(open, 0, new FileModule(this, path, open, true));
    this.scopes.set(path, this.open);
  }

  scope(file: ModuleFile): Scope {
    let scope = this.scopes.get(file.path);
    if (!scope) {
      const base = this.scopes.size * APART;
      scope = moduleScope(file.facts, base, new FileModule(this, file.path, file.facts, false));
      this.scopes.set(file.path, scope);
    }
    return scope;
  }

  scopeOf(path: string): Scope {
    return this.scopes.get(path) ?? this.open;
  }

  locate(from: string, qualified: string): Imported | undefined {
    const location = this.files?.locate(from, qualified);
    return location && this.at(location);
  }

  submodule(path: string, name: string): Imported | undefined {
    const file = this.files?.file(path);
    const inner = file && this.files?.submodule(file, name);
    return inner && { module: this.scope(inner).module };
  }

  relevanceOf(path: string, facts: ModuleFacts): Relevance {
    if (!this.files) return new Relevance(facts, [], () => false);
    const imports = new Map<string, Binding[]>();
    for (const binding of facts.imports) {
      imports.set(binding.name, [...(imports.get(binding.name) ?? []), binding]);
    }
    const { stars } = facts;
    const roots = stars.length > 0 ? [undefined] : [...imports.keys()];
    // In an order of their own: which of two modules that import one another is looked at first makes a difference.
    const calls = roots.flatMap((root) => [...facts.calls(root)]).sort();
    return new Relevance(facts, calls, (name) => {
      const [root = '', ...rest] = name.split('.');
      const bindings = imports.get(root);
      if (!bindings) return stars.some((star) => this.isRelevant(path, star, [root, ...rest]));
      return bindings.some(({ qualified = '' }) => this.isRelevant(path, qualified, rest));
    });
  }

  private isRelevant(path: string, qualified: string, rest: readonly string[]): boolean {
    let imported = this.locate(path, qualified);
    for (const [index, name] of rest.entries()) {
      if (!imported) return false;
      // A method of what is imported: whether it matters is seen when it is followed.
      if ('found' in imported) return rest.length - index === 1;
      imported = imported.module.member(name);
    }
    if (!imported || 'module' in imported) return false;
    const { scope, bindings } = imported.found;
    const names = scope.module.relevance.names;
    return bindings.some(({ definition }) => definition && names.has(definition.name));
  }

  private at({ file, rest }: Location): Imported | undefined {
    let imported: Imported = { module: this.scope(file).module };
    for (const name of rest) {
      // A name of a class: whoever looks it up finds it in the class.
      if ('found' in imported) return undefined;
      const member: Imported | undefined = imported.module.member(name);
      if (!member) return undefined;
      imported = member;
    }
    return imported;
  }
}

class FileModule implements Module {
  private readonly imports = new Map<string, Imported | undefined>();
  private readonly members = new Map<string, Imported | undefined>();
  private known: Relevance | undefined;

  constructor(
    private readonly modules: ImportedModules,
    private readonly path: string,
    private readonly facts: ModuleFacts,
    readonly isOpen: boolean,
  ) {}

  get relevance(): Relevance {
    if (!this.known) {
      // Modules that import one another: what is asked for meanwhile counts as relevant nowhere.
      this.known = NOTHING;
      this.known = this.modules.relevanceOf(this.path, this.facts);
    }
    return this.known;
  }

  imported(qualified: string): Imported | undefined {
    if (this.imports.has(qualified)) return this.imports.get(qualified);
    this.imports.set(qualified, undefined);
    const imported = this.modules.locate(this.path, qualified);
    this.imports.set(qualified, imported);
    return imported;
  }

  member(name: string): Imported | undefined {
    if (this.members.has(name)) return this.members.get(name);
    this.members.set(name, undefined);
    const member = this.find(name);
    this.members.set(name, member);
    return member;
  }

  private find(name: string): Imported | undefined {
    const scope = this.modules.scopeOf(this.path);
    const bindings = scope.facts.bindings.get(name);
    if (bindings) {
      for (const { kind, qualified } of bindings) {
        const imported = kind === 'import' ? this.imported(qualified ?? '') : undefined;
        if (imported) return imported;
      }
      return { found: { scope, bindings, parameter: undefined } };
    }
    for (const star of scope.facts.stars.toReversed()) {
      const imported = this.imported(star);
      const member = imported && 'module' in imported ? imported.module.member(name) : undefined;
      if (member) return member;
    }
    return this.modules.submodule(this.path, name);
  }
}

const NOTHING = new Relevance(new ModuleFacts(), [], () => false);
