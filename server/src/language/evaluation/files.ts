import type { AnalysisContext } from '../language.js';
import type { Facts } from './scope.js';

/** Files beside the one that is analysed, and which of them were asked for. */
export class Files {
  readonly asked = new Set<string>();
  private readonly lists = new Map<string, readonly string[]>();
  private readonly facts = new Map<string, Facts | undefined>();

  constructor(private readonly context: AnalysisContext | undefined) {}

  read(path: string): string | undefined {
    this.asked.add(path);
    return this.context?.read(path);
  }

  /** Names of the files in a folder; none where that is not known. */
  list(folder: string): readonly string[] {
    this.asked.add(folder);
    let names = this.lists.get(folder);
    if (!names) {
      names = this.context?.list?.(folder) ?? [];
      this.lists.set(folder, names);
    }
    return names;
  }

  /** What is known of a file, parsed once until it changes. */
  parsed(path: string, parse: (text: string) => Facts): Facts | undefined {
    if (!this.facts.has(path)) {
      const text = this.read(path);
      this.facts.set(path, text === undefined ? undefined : parse(text));
    }
    return this.facts.get(path);
  }

  forget(path: string): void {
    this.facts.delete(path);
    this.lists.clear();
  }
}
