import type { TextDocument, Uri } from 'vscode';
import { window, workspace } from 'vscode';

/** The notebook's file that a cell belongs to; undefined for what is no cell of a notebook on disk. */
export function notebookOf(cell: TextDocument | undefined): Uri | undefined {
  const notebook = workspace.notebookDocuments.find((one) =>
    one.getCells().some(({ document }) => document === cell),
  );
  return notebook?.uri.scheme === 'file' ? notebook.uri : undefined;
}

/** The file of the notebook in front, whichever of its cells is selected: none need be edited. */
export function activeNotebook(): Uri | undefined {
  const { notebook } = window.activeNotebookEditor ?? {};
  return notebook?.uri.scheme === 'file' ? notebook.uri : undefined;
}
