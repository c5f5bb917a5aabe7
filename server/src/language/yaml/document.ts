import type {
  AnalysisContext,
  AnalyzedDocument,
  CompletionProposal,
  Description,
  DocumentProblem,
  TextChange,
} from '../language.js';
import type { AppliedTransform, PipelineFile, TextPosition, TextRange } from '../source.js';
import { completeAt, describeAt } from './assistance.js';
import { expandTemplate, type ExpandedText } from './includes.js';
import { ExpandedPositions } from './mappedText.js';
import type { Placed } from './nodes.js';
import { Positions } from './positions.js';
import { problemsOf } from './problems.js';
import { readProviders } from './providers.js';
import { sourcesOf, transformsOf, type YamlPipeline } from './sources.js';
import { readPipeline, type Spec } from './specs.js';
import { maskTemplate } from './template.js';
import { endOf, TreeReader } from './tree.js';
import { Values } from './values.js';

const NOTHING: PipelineFile = { sources: [], syntaxErrors: [] };

/** What a text is: its pipelines, none when it is no file of Beam's. */
interface Analysis {
  pipelines: YamlPipeline[];
  syntaxErrors: TextRange[];
  dependencies: Set<string>;
  /** Between the text as written and what it is with the files that it includes. */
  positions: Positions;
  unresolved: ExpandedText['unresolved'];
}

/** A YAML text, of which an edit parses only the parts it touches; one that is no pipeline is not parsed at all. */
export class YamlDocument implements AnalyzedDocument {
  private readonly reader = new TreeReader();
  private lines: Positions | undefined;
  private analysis: Analysis | undefined;
  private analysed: PipelineFile | undefined;
  private found: DocumentProblem[] | undefined;

  constructor(
    private content: string,
    private readonly context?: AnalysisContext,
  ) {}

  edit(changes: readonly TextChange[]): void {
    for (const { range, text } of changes) {
      if (!range) {
        this.update(text);
        continue;
      }
      const start = this.positions().offsetAt(range.start);
      const end = Math.max(start, this.positions().offsetAt(range.end));
      this.update(this.content.slice(0, start) + text + this.content.slice(end));
    }
  }

  update(text: string): void {
    if (text === this.content) return;
    this.content = text;
    this.lines = undefined;
    this.forget();
  }

  text(): string {
    return this.content;
  }

  file(): PipelineFile {
    if (this.analysed) return this.analysed;
    const { pipelines, syntaxErrors } = this.analyse();
    this.analysed =
      pipelines.length > 0 ? { sources: pipelines.flatMap(sourcesOf), syntaxErrors } : NOTHING;
    return this.analysed;
  }

  transforms(): AppliedTransform[] {
    return this.analyse().pipelines.flatMap(transformsOf);
  }

  problems(): DocumentProblem[] {
    this.found ??= this.problemsFound();
    return this.found;
  }

  complete(position: TextPosition): CompletionProposal[] {
    const { pipelines, positions } = this.analyse();
    // A pipeline begins as the word alone.
    if (pipelines.length === 0 && !/^pipeline:\s*(?:#.*)?$/m.test(this.content)) return [];
    return completeAt(pipelines, positions, position);
  }

  describe(position: TextPosition): Description | undefined {
    const { pipelines, positions } = this.analyse();
    return describeAt(pipelines, positions, position);
  }

  dependencies(): ReadonlySet<string> {
    return this.analyse().dependencies;
  }

  dependencyChanged(path: string): void {
    if (this.analyse().dependencies.has(path)) this.forget();
  }

  dispose(): void {
    this.update('');
  }

  private forget(): void {
    this.analysis = undefined;
    this.analysed = undefined;
    this.found = undefined;
  }

  private positions(): Positions {
    this.lines ??= new Positions(this.content);
    return this.lines;
  }

  private problemsFound(): DocumentProblem[] {
    const { pipelines, unresolved } = this.analyse();
    const missing = unresolved.map(({ name, start, end }): DocumentProblem => {
      const range = this.positions().range(start, end);
      const message = `${name} is not found: whether it reads anything is not known. Beam looks for it from the working folder and beside this file.`;
      return { range, severity: 'warning', code: 'unknown-include', message };
    });
    return pipelines.length > 0 ? [...pipelines.flatMap(problemsOf), ...missing] : [];
  }

  private analyse(): Analysis {
    this.analysis ??= this.analyseText();
    return this.analysis;
  }

  private analyseText(): Analysis {
    const pipelines: YamlPipeline[] = [];
    const dependencies = new Set<string>();
    const analysis: Analysis = {
      pipelines,
      syntaxErrors: [],
      dependencies,
      positions: this.positions(),
      unresolved: [],
    };
    // Most YAML files are no pipelines.
    if (!/pipeline|\{%[-+]?\s*extends\b/.test(this.content)) return analysis;
    // PyYAML ends a line at a CR alone, the library does not.
    const expanded = expandTemplate(this.content.replace(/\r(?!\n)/g, '\n'), this.context);
    const template = maskTemplate(expanded.mapped.text);
    for (const [imported, definition] of expanded.imports)
      template.variables.set(imported, definition);
    for (const file of expanded.files) dependencies.add(file);
    analysis.unresolved = expanded.unresolved;
    if (expanded.isExpanded)
      analysis.positions = new ExpandedPositions(this.content, expanded.mapped);
    const { positions } = analysis;
    const { text } = template;
    const tree = this.reader.read(text);
    const range = (placed: Placed): TextRange => {
      const written = text.slice(placed.start, endOf(placed)).trimEnd();
      return positions.range(placed.start, placed.start + written.length);
    };
    for (const document of tree.documents) {
      const values = new Values(document);
      const value = values.get(document, 'pipeline');
      const spec = value && readPipeline(values, value);
      if (!spec || !isBeam(spec)) continue;
      const providers = readProviders(values, document, this.context);
      for (const file of providers.files) dependencies.add(file);
      const name = pipelines.length === 0 ? 'pipeline' : `pipeline#${pipelines.length + 1}`;
      pipelines.push({ name, document, spec, values, providers, template, range });
    }
    if (pipelines.length > 0) {
      analysis.syntaxErrors = tree.errors.map(({ start, end }) => positions.range(start, end));
    }
    return analysis;
  }
}

/** Other tools have a `pipeline` at the top of their files, too: of stages, steps or jobs. */
function isBeam({ entries, children }: Spec): boolean {
  const hasTransforms = entries.some(({ name }) =>
    /^(?:transforms|source|extra_transforms)$/.test(name),
  );
  return hasTransforms || children.some(({ type }) => type !== undefined);
}
