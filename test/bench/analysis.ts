import { readFile } from 'node:fs/promises';
import type { AnalyzedDocument } from '../../server/src/language/language.js';
import { analyzerFor } from '../../server/src/language/language.js';

const lines = 2000;
const edits = 500;

/** One character typed into a Python file of 2,000 lines, against analysing the file from scratch. */
export async function analysis(): Promise<string> {
  const example = await readFile('examples/rides.py', 'utf8');
  const filler = Array.from({ length: lines }, (_, index) => `def filler_${index}(x): return x`);
  return typedInto('python', [example, ...filler].join('\n'));
}

/** The same in a Java file: methods of seven lines behind those of a test fixture. */
export async function javaAnalysis(): Promise<string> {
  const example = await readFile('test/fixtures/java/Resolution.java', 'utf8');
  const filler = Array.from(
    { length: lines / 6 },
    (_, index) => `
  static int filler${index}(Map<String, Integer> x) {
    if (x.containsKey("a")) {
      return x.get("a") + ${index};
    }
    return x.values().stream().map(v -> v + 1).reduce(0, Integer::sum);
  }`,
  );
  const classes = example.trimEnd().replace(/\}$/, '');
  const count = Math.floor((lines - classes.split('\n').length - 1) / 6);
  return typedInto('java', [classes, ...filler.slice(0, count), '\n}'].join(''));
}

/** The same in Go: functions behind a test fixture. */
export async function goAnalysis(): Promise<string> {
  const example = await readFile('test/fixtures/go/user_defined.go', 'utf8');
  const filler = Array.from(
    { length: lines / 4 },
    (_, index) => `func filler${index}(x int) int {\n\treturn x + ${index}\n}\n`,
  );
  return typedInto('go', [example, ...filler].join('\n'));
}

/** The same in TypeScript. */
export async function typeScriptAnalysis(): Promise<string> {
  const example = await readFile('test/fixtures/typescript/user_defined.ts', 'utf8');
  const filler = Array.from(
    { length: lines / 4 },
    (_, index) => `function filler${index}(x: number) {\n  return x + ${index};\n}\n`,
  );
  return typedInto('typescript', [example, ...filler].join('\n'));
}

async function typedInto(language: string, long: string): Promise<string> {
  const text = long.split('\n').slice(0, lines).join('\n');
  const analyzer = analyzerFor(language);
  if (!analyzer) throw new Error(`No analyzer for ${language}.`);

  const document = await analyzer.open(text);
  document.file();
  const typed = timesOf(edits, (index) => {
    typeCharacter(document, (Math.floor(index / 2) * 37) % lines, index % 2 === 1);
    document.file();
  });
  document.dispose();
  const scratch: number[] = [];
  for (let index = 0; index < 20; index++) {
    const start = performance.now();
    const opened = await analyzer.open(text);
    opened.file();
    scratch.push(performance.now() - start);
    opened.dispose();
  }
  const median = at(typed, 0.5);
  return (
    `edit → sources, ${language}, ${lines} lines: median ${median.toFixed(2)} ms, p99 ${at(typed, 0.99).toFixed(2)} ms; ` +
    `${(median / at(scratch, 0.5)).toFixed(2)} × an analysis from scratch (${at(scratch, 0.5).toFixed(1)} ms)`
  );
}

/** Types a space at the start of a line, or takes it back. */
function typeCharacter(document: AnalyzedDocument, line: number, isTyped: boolean): void {
  const start = { line, character: 0 };
  const end = isTyped ? { line, character: 1 } : start;
  document.edit([{ range: { start, end }, text: isTyped ? '' : ' ' }]);
}

function timesOf(count: number, work: (index: number) => void): number[] {
  return Array.from({ length: count }, (_, index) => {
    const start = performance.now();
    work(index);
    return performance.now() - start;
  });
}

function at(times: number[], quantile: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(quantile * (sorted.length - 1))] ?? NaN;
}
