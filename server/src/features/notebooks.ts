import type {
  Connection,
  Diagnostic,
  NotebookDocumentSyncOptions,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver';
import { NotebookCellKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inCell, joinCells, type JoinedCells } from '../language/notebook/cells.js';
import type { TextRange } from '../language/source.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { pathOf } from './client.js';
import type { PipelineDocument, PipelineFiles } from './pipelineFiles.js';

/** Which notebooks and cells a client is to send. */
export const notebookDocumentSync: NotebookDocumentSyncOptions = {
  notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }],
};

/**
 * The open notebooks: each is one file, of the code of its cells, and is known by the notebook's URI. Recordings belong
 * to that; what a client asks about a cell is answered with what is in the cell.
 */
export interface Notebooks {
  has(uri: string): boolean;
  /** Problems of a notebook by the cell they are in; undefined for a file that is none. */
  diagnosticsByCell(
    uri: string,
    diagnostics: Diagnostic[],
  ): { uri: string; version: number; diagnostics: Diagnostic[] }[] | undefined;
  /** What is known of a cell, as if it were a file; undefined for what is no cell. */
  settledCell(uri: string): Promise<PipelineDocument | undefined> | undefined;
}

interface Notebook {
  uri: string;
  version: number;
  /** In their order. */
  cells: { uri: string; isCode: boolean }[];
  documents: Map<string, TextDocument>;
  joined: JoinedCells;
}

export interface NotebooksContext {
  files: PipelineFiles;
  /** A notebook was closed: forget what was known of it. */
  onClose: (uri: string) => void;
}

export function serveNotebooks(
  connection: Connection,
  { files, onClose }: NotebooksContext,
): Notebooks {
  const notebooks = new Map<string, Notebook>();

  function join({ cells, documents }: Notebook): JoinedCells {
    return joinCells(
      cells.map(({ uri, isCode }) => (isCode ? documents.get(uri)?.getText() : undefined)),
    );
  }

  function add(
    notebook: Notebook,
    items: { uri: string; languageId: string; version: number; text: string }[],
  ): void {
    for (const { uri, languageId, version, text } of items)
      notebook.documents.set(uri, TextDocument.create(uri, languageId, version, text));
  }

  function rejoin(notebook: Notebook): void {
    const before = notebook.joined.text;
    notebook.joined = join(notebook);
    const change = differenceOf(before, notebook.joined.text);
    files.change(notebook.uri, [change], notebook.version);
  }

  function cellOf(uri: string): Notebook | undefined {
    for (const notebook of notebooks.values()) if (notebook.documents.has(uri)) return notebook;
    return undefined;
  }

  connection.notebooks.synchronization.onDidOpenNotebookDocument(
    ({ notebookDocument, cellTextDocuments }) => {
      const { uri, version, cells } = notebookDocument;
      // An untitled notebook is no file yet that could be run.
      if (pathOf(uri) === undefined) return;
      const notebook: Notebook = {
        ...{ uri, version, documents: new Map(), joined: joinCells([]) },
        cells: cells.map(asCell),
      };
      add(notebook, cellTextDocuments);
      notebook.joined = join(notebook);
      notebooks.set(uri, notebook);
      files.open(uri, 'python', version, notebook.joined.text);
    },
  );
  connection.notebooks.synchronization.onDidChangeNotebookDocument(
    ({ notebookDocument, change }) => {
      const notebook = notebooks.get(notebookDocument.uri);
      if (!notebook) return;
      notebook.version = notebookDocument.version;
      const { structure, textContent = [] } = change.cells ?? {};
      if (structure) {
        const { start, deleteCount, cells = [] } = structure.array;
        notebook.cells.splice(start, deleteCount, ...cells.map(asCell));
        for (const { uri } of structure.didClose ?? []) {
          notebook.documents.delete(uri);
          void connection.sendDiagnostics({ uri, diagnostics: [] });
        }
        // Last: a cell that moves may be closed and opened.
        add(notebook, structure.didOpen ?? []);
      }
      for (const { document, changes } of textContent) update(notebook, document, changes);
      if (structure || textContent.length > 0) rejoin(notebook);
    },
  );
  connection.notebooks.synchronization.onDidCloseNotebookDocument(
    ({ notebookDocument: { uri } }) => {
      const notebook = notebooks.get(uri);
      if (!notebook) return;
      for (const cell of notebook.documents.keys())
        void connection.sendDiagnostics({ uri: cell, diagnostics: [] });
      notebooks.delete(uri);
      files.close(uri);
      onClose(uri);
    },
  );

  async function settledCell(uri: string, notebook: Notebook) {
    const file = await files.settled(notebook.uri);
    const document = notebook.documents.get(uri);
    if (!file || !document) return undefined;
    const index = notebook.cells.findIndex((cell) => cell.uri === uri);
    const statuses = file.statuses.flatMap((status) => inOneCell(status, notebook.joined, index));
    return { uri: notebook.uri, version: document.version, document, statuses };
  }

  return {
    has: (uri) => notebooks.has(uri),
    diagnosticsByCell(uri, diagnostics) {
      const notebook = notebooks.get(uri);
      if (!notebook) return undefined;
      const placed = diagnostics.map((one) => ({ one, at: inCell(notebook.joined, one.range) }));
      return notebook.cells.flatMap((cell, index) => {
        const document = notebook.documents.get(cell.uri);
        if (!document) return [];
        const own = placed
          .filter(({ at }) => at.cell === index)
          .map(({ one, at: { start, end } }) => ({ ...one, range: { start, end } }));
        return [{ uri: cell.uri, version: document.version, diagnostics: own }];
      });
    },
    settledCell(uri) {
      const notebook = cellOf(uri);
      return notebook && settledCell(uri, notebook);
    },
  };
}

function asCell({ kind, document }: { kind: NotebookCellKind; document: string }) {
  return { uri: document, isCode: kind === NotebookCellKind.Code };
}

function update(
  { documents }: Notebook,
  { uri, version }: { uri: string; version: number },
  changes: TextDocumentContentChangeEvent[],
): void {
  const document = documents.get(uri);
  if (document) documents.set(uri, TextDocument.update(document, changes, version));
}

/** The state of a source as its cell has it; none for a source of another cell. */
function inOneCell(status: SourceStatus, joined: JoinedCells, index: number): SourceStatus[] {
  const { source } = status;
  if (!source) return [];
  const { cell, ...range } = inCell(joined, source.range);
  if (cell !== index) return [];
  const { cell: _, ...statement } = inCell(joined, source.statement);
  return [{ ...status, source: { ...source, range, statement } }];
}

/** The one edit that makes a text another: as the author typed it, most often. */
function differenceOf(before: string, after: string): { range: TextRange; text: string } {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before[start] === after[start]) start++;
  let end = 0;
  while (end < limit - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const document = TextDocument.create('', 'python', 0, before);
  const range = {
    start: document.positionAt(start),
    end: document.positionAt(before.length - end),
  };
  return { range, text: after.slice(start, after.length - end) };
}
