import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PipelineFile, TextRange } from '../language/source.js';
import type { CliContext } from './context.js';
import { usageError } from './exitCode.js';
import { onOneLine, paintFor } from './terminal.js';

/** A pipeline file named on the command line. */
export interface NamedFile {
  /** Absolute path. */
  file: string;
  /** The path as people read it: relative if it is below the working directory. */
  name: string;
  text: string;
}

/** Reads FILE. @throws CliError (usage) if it is missing, unreadable or of an unsupported language */
export async function readPipelineFile(context: CliContext, argument: string): Promise<NamedFile> {
  const file = path.resolve(context.cwd, argument);
  const text = await readText(file, argument);
  if (context.session.languageOf(file) === undefined)
    throw usageError(
      `${argument} is not in a language that Beam Rewind reads`,
      'name a file in Python, Go, Java, TypeScript or Beam YAML, or a notebook',
    );
  return { file, name: displayName(context, file), text };
}

/**
 * As {@link readPipelineFile}, but a file that is gone is empty if the store still has recordings of it:
 * these can be listed, shown and deleted.
 */
export async function readRecordedFile(
  context: CliContext,
  store: string,
  argument: string,
): Promise<NamedFile> {
  const file = path.resolve(context.cwd, argument);
  try {
    return await readPipelineFile(context, argument);
  } catch (error) {
    if (!(await context.session.recordedFiles(store)).includes(file)) throw error;
    return { file, name: displayName(context, file), text: '' };
  }
}

/**
 * Finds the sources in the text and warns of what does not parse.
 * @param args arguments that the program is run with
 */
export async function analyze(
  context: CliContext,
  named: NamedFile,
  args: string[] = [],
): Promise<PipelineFile> {
  const analysis = await context.session.analyzeText(named.file, named.text, args);
  const [first] = analysis.syntaxErrors;
  if (first) {
    const warning = paintFor(context.stderr, context.env)('yellow', 'warning:');
    context.stderr.write(
      `${warning} ${named.name}:${lineOf(first)} does not parse; sources near it may be missing or wrong\n`,
    );
  }
  return analysis;
}

/** One-based line on which a range starts, as editors count. */
export function lineOf(range: TextRange): number {
  return range.start.line + 1;
}

/** A path as people read it: relative if it is below the working directory. */
export function displayName(context: CliContext, file: string): string {
  const relative = path.relative(context.cwd, file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return onOneLine(isBelow ? relative : file);
}

/** A path as it can be pasted into a command line. */
export function quoted(name: string): string {
  return /^[\w./\\:@%+=,-]+$/.test(name) ? name : JSON.stringify(name);
}

/** The folder of recordings: as given by `--store`, else the default one of the file. */
export function storeOf(context: CliContext, store: string | undefined, file: string): string {
  return store === undefined
    ? context.session.defaultStore(path.resolve(context.cwd, file))
    : path.resolve(context.cwd, store);
}

/** Stands for any file of the working directory where a store is asked for without one. */
export function workingDirectoryFile(context: CliContext): string {
  return path.join(context.cwd, 'pipeline.py');
}

/** What a verb with an optional FILE is about: the file's recordings, or all of the store of the working directory. */
export async function storeAndFile(
  context: CliContext,
  storeFlag: string | undefined,
  argument: string | undefined,
): Promise<{ store: string; named: NamedFile | undefined }> {
  const store = storeOf(context, storeFlag, argument ?? workingDirectoryFile(context));
  const named =
    argument === undefined ? undefined : await readRecordedFile(context, store, argument);
  return { store, named };
}

async function readText(file: string, argument: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    switch (error instanceof Error && 'code' in error ? error.code : undefined) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw usageError(`no such file: ${argument}`);
      case 'EISDIR':
        throw usageError(`${argument} is a folder`, 'name a pipeline file in it');
      case 'EACCES':
      case 'EPERM':
        throw usageError(`cannot read ${argument}: permission denied`);
      default:
        throw error;
    }
  }
}
