import type { AnalysisContext, AnalyzedDocument, TextChange } from '../language.js';
import type { AppliedTransform, PipelineFile, TextRange } from '../source.js';
import { SegmentedText } from '../syntax/segments.js';
import type { TreeReader } from '../syntax/tree.js';
import { findSources } from './analysis.js';
import { layOutMembers } from './layout.js';
import { givenOptions } from './options.js';
import type { Unit } from './unit.js';
import { parsedMember, readUnit, type ParsedMember } from './unitReader.js';
import { JavaWorkspace } from './workspace.js';

/** A Java text in members, of which an edit parses only those it touches. */
export class JavaDocument implements AnalyzedDocument {
  private readonly segmented: SegmentedText<ParsedMember>;
  private readonly workspace: JavaWorkspace;
  private readonly options: ReadonlyMap<string, string>;
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
    const unit: Unit = readUnit(segments, parse, this.context?.path, true);
    const found = findSources(unit, this.workspace, this.options);
    const sources = found.sources.map(({ source, range, statement }) => ({
      ...source,
      range: this.segmented.range(range),
      statement: this.segmented.range(statement),
    }));
    const transforms = found.applications.map(({ key, label, name, range, selection }) => ({
      pipeline: key,
      label,
      transformName: name,
      range: this.segmented.range(range),
      selectionRange: this.segmented.range(selection),
    }));
    this.analysed = { file: { sources, syntaxErrors }, transforms };
    return this.analysed;
  }
}
