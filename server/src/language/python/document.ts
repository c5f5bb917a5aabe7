import type { AnalysisContext, AnalyzedDocument, TextChange } from '../language.js';
import type { AppliedTransform, PipelineFile, TextPosition, TextRange } from '../source.js';
import { ModuleAnalysis, type FoundSource } from './analysis.js';
import { layOut, type StatementLayout } from './layout.js';
import { ModuleFiles } from './modules.js';
import { StatementReader, type PlacedStatement } from './statement.js';
import type { PythonSyntax } from './syntax.js';
import type { Offsets } from './values.js';

/** Whole lines of the text: a statement of the module with the comments and blank lines after it. */
interface Segment {
  text: string;
  /** Where it begins; changes as the text before it does. */
  offset: number;
  line: number;
  /** The statement at its place in the text; of the first segment there may be none. */
  placed: PlacedStatement | undefined;
  /** From where the segment begins to where the statement does. */
  lead: number;
  lineBreaks: number;
  /** Where its lines begin; found when a position in it is asked for. */
  lineStarts?: number[];
}

/** A source at its offsets in the statement that it is in. */
interface SourceInStatement extends FoundSource {
  placed: PlacedStatement | undefined;
}

/** A Python text in segments, of which an edit lays out and parses only those it touches. */
export class PythonDocument implements AnalyzedDocument {
  private segments: Segment[] = [];
  /** A triple-quoted string is open at the end: segments then depend on all of the text. */
  private isUnterminated = false;
  private readonly reader: StatementReader;
  private readonly files: ModuleFiles | undefined;
  private readonly analysis: ModuleAnalysis;
  private found: SourceInStatement[] = [];
  private analysed: PipelineFile | undefined;

  constructor(syntax: PythonSyntax, text: string, context?: AnalysisContext) {
    this.reader = new StatementReader(syntax);
    this.files = context && new ModuleFiles(context, syntax);
    this.analysis = new ModuleAnalysis(this.files);
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
    return this.analysis.transforms().map((found) => ({
      ...found.transform,
      range: this.range(found.range),
      selectionRange: this.range(found.selection),
    }));
  }

  dependencies(): ReadonlySet<string> {
    return this.files?.dependencies() ?? new Set();
  }

  dependencyChanged(path: string): void {
    this.files?.forget(path);
    this.analysis.forget();
    this.analysed = undefined;
  }

  dispose(): void {
    this.segments = [];
  }

  private read(text: string): void {
    let layout = layOut(text);
    this.isUnterminated = layout.unterminated;
    if (layout.unterminated) layout = layOut(text, true);
    const added = this.segment(text, layout.statements, text.length);
    this.exchange(0, this.segments.length, added);
  }

  private splice(start: number, end: number, inserted: string): void {
    if (this.isUnterminated) {
      const text = this.text();
      this.read(text.slice(0, start) + inserted + text.slice(end));
      return;
    }
    const { segments } = this;
    // The statement before may continue into what is inserted (`else:`, a bracket, an indented line).
    const first = Math.max(0, indexAt(segments, 'offset', start) - 1);
    const from = segments[first]?.offset ?? 0;
    let last = indexAt(segments, 'offset', end);
    for (let more = 1; ; more *= 2) {
      last = Math.min(segments.length - 1, last + more);
      const isEnd = last === segments.length - 1;
      const touched = segments.slice(first, last + 1);
      const old = touched.map((segment) => segment.text).join('');
      const text = old.slice(0, start - from) + inserted + old.slice(end - from);
      // Where an unchanged segment begins as before, all that follows is as before.
      const delta = inserted.length - (end - start);
      const boundaries = new Map<number, number>();
      touched.forEach(({ offset }, index) => {
        if (offset > end && index > 0) boundaries.set(offset - from + delta, first + index);
      });
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
      this.exchange(first, kept?.index ?? segments.length, added);
      return;
    }
  }

  /** Puts segments in place of those from `first` up to `end`. */
  private exchange(first: number, end: number, added: Segment[]): void {
    const removed = this.segments.slice(first, end);
    this.segments = this.segments.slice(0, first).concat(added, this.segments.slice(end));
    const statements = exchangedStatements(removed, added);
    const before = this.segments[first - 1];
    let offset = before ? before.offset + before.text.length : 0;
    let line = before ? before.line + before.lineBreaks : 0;
    for (let index = first; index < this.segments.length; index++) {
      const segment = this.segments[index];
      if (!segment) break;
      segment.offset = offset;
      segment.line = line;
      if (segment.placed) segment.placed.offset = offset + segment.lead;
      offset += segment.text.length;
      line += segment.lineBreaks;
    }
    this.analysis.replace(statements.removed, statements.added);
    this.analysed = undefined;
    this.reader.sweep(offset);
  }

