import type { PipelineFile, PipelineSource } from '../language/source.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { OutputFlags } from './options.js';
import { analyze, lineOf, readPipelineFile } from './pipelineFile.js';
import { writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';
import { table } from './table.js';
import { onOneLine, widthOf } from './terminal.js';

/** `sources FILE`: the sources found in the text; nothing is run. */
export async function sources(
  context: CliContext,
  argument: string,
  flags: OutputFlags,
  args: string[],
): Promise<ExitCode> {
  const named = await readPipelineFile(context, argument);
  const analysis = await analyze(context, named, args);
  if (flags.json) context.stdout.write(jsonLine(analysisJson(named.file, analysis)));
  else if (analysis.sources.length > 0)
    writeResult(context, sourceLines(context, analysis.sources));
  if (analysis.sources.length > 0) return exitCode.done;
  writeNote(context, `No sources found in ${named.name}.`);
  return exitCode.nothingToDo;
}

function analysisJson(file: string, { sources, syntaxErrors }: PipelineFile) {
  return {
    file,
    sources: sources.map((source) => ({
      pipeline: source.pipeline,
      label: source.label,
      transform: source.signature.transform,
      bounded: source.bounded,
      boundedReason: source.boundedReason,
      line: lineOf(source.range),
      ...(source.cell !== undefined && { cell: source.cell + 1 }),
      signature: source.signature.hash,
    })),
    syntaxErrors: syntaxErrors.map((range) => ({ line: lineOf(range) })),
  };
}

function sourceLines(context: CliContext, found: PipelineSource[]): string[] {
  const rows = found.map((source) => [
    source.label,
    source.transformName,
    source.pipeline,
    source.cell === undefined
      ? String(lineOf(source.range))
      : `${lineOf(source.range)} of cell ${source.cell + 1}`,
    `${source.bounded ? 'bounded' : 'unbounded'}: ${source.boundedReason}`,
  ]);
  return table(
    [
      { title: 'SOURCE' },
      { title: 'TRANSFORM' },
      { title: 'PIPELINE' },
      { title: 'LINE', align: 'right' },
      { title: 'BOUNDED' },
    ],
    rows.map((cells) => cells.map(onOneLine)),
    widthOf(context.stdout),
  );
}
