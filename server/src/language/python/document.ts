import type { AnalysisContext, AnalyzedDocument, TextChange } from '../language.js';
import type { AppliedTransform, PipelineFile, TextPosition, TextRange } from '../source.js';
import { findSources, findTransforms } from './analysis.js';
import { layOut, type StatementLayout } from './layout.js';
import { ModuleFiles } from './modules.js';
import { StatementReader, type PlacedStatement } from './statement.js';
import type { PythonSyntax } from './syntax.js';
import type { Offsets } from './values.js';

/** Whole lines of the text: a statement of the module with the comments and blank lines after it. */
interface Segment {
  text: string;
  /** Of the first segment there may be none. */
  statement: PlacedStatement | undefined;
  lineBreaks: number;
  /** Where its lines begin; found when a position in it is asked for. */
  lineStarts?: number[];
}

/** A Python text in segments, of which an edit lays out and parses only those it touches. */
export class PythonDocument implements AnalyzedDocument {
  private segments: Segment[] = [];
  /** A triple-quoted string is open at the end: segments then depend on all of the text. */
  private isUnterminated = false;
  private readonly reader: StatementReader;
  private analysed: PipelineFile | undefined;
  private readonly files: ModuleFiles | undefined;

  constructor(syntax: PythonSyntax, text: string, context?: AnalysisContext) {
    this.reader = new StatementReader(syntax);
    this.files = context && new ModuleFiles(context, syntax);
    this.read(text);
  }

  edit(changes: readonly TextChange[]): void {
    for (const { range, text } of changes) {
      if (range) this.splice(this.offsetAt(range.start), this.offsetAt(range.end), text);
      else this.update(text);
    }
  }

  update(text: string): void {
    const before = this.text();
    const limit = Math.min(before.length, text.length);
    let start = 0;
    while (start < limit && before.charCodeAt(start) === text.charCodeAt(start)) start++;
    let end = 0;
    while (
      end < limit - start &&
      before.charCodeAt(before.length - 1 - end) === text.charCodeAt(text.length - 1 - end)
    ) {
      end++;
    }
    if (start === before.length && start === text.length) return;
    this.splice(start, before.length - end, text.slice(start, text.length - end));
  }

  text(): string {
    return this.segments.map((segment) => segment.text).join('');
  }

  file(): PipelineFile {
    this.analysed ??= this.analyse();
    return this.analysed;
  }

  transforms(): AppliedTransform[] {
    const { statements, range } = this.place();
    return findTransforms(statements, this.files).map((found) => ({
      ...found.transform,
      range: range(found.range),
      selectionRange: range(found.selection),
    }));
  }

  dependencies(): ReadonlySet<string> {
    return this.files?.dependencies() ?? new Set();
  }

  dependencyChanged(path: string): void {
    this.files?.forget(path);
    this.analysed = undefined;
  }

  dispose(): void {
    this.segments = [];
  }

  private read(text: string): void {
    let layout = layOut(text);
    this.isUnterminated = layout.unterminated;
    if (layout.unterminated) layout = layOut(text, true);
    this.segments = this.segment(text, layout.statements, text.length);
    this.analysed = undefined;
  }

  private splice(start: number, end: number, inserted: string): void {
    this.analysed = undefined;
    if (this.isUnterminated) {
      const text = this.text();
      this.read(text.slice(0, start) + inserted + text.slice(end));
      return;
    }
    const offsets = this.offsets();
    const touched = indexAt(offsets, start);
    // The statement before may continue into what is inserted (`else:`, a bracket, an indented line).
    const first = Math.max(0, touched - 1);
    const from = offsets[first] ?? 0;
    let last = indexAt(offsets, end);
    for (let more = 1; ; more *= 2) {
      last = Math.min(this.segments.length - 1, last + more);
      const isEnd = last === this.segments.length - 1;
      const old = this.segments
        .slice(first, last + 1)
        .map((segment) => segment.text)
        .join('');
      const text = old.slice(0, start - from) + inserted + old.slice(end - from);
      // Where an unchanged segment begins as before, all that follows is as before.
      const delta = inserted.length - (end - start);
      const boundaries = new Map<number, number>();
      for (let i = first + 1; i <= last; i++) {
        const offset = offsets[i] ?? 0;
        if (offset > end) boundaries.set(offset - from + delta, i);
      }
      let kept: { at: number; index: number } | undefined;
      const layout = layOut(text, false, (position) => {
        const at = lineStart(text, position);
        const index = boundaries.get(at);
        if (index === undefined) return false;
        kept = { at, index };
        return true;
      });
      if (!kept && !isEnd) continue;
      if (layout.unterminated) {
        const whole = this.text();
        this.read(whole.slice(0, start) + inserted + whole.slice(end));
        return;
      }
      const added = this.segment(text, layout.statements, kept?.at ?? text.length);
      const removed = (kept?.index ?? this.segments.length) - first;
      this.segments.splice(first, removed, ...added);
      this.reader.sweep(offsets.at(-1) ?? 0);
      return;
    }
  }

