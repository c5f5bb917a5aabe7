import assert from 'node:assert/strict';
import { waitForEnd } from '../host/processes.js';
import { uiEnvironment } from './environment.js';
import type { VscodeWindow } from './window.js';
import { openWindow } from './window.js';
import type { Workbench } from './workbench.js';

// Each step starts from what the one before left on the screen: the run ends at the first that fails.
describe('Beam Rewind in VS Code, by mouse and keyboard', () => {
  const { vsix, workspace, artifacts } = uiEnvironment();
  const status = 'beam-rewind.beam-rewind.status';
  let window: VscodeWindow;
  let workbench: Workbench;

  before(async () => {
    window = await openWindow(vsix, workspace, artifacts);
    workbench = window.workbench;
    await workbench.ready();
    await workbench.openFile('rides.py');
    await workbench.selectInEditor('with beam.Pipeline');
    await workbench.page.keyboard.press('ArrowLeft');
  });

  after(async () => {
    // The last test closes the page.
    if (!workbench.page.isClosed()) await window.screenshot('failed');
    await window.close();
  });

  it('shows the lens above the source', async () => {
    await workbench.codeLens('Record sources').waitFor();
    await workbench.statusItem(status).filter({ hasText: 'Sources not recorded' }).waitFor();
    await window.screenshot('1-lens');
  });

  it('records when the lens is clicked, with progress in the status bar', async () => {
    await workbench.codeLens('Record sources').click();
    const progress = /([5-9]\d|\d{3}) of 1,000 elements · .* of .* · [\d.]+m?s of/;
    await workbench.statusItem(status).filter({ hasText: progress }).waitFor({ timeout: 240_000 });
    await workbench.codeLens('Recording…').waitFor();
    await window.screenshot('2-recording');
  }).timeout(300_000);

  it('keeps what was recorded when the recording is cancelled', async () => {
    await workbench.codeLens('Cancel').click();
    await workbench.codeLens(/\d+ elements? · [\d.]+m?s/).waitFor();
    await workbench.codeLens('Replay').waitFor();
    await window.screenshot('3-recorded');
  });

  it('warns in Problems when the source is edited', async () => {
    await workbench.showProblems();
    await workbench.selectInEditor('late_share=0.1');
    await workbench.page.keyboard.type('late_share=0.5');
    await workbench
      .problems()
      .filter({ hasText: 'Recording is stale: late_share: 0.1 → 0.5' })
      .waitFor();
    await workbench.codeLens('Stale: late_share: 0.1 → 0.5').waitFor();
    await workbench.codeLens('Replay').waitFor({ state: 'detached' });
    await window.screenshot('4-stale');
  });

  it('takes the warning back when the edit is undone', async () => {
    await workbench.undoAll();
    await workbench.problems().filter({ hasText: 'stale' }).waitFor({ state: 'detached' });
    await workbench.codeLens('Replay').waitFor();
  });

  it('replays when the lens is clicked, and shows what the program prints', async () => {
    await workbench.codeLens('Replay').click();
    await workbench
      .outputLines()
      .filter({ hasText: /\d\d:\d\d:\d\d-\d\d:\d\d:\d\d\s+[A-Z]/ })
      .first()
      .waitFor();
    await workbench.codeLens('Replay').waitFor();
    await window.screenshot('5-replay');
  });

  it('clears the recording by the command palette', async () => {
    await workbench.runCommand('Beam Rewind: Clear Recordings');
    await workbench.pick('Recordings of rides.py');
    await workbench.codeLens('Record sources').waitFor();
  });

  it('leaves no process behind when VS Code ends', async () => {
    await workbench.page.close();
    window.server.terminate();
    assert.deepEqual(await waitForEnd(window.server.mark, 20_000), []);
  });
});
