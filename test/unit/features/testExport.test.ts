import assert from 'node:assert/strict';
import * as protocol from '../../../server/src/protocol.js';
import type { ExportTestOptions } from '../../../server/src/session/exportTest.js';
import { startEditor, uri } from './editor.js';
import { recordingOf, sourceOf } from './sample.js';

const clicks = sourceOf('Clicks', 'rate=10', 1);

describe('Export Recording as Test', () => {
  it('exports recordings of a file as a test, in the order of its sources', async () => {
    const one = { ...recordingOf(clicks), id: 'a', label: 'Gone' };
    const other = { ...recordingOf(clicks), id: 'b' };
    const asked: ExportTestOptions[] = [];
    const editor = await startEditor({
      recordingsOf: () => Promise.resolve([one, other]),
      exportTest: (options) => {
        asked.push(options);
        options.onWarning('It is damaged.');
        if (options.format === 'go-test') return Promise.reject(new Error('Choose a source.'));
        return Promise.resolve({ elements: 7 });
      },
    });
    await editor.open('# top\nClicks: rate=10\n');
    const params = { uri, ids: ['a', 'b'], target: 'file:///project/test_clicks.py' };
    const exportAs = (form: protocol.TestForm['id'], ids = params.ids) =>
      editor.connection.sendRequest(protocol.exportTest, { ...params, form, ids });
    assert.deepEqual(await exportAs('python-pytest'), {
      elements: 7,
      warnings: ['It is damaged.'],
    });
    assert.deepEqual(
      asked.map(({ recordings, output }) => [recordings.map(({ id }) => id), output]),
      [[['b', 'a'], { file: '/project/test_clicks.py', mayReplace: true }]],
    );
    await assert.rejects(exportAs('go-test'), /Choose a source/);
    await assert.rejects(exportAs('python-pytest', ['c']), /was deleted/);
    await editor.close();
  });
});
