import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { restoringEdit } from '../../../server/src/features/restoreArguments.js';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { recordingOf } from './sample.js';

const program = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse

PROJECT = 'rides'
RATE = 0.05

with beam.Pipeline() as p:
    clicks = p | 'Clicks' >> PeriodicImpulse(fire_interval=RATE)
    other = p | 'Topic' >> beam.io.ReadFromPubSub(topic=f'projects/{PROJECT}/topics/a')
`;

/** The text that the fix makes of an edited one, when the source of that label was recorded as in the program. */
async function restored(
  label: string,
  edit: (text: string) => string,
): Promise<string | undefined> {
  const recordedSource = (await analyzeText('rides.py', program)).sources.find(
    (source) => source.label === label,
  );
  assert.ok(recordedSource);
  const before = TextDocument.create('file:///rides.py', 'python', 1, program);
  const recording = {
    ...recordingOf(recordedSource),
    sourceText: before.getText(recordedSource.range),
  };
  const text = edit(program);
  const now = TextDocument.create('file:///rides.py', 'python', 2, text);
  const analysis = await analyzerFor('rides.py')!.open(text);
  const source = analysis.file().sources.find((one) => one.label === label);
  assert.ok(source, 'the source is still there');
  const offsets = { start: now.offsetAt(source.range.start), end: now.offsetAt(source.range.end) };
  const found = restoringEdit(analysis, source, offsets, recording);
  assert.equal(analysis.text(), text, 'nothing is left of what was tried');
  analysis.dispose();
  return found && text.slice(0, found.start) + found.text + text.slice(found.end);
}

describe('restoringEdit', () => {
  it('writes the application as it was', async () => {
    const edit = (text: string) => text.replace('fire_interval=RATE', 'fire_interval=7');
    assert.equal(await restored('Clicks', edit), program);
  });

  it('keeps what else was edited', async () => {
    const other = (text: string) => `# A comment.\n${text}\nprint('done')\n`;
    const edit = (text: string) => other(text.replace('interval=RATE', 'interval=7'));
    assert.equal(await restored('Clicks', edit), other(program));
  });

  it('finds the constant that an argument comes from', async () => {
    const edit = (text: string) => text.replace('RATE = 0.05', 'RATE = 0.5');
    assert.equal(await restored('Clicks', edit), program);
  });

  it('finds the part of a text that changed, in an f-string’s constant', async () => {
    const edit = (text: string) => text.replace("PROJECT = 'rides'", "PROJECT = 'taxis'");
    assert.equal(await restored('Topic', edit), program);
  });

  it('finds several changes together', async () => {
    const edit = (text: string) =>
      text.replace("'rides'", "'taxis'").replace('topics/a', 'topics/b');
    assert.equal(await restored('Topic', edit), program);
  });

  it('offers nothing when no edit of the text restores the source', async () => {
    const edit = (text: string) => text.replace('RATE = 0.05', 'RATE = float(input())');
    assert.equal(await restored('Clicks', edit), undefined);
  });
});
