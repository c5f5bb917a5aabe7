// `npm run demo`: the whole loop on the example pipeline, with the real runner. See examples/rides.py.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../server/src/beam/backends/cacheFolder.js';
import { beamRewind, DemoEnded } from './beamRewind.js';
import { examplePython } from './environment.js';

const repository = path.resolve(import.meta.dirname, '..');
/** Made afresh each time, and left for the reader to open in VS Code. */
const folder = path.join(cacheFolder(), 'demo');
const program = path.join(folder, 'rides.py');
const shownLines = 15;

let steps = 0;
function say(title: string, ...lines: string[]): void {
  const bold = process.stdout.isTTY ? `\x1b[1m${title}\x1b[0m` : title;
  console.log(
    ['', `${++steps}. ${bold}`, ...lines.map((line) => `   ${line}`.trimEnd())].join('\n'),
  );
}

async function demo(): Promise<void> {
  say(
    'Python',
    'The example runs in an environment of its own, with the apache-beam of examples/requirements.lock.',
    'It is without the libraries of Google Cloud; Beam will warn of that, and the example needs none.',
  );
  const python = await examplePython((step) => {
    console.log(`   ${step}`);
  });
  console.log(`   ${python}`);

  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await copyFile(path.join(repository, 'examples', 'rides.py'), program);
  // Where the CLI, the extension and other tools look for the interpreter of a folder.
  await symlink(path.dirname(path.dirname(python)), path.join(folder, '.venv'), 'junction');
  const settings = { 'beamRewind.limits.duration': '10s' };
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  say(
    'A streaming pipeline',
    `A copy of examples/rides.py, in ${folder}:`,
    'taxi rides from a source that never ends and never repeats itself; takings per zone every',
    'five seconds; every tenth ride comes late. Its sources, found in the text:',
  );
  await beamRewind(folder, ['sources', 'rides.py']);

  say(
    'Record',
    "The program is run as it is, on Prism, Beam's local runner; only its source is kept, and what",
    'that emits is written down, with event times and watermarks, for 10 seconds.',
  );
  await beamRewind(folder, ['record', 'rides.py', '--duration', '10s']);
  await beamRewind(folder, ['show', 'rides.py', '--limit', '5']);

  say('Replay', 'The whole program now, on the recording instead of the source. What it prints:');
  const first = linesOf(await replay());
  console.log(first.slice(0, shownLines).join('\n'));
  if (first.length > shownLines) console.log(`… and ${first.length - shownLines} more lines`);

  say('Replay once more', 'Live, every run has other rides. From the recording:');
  const second = linesOf(await replay());
  compare(first, second);

  const [before, after] = ['late_share=0.1', 'late_share=0.3'];
  const text = await readFile(program, 'utf8');
  if (text.split(before).length !== 2) throw new Error(`${program} does not have ${before} once.`);
  await writeFile(program, text.replace(before, after));
  say('Edit the source', `In the copy, ${before} becomes ${after}. The recording is now stale:`);
  await beamRewind(folder, ['status', 'rides.py']);

  say('Record again', 'A source that changed is recorded anew, until it has 30 rides this time.');
  await beamRewind(folder, ['record', 'rides.py', '--max-elements', '30']);
  await beamRewind(folder, ['status', 'rides.py']);

  say(
    'The same in VS Code',
    'Open the folder with the extension, and rides.py in it. "Replay" and "Record again" stand above',
    'the source; edit its arguments and see the warning appear, undo and see it go.',
    '',
    `code --extensionDevelopmentPath=${quoted(repository)} ${quoted(folder)}`,
  );
}

function replay(): Promise<string> {
  return beamRewind(folder, ['replay', 'rides.py'], 'stdout is kept');
}

function linesOf(output: string): string[] {
  return output.split(/\r?\n/).filter((line) => line !== '');
}

/** Prints how two replays compare. @throws DemoEnded if they differ, or if there was nothing to compare */
function compare(first: string[], second: string[]): void {
  const [one, other] = [[...first].sort(), [...second].sort()];
  const checksums = [one, other].map((lines) =>
    createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16),
  );
  console.log(`   first:  ${first.length} lines, SHA-256 ${checksums[0] ?? ''}…`);
  console.log(`   second: ${second.length} lines, SHA-256 ${checksums[1] ?? ''}…`);
  if (first.length === 0) throw new DemoEnded(1, 'The replays printed nothing.');
  if (checksums[0] !== checksums[1]) {
    const differing = other.filter((line) => !one.includes(line));
    throw new DemoEnded(1, ['The replays differ, in:', ...differing].join('\n'));
  }
  console.log('   Identical, line for line. (Sorted: the zones of one window come in any order.)');
}

function quoted(file: string): string {
  return /^[\w./\\:-]+$/.test(file) ? file : JSON.stringify(file);
}

try {
  await demo();
} catch (error) {
  if (!(error instanceof DemoEnded)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = error.exitCode;
}
