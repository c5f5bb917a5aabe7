import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalyzedDocument, LanguageAnalyzer, TextChange } from '../language.js';
import { pythonAnalyzer } from '../python/python.js';
import type { AppliedTransform, PipelineFile, TextRange } from '../source.js';
import { inCell, joinCells, readCells, type JoinedCells } from './cells.js';

/**
 * Beam pipelines in Jupyter notebooks: the text is that of the `.ipynb` file, ranges are those of the cells. Editors
 * send cells, not this text; it is what the CLI reads and what runs.
 */
export const notebookAnalyzer: LanguageAnalyzer = {
  languageIds: ['jupyter'],
  extensions: ['.ipynb'],
  async open(text, context) {
    return new NotebookDocument(text, await pythonAnalyzer.open('', context));
  },
};

class NotebookDocument implements AnalyzedDocument {
  private joined: JoinedCells = joinCells([]);
  private isBroken = false;

  constructor(
    private own: string,
    private readonly python: AnalyzedDocument,
  ) {
    this.update(own);
  }

  edit(changes: readonly TextChange[]): void {
    const document = TextDocument.create('', 'json', 0, this.own);
    TextDocument.update(document, [...changes], 1);
    this.update(document.getText());
  }

  update(text: string): void {
    this.own = text;
    const cells = readCells(text);
    this.isBroken = cells === undefined && text.trim() !== '';
    this.joined = joinCells(cells ?? []);
    this.python.update(this.joined.text);
  }

  text(): string {
    return this.own;
  }

  file(): PipelineFile {
    const { sources, syntaxErrors } = this.python.file();
    if (this.isBroken) return { sources: [], syntaxErrors: [wholeOf(this.own)] };
    return {
      sources: sources.map((source) => {
        const { cell, ...range } = inCell(this.joined, source.range);
        const { cell: _, ...statement } = inCell(this.joined, source.statement);
        return { ...source, cell, range, statement };
      }),
      syntaxErrors: syntaxErrors.map((range) => inCell(this.joined, range)),
    };
  }

  transforms(): AppliedTransform[] {
    return (this.python.transforms?.() ?? []).map((one) => {
      const { cell, ...range } = inCell(this.joined, one.range);
      const { cell: _, ...selectionRange } = inCell(this.joined, one.selectionRange);
      return { ...one, cell, range, selectionRange };
    });
  }

  dependencies(): ReadonlySet<string> {
    return this.python.dependencies?.() ?? new Set();
  }

  dependencyChanged(path: string): void {
    this.python.dependencyChanged?.(path);
  }

  dispose(): void {
    this.python.dispose();
  }
}

function wholeOf(text: string): TextRange {
  const lines = text.split(/\r\n|\r|\n/);
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return { start: { line: 0, character: 0 }, end };
}
