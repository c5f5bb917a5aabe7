import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForEnd } from '../host/processes.js';
import { uiEnvironment } from './environment.js';
import type { VscodeWindow } from './window.js';
import { openWindow } from './window.js';
import type { Workbench } from './workbench.js';

/** A misspelt transform, and Python in a value. */
const YAML = `pipeline:
  type: chain
  transforms:
    - type: ReadFromPubSub
      name: Clicks
      config:
        topic: projects/taxi/topics/clicks
        format: RAW
    - type: MapToField
      config:
        language: python
        fields:
          length:
            callable: |
              def length(row):
                  return len(row.payload)  # bytes
`;

const NOTEBOOK = {
  cells: [
    {
      cell_type: 'code',
      metadata: {},
      execution_count: null,
      outputs: [],
      source: `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse

with beam.Pipeline() as p:
    p | 'Clicks' >> PeriodicImpulse(fire_interval=1)`,
    },
  ],
  metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
};

// Each step starts from what the one before left on the screen: the run ends at the first that fails.
describe('Beam Rewind in VS Code, by mouse and keyboard', () => {
  const { vsix, workspace, artifacts } = uiEnvironment();
  const status = 'beam-rewind.beam-rewind.status';
  let window: VscodeWindow;
  let workbench: Workbench;

  before(async () => {
    await writeFile(join(workspace, 'clicks.yaml'), YAML);
    await writeFile(join(workspace, 'short.ipynb'), JSON.stringify(NOTEBOOK));
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

  it('tells in a hover what a source is, and what is recorded of it', async () => {
    await workbench.selectInEditor('"Ride events" >>');
    const hover = await workbench.showHover();
    await hover.getByText('Ride events · RideEvents, unbounded').waitFor();
    await hover.getByText(/Recording: \d+ elements?/).waitFor();
    await hover.filter({ hasText: /fare_cents=\d+/ }).waitFor();
    await window.screenshot('3-hover');
    await workbench.page.keyboard.press('Escape');
  });

  it('shows the pipeline and its transforms in the outline', async () => {
    await workbench.runCommand('Explorer: Focus on Outline View');
    const outline = workbench.outlineItems();
    await outline.filter({ hasText: 'Ride events' }).filter({ hasText: 'unbounded' }).waitFor();
    // The view is not high enough for all of them.
    for (const label of ['Fares', 'Five seconds', 'Takings'])
      await outline.filter({ hasText: label }).waitFor();
    await window.screenshot('3-outline');
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

  it('offers quick fixes for the stale source, and restores it', async () => {
    const stale = workbench.problems().filter({ hasText: 'Recording is stale' });
    await workbench.selectInEditor('late_share=0.5');
    const fixes = await workbench.showQuickFixes();
    await fixes.filter({ hasText: 'Record "Ride events" again' }).waitFor();
    await fixes.filter({ hasText: 'Ignore this change of "Ride events"' }).waitFor();
    await window.screenshot('4-quick-fixes');
    await fixes.filter({ hasText: 'Restore "Ride events" as it was recorded' }).click();
    await stale.waitFor({ state: 'detached' });
    await workbench.codeLens('Replay').waitFor();
    await workbench.page.keyboard.press('Control+z');
    await stale.waitFor();
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

  it('names and pins the recording that is chosen from a list', async () => {
    await workbench.runCommand('Beam Rewind: Name Recording');
    await workbench.pick('Ride events');
    await workbench.answer('What the recording is called', 'rush hour');
    await workbench.runCommand('Beam Rewind: Pin or Unpin Recording');
    await workbench.pick('rush hour');
    await workbench.runCommand('Beam Rewind: Note on Recording');
    const chosen = workbench.choices().filter({ hasText: 'rush hour' });
    await chosen.locator('.codicon-pinned').waitFor();
    await window.screenshot('5-named');
    await workbench.page.keyboard.press('Escape');
  });

  it('exports the recordings that are chosen as a test, and opens it', async () => {
    await workbench.runCommand('Beam Rewind: Export Recording as Test');
    // The latest of each source is chosen to begin with.
    await workbench.choices().filter({ hasText: 'rush hour' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.pick('pytest');
    await workbench.saveAs('test_taxi.py', 'test_rides.py');
    await workbench.page.getByRole('tab', { name: 'test_taxi.py' }).waitFor();
    await workbench.tokenIn('import apache_beam as beam', 'import').waitFor();
    await window.screenshot('5-exported');
    await workbench.openFile('rides.py');
  });

  it('checks and highlights Beam YAML', async () => {
    await workbench.openFile('clicks.yaml');
    await workbench.codeLens('Record sources').waitFor();
    await workbench.showProblems();
    await workbench.problems().filter({ hasText: 'MapToField' }).waitFor();
    await workbench.tokenIn('return len(row.payload)', 'return').waitFor();
    await workbench.tokenIn('def length(row)', 'def').waitFor();
    await window.screenshot('6-yaml');
    await workbench.openFile('rides.py');
  });

  it('shows the lens of a source above it in its cell of a notebook', async () => {
    await workbench.openFile('short.ipynb');
    const cell = workbench.page.locator('.notebook-editor .code-cell-row', { hasText: 'Clicks' });
    await cell.locator('.codelens-decoration a', { hasText: 'Record sources' }).waitFor();
    // No cell is edited.
    await workbench.statusItem(status).filter({ hasText: 'Sources not recorded' }).waitFor();
    await window.screenshot('7-notebook');
    await workbench.openFile('rides.py');
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
