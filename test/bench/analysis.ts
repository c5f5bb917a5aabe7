import { analyzerFor, type AnalyzedDocument } from '../../server/src/language/language.js';
import { quantile, timesText } from './languageServer/statistics.js';
import { longTexts } from './longTexts.js';
import { typedAtRandom, type Typed } from './typing.js';

const sizes = [500, 2000, 10_000];
const warmUp = 200;
const edits = 1000;
/** A text that takes seconds for an edit gets fewer, ms. */
const patienceMs = 10_000;

/** From a character that is typed, or taken back, at random to the sources of the file, by the file's length. */
export async function analysis(): Promise<string> {
  const report: string[] = [];
  for (const language of Object.keys(longTexts)) report.push(await analysisOf(language));
  return report.join('\n');
}

async function analysisOf(language: string): Promise<string> {
  const rows: string[] = [];
  let shortest: number | undefined;
  for (const lines of sizes) {
    const { cpu, wall, scratch } = await measure(language, lines);
    const median = quantile(cpu, 0.5);
    shortest ??= median;
    rows.push(
      `  ${lines} lines: CPU ${timesText(cpu)} (${(median / shortest).toFixed(1)} × that of ${sizes[0] ?? 0} lines); ` +
        `elapsed ${timesText(wall)}; ${(quantile(wall, 0.5) / scratch).toPrecision(2)} × an analysis from scratch (${scratch.toFixed(1)} ms)`,
    );
  }
  return [`edit → sources, ${language}`, ...rows].join('\n');
}

async function measure(
  language: string,
  lines: number,
): Promise<{ cpu: number[]; wall: number[]; scratch: number }> {
  const text = await longTexts[language]?.(lines);
  const analyzer = analyzerFor(language);
  if (!analyzer || text === undefined) throw new Error(`No analyzer for ${language}.`);
  const document = await analyzer.open(text);
  if (document.file().sources.length === 0) throw new Error(`No sources in ${language}.`);
  const cpu: number[] = [];
  const wall: number[] = [];
  const began = performance.now();
  let count = 0;
  for (const typed of typedAtRandom(text)) {
    const startedCpu = process.cpuUsage();
    const started = performance.now();
    type(document, typed);
    document.file();
    const elapsed = performance.now() - started;
    const { user, system } = process.cpuUsage(startedCpu);
    if (++count <= warmUp) continue;
    cpu.push((user + system) / 1000);
    wall.push(elapsed);
    if (count >= warmUp + edits || performance.now() - began > patienceMs) break;
  }
  document.dispose();
  const scratch: number[] = [];
  for (let index = 0; index < 5; index++) {
    const started = performance.now();
    const opened = await analyzer.open(text);
    opened.file();
    scratch.push(performance.now() - started);
    opened.dispose();
  }
  return { cpu, wall, scratch: quantile(scratch, 0.5) };
}

function type(document: AnalyzedDocument, { line, from, to, text }: Typed): void {
  const range = { start: { line, character: from }, end: { line, character: to } };
  document.edit([{ range, text }]);
}
