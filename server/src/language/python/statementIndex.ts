import type { PlacedStatement } from './statement.js';

/** Statements of a module by names that occur in them. */
export class StatementIndex {
  /** Most names occur in one statement. */
  private readonly statements = new Map<string, PlacedStatement | Set<PlacedStatement>>();

  add(names: Iterable<string>, statement: PlacedStatement): void {
    for (const name of names) {
      const known = this.statements.get(name);
      if (known === undefined) this.statements.set(name, statement);
      else if (known instanceof Set) known.add(statement);
      else if (known !== statement) this.statements.set(name, new Set([known, statement]));
    }
  }

  delete(names: Iterable<string>, statement: PlacedStatement): void {
    for (const name of names) {
      const known = this.statements.get(name);
      if (known instanceof Set) {
        known.delete(statement);
        if (known.size === 0) this.statements.delete(name);
      } else if (known === statement) this.statements.delete(name);
    }
  }

  get isEmpty(): boolean {
    return this.statements.size === 0;
  }

  has(name: string): boolean {
    return this.statements.has(name);
  }

  get(name: string): Iterable<PlacedStatement> {
    const known = this.statements.get(name);
    return known === undefined ? [] : known instanceof Set ? known : [known];
  }

  names(): Iterable<string> {
    return this.statements.keys();
  }
}

/** In the order of the text. */
export function inOrder(statements: Iterable<PlacedStatement>): PlacedStatement[] {
  return [...statements].sort((a, b) => a.offset - b.offset);
}
