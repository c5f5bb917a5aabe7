import type { AnalysisContext, AnalyzedDocument, TextChange } from '../language.js';
import { makeSignature } from '../signature.js';
import type { AppliedTransform, PipelineFile, PipelineSource, TextRange } from '../source.js';
import { isAsBefore, type Anchored, type KeptAnalysis } from '../syntax/keptAnalysis.js';
import { SegmentedText } from '../syntax/segments.js';
import { bindNames } from './binder.js';
import { DefinitionCollector } from './definitions.js';
import { Files } from './files.js';
import type { Import } from './node.js';
import type { Application, PipelineReader, Read } from './reader.js';
import { Resolver } from './resolver.js';
import { summaryOf, type Facts } from './scope.js';
import { Module, type Dialect } from './world.js';

/** A language whose texts are evaluated. */
export interface Language extends Omit<Dialect, 'module'> {
  /** Absolute paths of the files that share the names of a file's top level, itself among them or not. */
  filesOf(path: string, files: Files): readonly string[];
  /** The file of the user's that an import is of. */
  locate(one: Import, from: string, files: Files): string | undefined;
  reader(
    module: Module,
    file: readonly Facts[],
    resolver: Resolver,
    outline?: Application[],
  ): PipelineReader;
}

/** A source, and where it is in the segments. */
interface Found {
  source: Omit<PipelineSource, 'range' | 'statement'>;
  range: Anchored<Facts>;
  statement: Anchored<Facts>;
}

const NOTHING: PipelineFile = { sources: [], syntaxErrors: [] };

/** A text of Go or TypeScript, of which an edit parses only the declarations it touches. */
export class EvaluatedDocument implements AnalyzedDocument {
  private readonly segments: SegmentedText<Facts>;
  private readonly files: Files;
  private analysed: PipelineFile | undefined;
  private kept: KeptAnalysis<Facts, Found[]> | undefined;
  /** Modules of other files, until one of them changes. */
  private modules = new Map<string, Module>();

  constructor(
    private readonly language: Language,
    text: string,
    private readonly context: AnalysisContext | undefined,
  ) {
    this.segments = new SegmentedText<Facts>(text, language.layout);
    this.files = new Files(context);
  }

  edit(changes: readonly TextChange[]): void {
    if (this.segments.edit(changes)) this.analysed = undefined;
  }

  update(text: string): void {
    if (this.segments.update(text)) this.analysed = undefined;
  }

  text(): string {
    return this.segments.text();
  }

  file(): PipelineFile {
    this.analysed ??= this.language.mentionsBeam(this.text()) ? this.analyse() : NOTHING;
    return this.analysed;
  }

  transforms(): AppliedTransform[] {
    if (!this.language.mentionsBeam(this.text())) return [];
    const outline: Application[] = [];
    const { reads } = this.read(this.parseAll().file, outline);
    const keys = pipelineKeys(reads, outline);
    const found = new Map<string, AppliedTransform & { at: number }>();
    for (const one of outline) {
      const { label, name } = one;
      const pipeline = keys.get(keyOf(one)) ?? one.pipeline.name;
      const range = this.segments.range(one.range);
      const at = one.range.start;
      const transform = { pipeline, label, transformName: name, range, selectionRange: range, at };
      // A function that is called several times applies what it says once for each label.
      found.set(`${at}:${pipeline}:${label}`, transform);
    }
    return [...found.values()]
      .sort((a, b) => a.at - b.at)
      .map(({ at: _, ...transform }) => transform);
  }

  dependencies(): ReadonlySet<string> {
    this.file();
    return this.files.asked;
  }

  dependencyChanged(path: string): void {
    this.files.forget(path);
    this.modules = new Map();
    this.analysed = undefined;
    this.kept = undefined;
  }

  dispose(): void {
    this.modules.clear();
  }

  private analyse(): PipelineFile {
    const { file, syntaxErrors } = this.parseAll();
    if (!this.kept || !isAsBefore(this.kept, file, summaryOf)) {
      const { reads, resolver, module } = this.read(file);
      const found = this.sources(reads, resolver).map((one) => this.anchored(one));
      this.kept = { pieces: file, isRead: (facts) => module.read.has(facts), found };
    }
    return { sources: this.kept.found.map((one) => this.placed(one)), syntaxErrors };
  }

  private anchored({ source, read }: { source: Found['source']; read: Read }): Found {
    const anchor = (span: { start: number; end: number }): Anchored<Facts> => {
      const segment = this.segments.segments[this.segments.indexAt(span.start)];
      if (!segment?.parsed) throw new RangeError(`Nothing is parsed at ${span.start}.`);
      const { offset, parsed } = segment;
      return { piece: parsed, start: span.start - offset, end: span.end - offset };
    };
    return { source, range: anchor(read.range), statement: anchor(read.statement) };
  }

