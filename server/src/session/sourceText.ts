import { TextDocument } from 'vscode-languageserver-textdocument';
import { readCells } from '../language/notebook/cells.js';
import type { PipelineSource } from '../language/source.js';

/** The application of a source as it is written. @param text of the whole file, a notebook's as it is stored */
export function sourceTextOf(file: string, text: string, source: PipelineSource): string {
  const code = source.cell === undefined ? text : (readCells(text)?.[source.cell] ?? '');
  return TextDocument.create(file, '', 0, code).getText(source.range);
}
