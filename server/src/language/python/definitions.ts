import { nestedDefinition } from './collector.js';
import { localNames, type Definition } from './facts.js';
import { keywordsIn, Printer, writeParameters } from './print.js';
import { canonicalName } from './qualifiedNames.js';
import type { Resolver } from './resolver.js';
import { enter, lookUpNames, type Found, type Scope } from './scope.js';
import type { PlacedStatement, Statement } from './statement.js';

/** A definition in canonical form with the names left open that something outside of it binds. */
interface Template {
  /** Each free name is its number between {@link OPEN} and {@link CLOSE}. */
  text: string;
  names: string[][];
}

// Characters that quoting leaves as they are.
const OPEN = '\ue000';
const CLOSE = '\ue001';
const templates = new WeakMap<Definition, Template>();

/** Definitions of the file that a source consists of, and those that they refer to, in canonical form. */
export class DefinitionCollector {
  private readonly texts = new Map<string, string>();
  private readonly pending: Scope[] = [];
  private readonly seen = new Set<string>();
  private readonly places = new Map<string, number[]>();
  private readonly variables = new Map<Scope, Map<string, string>>();
  private numbered = 0;
  private readonly unwritten: { name: string; found: Found; root: string }[] = [];

  constructor(private readonly resolver: Resolver) {}

  /** Adds a definition; for {@link Resolver}, which tells of those that it meets. Gives the name to write for it. */
  definition(scope: Scope): string {
    const name = this.nameFor(scope.path, scope.base);
    if (!this.seen.has(name)) {
      this.seen.add(name);
      this.pending.push(scope);
    }
    return name;
  }

  /** Of two files' definitions of one name the second to be met is `name#2`: which file a definition is in is no part of it. */
  private nameFor(name: string, place: number): string {
    const places = this.places.get(name) ?? [];
    this.places.set(name, places);
    if (!places.includes(place)) places.push(place);
    const index = places.indexOf(place);
    return index === 0 ? name : `${name}#${index + 1}`;
  }

  /** Adds a name with several values, under a number: the name itself may be a local one. */
  variable(found: Found, root: string): string {
    const names = this.variables.get(found.scope) ?? new Map<string, string>();
    this.variables.set(found.scope, names);
    let name = names.get(root);
    if (name === undefined) {
      name = `@${++this.numbered}`;
      names.set(root, name);
      this.unwritten.push({ name, found, root });
    }
    return name;
  }

  /**
   * All that was added with all that it refers to, by name.
   * @param args the texts that it was added for
   */
  collected(args: Readonly<Record<string, string>>): Record<string, string> {
    for (;;) {
      const scope = this.pending.shift();
      if (scope?.definition) {
        const name = this.nameFor(scope.path, scope.base);
        this.texts.set(name, this.write(scope, scope.definition));
        const changes = this.resolver.changesOfClass(scope, this);
        if (changes !== '') this.texts.set(`changes of ${name}`, changes);
      }
      const variable = this.unwritten.shift();
      if (variable) {
        const { name, found, root } = variable;
        this.texts.set(name, this.resolver.whole(found, root, this));
      }
      if (!scope && !variable) break;
    }
    const keywords = new Set([...Object.values(args), ...this.texts.values()].flatMap(keywordsIn));
    const written = [...this.texts].map(([name, text]) => [name, writeParameters(text, keywords)]);
    return Object.fromEntries(written) as Record<string, string>;
  }

  private write(scope: Scope, definition: Definition): string {
    const { text, names } = templateOf(definition);
    const written = names.map((name) => this.freeName(name, scope));
    return text.replace(/\ue000(\d+)\ue001/g, (_, index: string) => written[Number(index)] ?? '');
  }

  private freeName(names: string[], scope: Scope): string {
    const outside = scope.parent ?? scope;
    const { found, rest } = lookUpNames(outside, names) ?? {};
    if (!found || !rest) return this.resolver.name(names, outside, this);
    const [binding] = found.bindings;
    if (binding && found.bindings.every((one) => one.kind === 'import') && !found.parameter) {
      return canonicalName([binding.qualified ?? '', ...rest].join('.'));
    }
    if (found.scope.kind === 'module' && rest.length > 0) {
      const part = this.resolver.partOfName(names, outside, this);
      if (part) return this.entry([binding?.name ?? '', ...rest], found, part);
    }
    if (binding?.definition && found.bindings.length === 1 && !found.parameter) {
      const target = enter(binding, binding.definition, found.scope);
      return [this.definition(target), ...rest].join('.');
    }
    // A name of a module keeps its name and has its value beside it; a local one has only its value.
    if (found.scope.kind !== 'module' || !binding) return this.resolver.name(names, outside, this);
    const write = (): string => this.resolver.whole(found, binding.name, this);
    return [this.entry([binding.name], found, write), ...rest].join('.');
  }

  /** Adds the text of a name of a module, or of a part of what it is bound to; gives the name to write for it. */
  private entry(names: readonly string[], { scope }: Found, write: () => string): string {
    const name = this.nameFor(names.join('.'), scope.base);
    if (!this.seen.has(name)) {
      this.seen.add(name);
      this.texts.set(name, write());
    }
    return name;
  }
}

function templateOf(definition: Definition): Template {
  let template = templates.get(definition);
  if (!template) {
    const names: string[][] = [];
    const printer = new Printer((free) => `${OPEN}${names.push(free) - 1}${CLOSE}`);
    template = { text: printDefinition(printer, definition), names };
    templates.set(definition, template);
  }
  return template;
}

function printDefinition(printer: Printer, definition: Definition): string {
  const { statement } = definition;
  const [outer] = statement.nodes;
  const node = outer?.children.find((part) => part.field === 'definition') ?? outer;
  const lines = definition.decorators.map((decorator) => printer.expression(decorator));
  const name = printer.local(definition.name);
  const body = (): string => indent(printBlock(printer, statement, definition.kind === 'class'));
  if (definition.kind === 'class') {
    const bases = node?.children.find((part) => part.field === 'superclasses');
    lines.push(`class ${name}(${bases ? printer.arguments(bases) : ''}):`, body());
    return lines.filter((line) => line).join('\n');
  }
  const { bound, parameters } = localNames(definition);
  const header = node?.children.find((part) => part.field === 'parameters');
  const isAsync = node?.children.some((part) => part.kind === 'async') ? 'async ' : '';
  for (const parameter of parameters) bound.delete(parameter);
  printer.within(bound, parameters, () => {
    const written = header ? printer.parameters(header) : '';
    lines.push(`${isAsync}def ${name}(${written}):`, body());
  });
  return lines.filter((line) => line).join('\n');
}

function printBlock(printer: Printer, statement: Statement, inClass: boolean): string {
  const body = statement.clauses.flatMap((clause) => clause.body);
  return printStatements(printer, body, inClass);
}

function printStatements(
  printer: Printer,
  body: readonly PlacedStatement[],
  inClass: boolean,
): string {
  const lines: string[] = [];
  for (const { statement } of body) {
    const nested = nestedDefinition(statement);
    if (nested) lines.push(printDefinition(printer, nested));
    else if (statement.clauses.length === 0) {
      for (const node of statement.nodes) lines.push(printer.simple(node, inClass));
    } else {
      statement.clauses.forEach((clause, index) => {
        lines.push(`${printer.header(statement, index)}:`);
        lines.push(indent(printStatements(printer, clause.body, inClass)));
      });
    }
  }
  return lines.filter((line) => line).join('\n');
}

function indent(text: string): string {
  return text === '' ? '' : text.replace(/^/gm, '  ');
}