  private placed({ source, range, statement }: Found): PipelineSource {
    const place = ({ piece, start, end }: Anchored<Facts>): TextRange => {
      const { offset } = piece.place;
      return this.segments.range({ start: offset + start, end: offset + end });
    };
    return { ...source, range: place(range), statement: place(statement) };
  }

  /** The facts of all segments, at their places. */
  private parseAll(): { file: Facts[]; syntaxErrors: TextRange[] } {
    const file: Facts[] = [];
    const syntaxErrors: TextRange[] = [];
    for (const segment of this.segments.segments) {
      segment.parsed ??= this.parse(this.segments.textOf(segment));
      segment.parsed.place.offset = segment.offset;
      file.push(segment.parsed);
      for (const { start, end } of segment.parsed.errors) {
        const at = { start: segment.offset + start, end: segment.offset + end };
        syntaxErrors.push(this.segments.range(at));
      }
    }
    return { file, syntaxErrors };
  }

  private read(
    file: readonly Facts[],
    outline?: Application[],
  ): { reads: Read[]; resolver: Resolver; module: Module } {
    const path = this.context?.path ?? '';
    const dialect: Dialect = {
      ...this.language,
      module: (one, from) => this.imported(one, from, dialect),
    };
    const others = this.context
      ? this.language.filesOf(path, this.files).filter((other) => other !== path)
      : [];
    const siblings = others.map((other) => this.factsOf(other));
    const module = new Module(path, dialect, [file, ...siblings]);
    const resolver = new Resolver(dialect, this.context?.args);
    const reads = this.language.reader(module, file, resolver, outline).read();
    return { reads, resolver, module };
  }

  private parse(text: string): Facts {
    const { root, errors } = this.language.read(text);
    return bindNames(root, errors);
  }

  /** The facts of another file; all of it is one piece. */
  private factsOf(path: string): Facts[] {
    const facts = this.files.parsed(path, (text) => this.parse(text));
    return facts ? [facts] : [];
  }

  private imported(one: Import, from: Module, dialect: Dialect): Module | undefined {
    const path = this.context && this.language.locate(one, from.path, this.files);
    if (path === undefined) return undefined;
    const known = this.modules.get(path);
    if (known) return known;
    const paths = this.language.filesOf(path, this.files);
    const module = new Module(
      path,
      dialect,
      paths.map((each) => this.factsOf(each)),
    );
    this.modules.set(path, module);
    return module;
  }

  /** In order of the text. */
  private sources(
    reads: readonly Read[],
    resolver: Resolver,
  ): { source: Found['source']; read: Read }[] {
    const keys = pipelineKeys(reads);
    const found = new Map<string, { source: Found['source']; read: Read }>();
    for (const read of reads) {
      const { label, name, bounded, reason, range, isRepeated, pipeline } = read;
      const collector = new DefinitionCollector(resolver);
      const args: Record<string, string> = {};
      // In the order of their names, so that what they refer to is numbered alike however they are written.
      for (const [key, write] of [...read.arguments].sort(([a], [b]) => (a < b ? -1 : 1))) {
        args[key] = write(collector);
      }
      const signature = makeSignature({
        sdk: this.language.sdk,
        transform: read.qualified,
        label,
        arguments: args,
        definitions: collector.collected(),
      });
      const key = keys.get(keyOf(read)) ?? pipeline.name;
      const identity = `${range.start}:${range.end}:${key}:${signature.hash}`;
      const known = found.get(identity);
      if (known && !isRepeated) continue;
      const source: Found['source'] = {
        pipeline: key,
        label,
        transformName: name,
        bounded,
        boundedReason: reason,
        ...(isRepeated && { repeated: true as const }),
        signature,
      };
      found.set(identity, { source, read });
    }
    return [...found.values()].sort(
      (a, b) => a.read.range.start - b.read.range.start || b.read.range.end - a.read.range.end,
    );
  }
}

function keyOf({ pipeline }: Pick<Read, 'pipeline'>): string {
  return `${pipeline.name}@${pipeline.order}`;
}

/** `p` for the first pipeline of a name, `p#2` for the next one in the text; those that read come first. */
function pipelineKeys(
  reads: readonly Read[],
  outline: readonly Application[] = [],
): Map<string, string> {
  const byName = new Map<string, Set<number>>();
  const inOrder = (all: readonly Pick<Read, 'pipeline'>[]): Pick<Read, 'pipeline'>[] =>
    [...all].sort((a, b) => a.pipeline.order - b.pipeline.order);
  for (const { pipeline } of [...inOrder(reads), ...inOrder(outline)]) {
    const orders = byName.get(pipeline.name) ?? new Set();
    byName.set(pipeline.name, orders.add(pipeline.order));
  }
  const keys = new Map<string, string>();
  for (const [name, orders] of byName) {
    [...orders].forEach((order, index) => {
      keys.set(`${name}@${order}`, index === 0 ? name : `${name}#${index + 1}`);
    });
  }
  return keys;
}