  /** Cuts `text` up to `end` into one segment for each statement. */
  private segment(text: string, statements: readonly StatementLayout[], end: number): Segment[] {
    const place = { offset: 0, line: 0 };
    if (statements.length === 0) {
      const lineBreaks = countLines(text, 0, end);
      return [{ text: text.slice(0, end), ...place, placed: undefined, lead: 0, lineBreaks }];
    }
    const starts = statements.map((statement, index) =>
      index === 0 ? 0 : lineStart(text, statement.start),
    );
    return statements.map((layout, index) => {
      const start = starts[index] ?? 0;
      const next = starts[index + 1] ?? end;
      return {
        text: text.slice(start, next),
        ...place,
        placed: { offset: 0, statement: this.reader.read(text, layout) },
        lead: layout.start - start,
        lineBreaks: countLines(text, start, next),
      };
    });
  }

  private analyse(): PipelineFile {
    if (!this.analysis.isKnown) {
      this.found = this.analysis.sources().map((one) => {
        const { placed } = this.segments[indexAt(this.segments, 'offset', one.range.start)] ?? {};
        const base = -(placed?.offset ?? 0);
        const { source, range, statement } = one;
        return { placed, source, range: shift(range, base), statement: shift(statement, base) };
      });
    }
    const syntaxErrors: TextRange[] = [];
    for (const { placed } of this.segments) {
      for (const error of placed?.statement.errors ?? []) {
        syntaxErrors.push(this.range(shift(error, placed?.offset ?? 0)));
      }
    }
    const sources = this.found.map(({ placed, source, range, statement }) => ({
      ...source,
      range: this.range(shift(range, placed?.offset ?? 0)),
      statement: this.range(shift(statement, placed?.offset ?? 0)),
    }));
    return { sources, syntaxErrors };
  }

  private range({ start, end }: Offsets): TextRange {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  private offsetAt({ line, character }: TextPosition): number {
    const segment = this.segments[indexAt(this.segments, 'line', line)];
    if (!segment) return 0;
    const { text } = segment;
    let at = 0;
    for (let skip = line - segment.line; skip > 0; skip--) {
      const next = nextLine(text, at);
      if (next === undefined) return segment.offset + text.length;
      at = next;
    }
    let end = at;
    while (end < text.length && end < at + character && !isBreak(text.charCodeAt(end))) end++;
    return segment.offset + end;
  }

  private positionAt(offset: number): TextPosition {
    const segment = this.segments[indexAt(this.segments, 'offset', offset)];
    if (!segment) return { line: 0, character: offset };
    const within = offset - segment.offset;
    const starts = (segment.lineStarts ??= lineStartsOf(segment.text));
    const line = lastAt(starts.length, (index) => starts[index] ?? 0, within);
    return { line: segment.line + line, character: within - (starts[line] ?? 0) };
  }
}

/**
 * The statements that segments have and those in place of them have not, and the other way around. What stays is the
 * same object in both.
 */
function exchangedStatements(
  removed: readonly Segment[],
  added: readonly Segment[],
): { removed: PlacedStatement[]; added: PlacedStatement[] } {
  const least = Math.min(removed.length, added.length);
  const isKept = (before: Segment | undefined, after: Segment | undefined): boolean => {
    if (!after || before?.placed?.statement !== after.placed?.statement) return false;
    after.placed = before?.placed;
    return true;
  };
  let head = 0;
  while (head < least && isKept(removed[head], added[head])) head++;
  let tail = 0;
  while (tail < least - head && isKept(removed.at(-1 - tail), added.at(-1 - tail))) tail++;
  const between = (segments: readonly Segment[]): PlacedStatement[] =>
    segments.slice(head, segments.length - tail).flatMap(({ placed }) => placed ?? []);
  return { removed: between(removed), added: between(added) };
}

function shift({ start, end }: Offsets, by: number): Offsets {
  return { start: start + by, end: end + by };
}

/** Index of the last segment that does not begin beyond `value`. */
function indexAt(segments: readonly Segment[], by: 'offset' | 'line', value: number): number {
  return lastAt(segments.length, (index) => segments[index]?.[by] ?? 0, value);
}

/** Index of the last of ascending numbers that is not beyond `value`; at least 0. */
function lastAt(count: number, numberAt: (index: number) => number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numberAt(middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

/** Where each line begins. */
function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = nextLine(text, 0); at !== undefined; at = nextLine(text, at)) starts.push(at);
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
