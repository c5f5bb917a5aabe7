import type { AnalysisContext, AnalyzedDocument, TextChange } from '../language.js';
import type { AppliedTransform, PipelineFile, TextRange } from '../source.js';
import { isAsBefore, type Anchored, type KeptAnalysis } from '../syntax/keptAnalysis.js';
import { SegmentedText } from '../syntax/segments.js';
import type { TreeReader } from '../syntax/tree.js';
import { findSources, type Findings, type FoundSource } from './analysis.js';
import { layOutMembers } from './layout.js';
import { givenOptions } from './options.js';
import type { Span } from './pvalue.js';
import { isReadByAll, summaryOf } from './summary.js';
import type { Unit } from './unit.js';
import { parsedMember, readUnit, type ParsedMember } from './unitReader.js';
import { JavaWorkspace } from './workspace.js';

/** What was found, at its places in the members. */
interface Found {
  sources: {
    source: FoundSource['source'];
    range: Anchored<ParsedMember>;
    statement: Anchored<ParsedMember>;
  }[];
  transforms: {
    transform: Omit<AppliedTransform, 'range' | 'selectionRange'>;
    range: Anchored<ParsedMember>;
    selection: Anchored<ParsedMember>;
  }[];
}

/** A Java text in members, of which an edit parses only those it touches. */
export class JavaDocument implements AnalyzedDocument {
  private readonly segmented: SegmentedText<ParsedMember>;
  private readonly workspace: JavaWorkspace;
  private readonly options: ReadonlyMap<string, string>;
  private kept: KeptAnalysis<ParsedMember, Found> | undefined;
  private analysed: { file: PipelineFile; transforms: AppliedTransform[] } | undefined;

  constructor(
    private readonly reader: TreeReader,
    text: string,
    private readonly context: AnalysisContext | undefined,
  ) {
    this.segmented = new SegmentedText(text, layOutMembers);
    this.workspace = new JavaWorkspace(reader, context);
    this.options = givenOptions(context?.args ?? []);
  }

  edit(changes: readonly TextChange[]): void {
    if (this.segmented.edit(changes)) this.analysed = undefined;
  }

  update(text: string): void {
    if (this.segmented.update(text)) this.analysed = undefined;
  }

  text(): string {
    return this.segmented.text();
  }

  file(): PipelineFile {
    return this.analyse().file;
  }

  transforms(): AppliedTransform[] {
    return this.analyse().transforms;
  }

  dependencies(): ReadonlySet<string> {
    this.analyse();
    return this.workspace.paths();
  }

  dependencyChanged(path: string): void {
    this.workspace.forget(path);
    this.analysed = undefined;
    this.kept = undefined;
  }

  dispose(): void {
    this.segmented.segments = [];
  }

  private analyse(): { file: PipelineFile; transforms: AppliedTransform[] } {
    if (this.analysed) return this.analysed;
    const { segments } = this.segmented;
    const syntaxErrors: TextRange[] = [];
    const textOf = this.segmented.textOf.bind(this.segmented);
    const parse = (index: number): ParsedMember => {
      const parsed = parsedMember(segments, index, textOf, this.reader);
      const offset = segments[index]?.offset ?? 0;
      for (const { start, end } of parsed.errors) {
        syntaxErrors.push(this.segmented.range({ start: offset + start, end: offset + end }));
      }
      return parsed;
    };
    const pieces = segments.map((_, index) => parse(index));
    if (!this.kept || !isAsBefore(this.kept, pieces, summaryOf)) {
      const unit: Unit = readUnit(
        segments,
        (index) => pieces[index] ?? parse(index),
        this.context?.path,
        true,
      );
      this.kept = this.keep(pieces, findSources(unit, this.workspace, this.options));
    }
    const offsets = new Map(pieces.map((piece, index) => [piece, segments[index]?.offset ?? 0]));
    const place = ({ piece, start, end }: Anchored<ParsedMember>): TextRange => {
      const offset = offsets.get(piece) ?? 0;
      return this.segmented.range({ start: offset + start, end: offset + end });
    };
    const sources = this.kept.found.sources.map(({ source, range, statement }) => ({
      ...source,
      range: place(range),
      statement: place(statement),
    }));
    const transforms = this.kept.found.transforms.map(({ transform, range, selection }) => ({
      ...transform,
      range: place(range),
      selectionRange: place(selection),
    }));
    this.analysed = { file: { sources, syntaxErrors }, transforms };
    return this.analysed;
  }

  /** What was found, at its places in the members. */
  private keep(
    pieces: readonly ParsedMember[],
    { sources, applications, read }: Findings,
  ): KeptAnalysis<ParsedMember, Found> {
    const anchor = ({ start, end }: Span): Anchored<ParsedMember> => {
      const index = this.segmented.indexAt(start);
      const [piece, segment] = [pieces[index], this.segmented.segments[index]];
      if (!piece || !segment) throw new RangeError(`Nothing is at ${start}.`);
      return { piece, start: start - segment.offset, end: end - segment.offset };
    };
    const found: Found = {
      sources: sources.map(({ source, range, statement }) => ({
        source,
        range: anchor(range),
        statement: anchor(statement),
      })),
      transforms: applications.map(({ key, label, name, range, selection }) => ({
        transform: { pipeline: key, label, transformName: name },
        range: anchor(range),
        selection: anchor(selection),
      })),
    };
    const isRead = (piece: ParsedMember): boolean =>
      isReadByAll(piece) || piece.nodes.some((node) => read.has(node));
    return { pieces, isRead, found };
  }
}
