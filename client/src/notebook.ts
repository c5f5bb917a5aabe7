import type { TextDocument, Uri } from 'vscode';
import { workspace } from 'vscode';

/** The notebook's file that a cell belongs to; undefined for what is no cell of a notebook on disk. */
export function notebookOf(cell: TextDocument | undefined): Uri | undefined {
  const notebook = workspace.notebookDocuments.find((one) =>
    one.getCells().some(({ document }) => document === cell),
  );
  return notebook?.uri.scheme === 'file' ? notebook.uri : undefined;
}