  /** Cuts `text` up to `end` into one segment for each statement. */
  private segment(text: string, statements: readonly StatementLayout[], end: number): Segment[] {
    const starts = statements.map((statement, index) =>
      index === 0 ? 0 : lineStart(text, statement.start),
    );
    if (statements.length === 0) {
      return [
        { text: text.slice(0, end), statement: undefined, lineBreaks: countLines(text, 0, end) },
      ];
    }
    return statements.map((layout, index) => {
      const start = starts[index] ?? 0;
      const next = starts[index + 1] ?? end;
      const statement = this.reader.read(text, layout);
      return {
        text: text.slice(start, next),
        statement: { offset: layout.start - start, statement },
        lineBreaks: countLines(text, start, next),
      };
    });
  }

  private analyse(): PipelineFile {
    const { statements, range } = this.place();
    const syntaxErrors: TextRange[] = [];
    for (const { offset, statement } of statements) {
      for (const { start, end } of statement.errors) {
        syntaxErrors.push(range({ start: offset + start, end: offset + end }));
      }
    }
    const sources = findSources(statements, this.files).map((found) => ({
      ...found.source,
      range: range(found.range),
      statement: range(found.statement),
    }));
    return { sources, syntaxErrors };
  }

  /** The statements at their places in the text, and what makes ranges of offsets. */
  private place(): { statements: PlacedStatement[]; range: (offsets: Offsets) => TextRange } {
    const offsets = this.offsets();
    const lines = this.lines();
    const statements: PlacedStatement[] = [];
    this.segments.forEach(({ statement }, index) => {
      if (!statement) return;
      const offset = (offsets[index] ?? 0) + statement.offset;
      statements.push({ offset, statement: statement.statement });
    });
    return {
      statements,
      range: ({ start, end }) => ({
        start: this.positionAt(start, offsets, lines),
        end: this.positionAt(end, offsets, lines),
      }),
    };
  }

  /** Where each segment begins, and at last the length of the text. */
  private offsets(): number[] {
    const offsets = [0];
    let offset = 0;
    for (const segment of this.segments) offsets.push((offset += segment.text.length));
    return offsets;
  }

  /** The line on which each segment begins. */
  private lines(): number[] {
    const lines = [0];
    let line = 0;
    for (const segment of this.segments) lines.push((line += segment.lineBreaks));
    return lines;
  }

  private offsetAt({ line, character }: TextPosition): number {
    const lines = this.lines();
    const index = indexAt(lines, line);
    const offset = this.offsets()[index] ?? 0;
    const text = this.segments[index]?.text ?? '';
    let at = 0;
    for (let skip = line - (lines[index] ?? 0); skip > 0; skip--) {
      const next = nextLine(text, at);
      if (next === undefined) return offset + text.length;
      at = next;
    }
    let end = at;
    while (end < text.length && end < at + character && !isBreak(text.charCodeAt(end))) end++;
    return offset + end;
  }

  private positionAt(offset: number, offsets: number[], lines: number[]): TextPosition {
    const index = indexAt(offsets, offset);
    const within = offset - (offsets[index] ?? 0);
    const segment = this.segments[index];
    if (!segment) return { line: 0, character: within };
    const starts = (segment.lineStarts ??= lineStartsOf(segment.text));
    const line = indexAt(starts, within);
    return { line: (lines[index] ?? 0) + line, character: within - (starts[line] ?? 0) };
  }
}

/** Index of the last item that is not beyond `value`, the end item left out. */
function indexAt(starts: readonly number[], value: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

/** Where each line begins, and at last a place that is in none. */
function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = nextLine(text, 0); at !== undefined; at = nextLine(text, at)) starts.push(at);
  starts.push(Infinity);
  return starts;
}

function nextLine(text: string, from: number): number | undefined {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return undefined;
}

function countLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) count++;
  }
  return count;
}

function lineStart(text: string, position: number): number {
  let start = position;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  return start;
}
