import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { analyzeText } from '../../../server/src/language/language.js';
import { createRecording } from '../../../server/src/recording/store.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { recordingOf } from '../../unit/features/sample.js';
import { findProgram, installDebianPackages } from '../../vscode/host/debian.js';

/** What the script told, by step. */
type Seen = Record<string, unknown>;

describe('Neovim’s LSP client', () => {
  let seen: Seen;

  before(async () => {
    if (!findProgram('nvim'))
      await installDebianPackages(['neovim'], 'test the server in another editor', console.log);
    seen = await withTemporaryFolder(runNeovim);
  });

  it('shows the lenses of a recorded source, without icons', () => {
    assert.deepEqual(seen['lenses'], ['1,240 elements · 1m', 'Replay', 'Record again']);
    assert.deepEqual(seen['diagnostics'], []);
  });

  it('shows at an edit that the recording is stale', () => {
    assert.deepEqual(seen['diagnostics of the edit'], [
      {
        line: 16,
        message: 'Recording is stale: fire_interval: 0.05 → 0.5',
        code: 'stale-recording',
      },
    ]);
    assert.deepEqual(seen['lenses of the edit'], [
      'Stale: fire_interval: 0.05 → 0.5',
      'Record again',
    ]);
  });

  it('offers quick fixes, and applies them', () => {
    assert.deepEqual(seen['actions'], [
      'Record "Clicks" again',
      'Restore "Clicks" as it was recorded',
      'Ignore this change of "Clicks"',
    ]);
    assert.equal(seen['text restored'], true);
    assert.deepEqual(seen['ignored'], ['1,240 elements · 1m', 'Replay', 'Record again']);
  });

  it('executes the commands of lenses by the server', () => {
    assert.equal(seen['message'], 'Clicks: 1,240 elements · 1m');
  });
});

/** Opens a program with a recording in Neovim and drives it by the script beside this file. */
async function runNeovim(folder: string): Promise<Seen> {
  const file = path.join(folder, 'clicks.py');
  await cp('test/fixtures/programs/clicks.py', file);
  await mkdir(path.join(folder, '.git'));
  const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
  assert.ok(sources[0]);
  const recording = { ...recordingOf(sources[0], file), sourceText: await textOf(file) };
  await createRecording(path.join(folder, '.beam-rewind'), recording);

  const out = path.join(folder, 'out.jsonl');
  const server = [process.execPath, path.resolve('dist/server.js'), '--stdio'];
  const script = path.resolve('test/integration/editors/neovim.lua');
  const options = {
    cwd: folder,
    timeout: 120_000,
    env: {
      ...process.env,
      ...{ FILE: file, OUT: out, SERVER: server.join('\n') },
      // Nobody's own configuration, and nothing left behind.
      ...{
        HOME: folder,
        XDG_STATE_HOME: folder,
        XDG_CACHE_HOME: folder,
        NVIM_LOG_FILE: out + '.log',
      },
    },
  };
  const run = promisify(execFile)(
    'nvim',
    ['--headless', '-n', '-u', 'NONE', '-c', `luafile ${script}`],
    options,
  );
  const failure = await run.then(
    () => '',
    (error: unknown) => String(error),
  );
  const lines = (await readFile(out, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const steps = lines.map((line) => JSON.parse(line) as { step: string; value: unknown });
  const told = Object.fromEntries(steps.map(({ step, value }) => [step, value]));
  assert.ok(told['end'] && failure === '', `Neovim: ${failure} ${lines.join('\n')}`);
  return told;
}

async function textOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  return /'Clicks' >> PeriodicImpulse\(.*?\)/.exec(text)?.[0] ?? '';
}
