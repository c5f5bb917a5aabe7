import { extname, isAbsolute } from 'node:path';
import { diskContext } from './diskContext.js';
import { goAnalyzer } from './go/go.js';
import { javaAnalyzer } from './java/java.js';
import { notebookAnalyzer } from './notebook/notebook.js';
import { pythonAnalyzer } from './python/python.js';
import type { AppliedTransform, PipelineFile, TextPosition, TextRange } from './source.js';
import { tsxAnalyzer, typeScriptAnalyzer } from './typescript/typescript.js';
import { yamlAnalyzer } from './yaml/yaml.js';

/** A change of a text, as the LSP sends it; without a range the text is all of it. */
export interface TextChange {
  range?: TextRange;
  text: string;
}

/** Something that a text says and its SDK will refuse, or do otherwise than it seems. */
export interface DocumentProblem {
  range: TextRange;
  severity: 'error' | 'warning' | 'information';
  /** Names the rule, e.g. `unknown-transform`. */
  code: string;
  /** For people: what is wrong and what to do. */
  message: string;
}

/** What can be written at a place of a text. */
export interface CompletionProposal {
  label: string;
  kind: 'transform' | 'key' | 'value' | 'reference';
  /** One line beside the label, e.g. the type of a key. */
  detail?: string;
  /** Markdown. */
  documentation?: string;
  /** Replaces the text in `range`; a snippet (`$1`, `$0`) when `isSnippet`. */
  newText: string;
  isSnippet?: true;
  range: TextRange;
}

/** What stands at a place of a text. */
export interface Description {
  range: TextRange;
  /** Markdown. */
  text: string;
}

/** A text whose sources are known at every moment. What it answers depends on the text alone, not on the edits. */
export interface AnalyzedDocument {
  /** Applies changes one after the other; a range refers to the text after the changes before it. */
  edit(changes: readonly TextChange[]): void;
  /** Replaces the text; costs what differs. */
  update(text: string): void;
  text(): string;
  file(): PipelineFile;
  /** The outline of the file, made when it is asked for. */
  transforms?(): AppliedTransform[];
  /** What the SDK would refuse; no syntax errors, these are in {@link file}. */
  problems?(): DocumentProblem[];
  /** What can be written at a place. */
  complete?(position: TextPosition): CompletionProposal[];
  /** What stands at a place: a transform, one of its keys. */
  describe?(position: TextPosition): Description | undefined;
  /** Absolute paths of other files that the analysis read, or looked for. */
  dependencies?(): ReadonlySet<string>;
  /** One of {@link dependencies} changed: analyse again. */
  dependencyChanged?(path: string): void;
  dispose(): void;
}

/** Where a text stands among others. */
export interface AnalysisContext {
  /** Absolute path of the file of the text. */
  path: string;
  /** Folders of the workspace, absolute: where imports are looked for besides the file's own. */
  folders: readonly string[];
  /** Text of another file as its author sees it; undefined if there is none. Cheap enough for a keystroke. */
  read(path: string): string | undefined;
  /** Names of the files in a folder, where that is known: the files of a Go package share their names. */
  list?(folder: string): readonly string[];
  /** Arguments the program is launched with, where these are configured: options that they give are resolved. */
  args?: readonly string[];
}

/** What every language implements, in a folder of its own. */
export interface LanguageAnalyzer {
  /** Identifiers of the language in VS Code and the LSP. */
  languageIds: readonly string[];
  /** With the dot. */
  extensions: readonly string[];
  /**
   * Loads the analysis of the language when it is first needed: none is loaded for the others.
   * @param context absent for a text that stands alone: imports of the user's own are not followed then
   */
  open(text: string, context?: AnalysisContext): Promise<AnalyzedDocument>;
}

const ANALYZERS: readonly LanguageAnalyzer[] = [
  pythonAnalyzer,
  notebookAnalyzer,
  yamlAnalyzer,
  javaAnalyzer,
  goAnalyzer,
  typeScriptAnalyzer,
  tsxAnalyzer,
];

/** The analyzer of a language by its identifier, or of a file by its name. */
export function analyzerFor(languageIdOrFileName: string): LanguageAnalyzer | undefined {
  const extension = extname(languageIdOrFileName).toLowerCase();
  return ANALYZERS.find(
    ({ languageIds, extensions }) =>
      languageIds.includes(languageIdOrFileName) || extensions.includes(extension),
  );
}

/** Of all files that can be analysed, with the dot. */
export const analyzedExtensions: readonly string[] = ANALYZERS.flatMap(
  ({ extensions }) => extensions,
);

/** The identifier of the language a file is written in; undefined when there is no analysis for it. */
export function languageOf(fileName: string): string | undefined {
  return analyzerFor(fileName)?.languageIds[0];
}

/**
 * What a text reads; for those who do not edit it. Imports are followed from disk when the name is an absolute path.
 * @param args arguments the program is launched with, when they are known
 * @throws Error when there is no analysis for such a file
 */
export async function analyzeText(
  fileName: string,
  text: string,
  args?: readonly string[],
): Promise<PipelineFile> {
  const analyzer = analyzerFor(fileName);
  if (!analyzer) {
    const known = analyzedExtensions.join(', ');
    throw new Error(`${fileName} is in no language that can be analysed (${known}).`);
  }
  const context = isAbsolute(fileName) ? diskContext(fileName, args) : undefined;
  const document = await analyzer.open(text, context);
  try {
    return document.file();
  } finally {
    document.dispose();
  }
}
