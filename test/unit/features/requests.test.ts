import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  CodeAction,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
} from 'vscode-languageserver/node';
import type { Core } from '../../../server/src/features/core.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { Editor, EditorVariant } from './editor.js';
import { startEditor, uri } from './editor.js';
import { range, recordingOf, sourceOf } from './sample.js';

const text = '# top\nClicks: rate=10\n';
const recorded: Recording = {
  ...recordingOf(sourceOf('Clicks', 'rate=10', 1)),
  sourceText: 'Clicks: rate=10',
};
const inSource = { line: 1, character: 2 };
const document = { textDocument: { uri } };

describe('what a client asks about a document', () => {
  let editor: Editor;
  let recordings: Recording[];
  const start = async (core: Partial<Core> = {}, variant: EditorVariant = {}) => {
    recordings = [recorded];
    editor = await startEditor(
      { recordingsOf: () => Promise.resolve(recordings), ...core },
      variant,
    );
  };
  afterEach(() => editor.close());
  const ask = <T>(method: string, params: object = {}) =>
    editor.connection.sendRequest<T>(`textDocument/${method}`, { ...document, ...params });

  describe('quick fixes', () => {
    const actions = async (only?: string[]) => {
      await editor.until(() => editor.diagnostics.length > 0);
      const diagnostics = editor.diagnostics.at(-1)!.diagnostics;
      const context = { diagnostics, ...(only && { only }) };
      const at = { range: { start: inSource, end: inSource } };
      return ask<CodeAction[]>('codeAction', { ...at, context });
    };
    const titles = async (only?: string[]) => (await actions(only)).map(({ title }) => title);

    it('record again, restore or ignore what changed', async () => {
      const ignored: unknown[] = [];
      await start({
        ignoreChange: (...args) => {
          ignored.push(args);
          const [now] = recordings;
          recordings = [{ ...now!, acceptedSignature: args[3]! }];
          return Promise.resolve();
        },
      });
      await editor.open(text.replace('10', '20'));
      const [record, restore, ignore] = await actions();
      assert.equal(record?.command?.command, 'beamRewind.recordSources');
      assert.equal(record.diagnostics?.[0]?.code, 'stale-recording');
      assert.equal(restore?.title, 'Restore "Clicks" as it was recorded');
      assert.equal(restore.isPreferred, true);
      assert.deepEqual(restore.edit?.changes?.[uri], [
        { range: range('1:13', '1:14'), newText: '1' },
      ]);

      await editor.connection.sendRequest('workspace/executeCommand', ignore?.command);
      await editor.until(() => editor.diagnostics.at(-1)?.diagnostics.length === 0);
      const { hash } = sourceOf('Clicks', 'rate=20', 1).signature;
      assert.deepEqual(ignored, [['/nowhere/.beam-rewind', recorded.file, recorded.id, hash]]);
      assert.deepEqual(await titles(), ['Warn again about the change of "Clicks"']);

      await editor.edit(2, 1, 13, 15, '30');
      await editor.until(() => editor.diagnostics.at(-1)?.diagnostics.length === 1);
    });

    it('are none for what is not stale, or when others are asked for', async () => {
      await start();
      await editor.open(text);
      assert.deepEqual(await titles(), []);
      await editor.edit(2, 1, 13, 15, '20');
      await editor.until(() => editor.diagnostics.at(-1)?.diagnostics.length === 1);
      assert.deepEqual(await titles(['refactor']), []);
      assert.equal((await titles(['quickfix'])).length, 3);
    });

    it('run nothing in an untrusted workspace, nor in a language that cannot be launched', async () => {
      for (const [core, trusted] of [
        [{}, false],
        [{ canLaunch: () => false }, true],
      ] as const) {
        await start(core, { trusted });
        await editor.open(text.replace('10', '20'));
        assert.ok(!(await titles()).some((title) => title.startsWith('Record')));
        await editor.close();
      }
      await start();
    });
  });

  it('shows what a source is, what is recorded and its first elements', async () => {
    await start({
      async *showElements(_store, _file, label, limit) {
        assert.deepEqual([label, limit], ['Clicks', 3]);
        const shown = { pipeline: 'p', label: 'Clicks', timestamp: 0 };
        yield await Promise.resolve({ ...shown, value: '```[x](http://example.com)' });
        yield { ...shown, pipeline: 'another', value: 'not its own' };
      },
    });
    await editor.open(text);
    const hover = await ask<Hover>('hover', { position: inSource });
    const { value } = hover.contents as { value: string };
    assert.match(value, /^\*\*Clicks\*\* · ` PeriodicImpulse `, unbounded/);
    assert.match(value, /- ` rate = 10 `/);
    assert.match(value, /Recording: 1,240 elements · 1m/);
    assert.match(value, /````text\n1970-01-01T00:00:00\.000Z {2}```\[x\]\(http:.*\)\n````$/);
    assert.equal(await ask('hover', { position: { line: 0, character: 0 } }), null);
  });

  it('outlines the pipelines with their sources', async () => {
    await start();
    await editor.open(`${text}Rides: stop=5\n`);
    const [pipeline, ...more] = await ask<DocumentSymbol[]>('documentSymbol');
    assert.deepEqual(more, []);
    assert.equal(pipeline?.name, 'p');
    assert.deepEqual(
      pipeline.children?.map(({ name, detail }) => [name, detail]),
      [
        ['Clicks', 'PeriodicImpulse · unbounded source'],
        ['Rides', 'PeriodicImpulse · bounded source'],
      ],
    );
  });

  describe('the recorded state', () => {
    const warnings = () => editor.diagnostics.at(-1)?.diagnostics ?? [];
    const openStale = async () => {
      await editor.open(text.replace('10', '20'));
      await editor.until(() => warnings().length === 1);
    };

    it('is a document of ours where the editor can show one', async () => {
      await start(
        {},
        {
          capabilities: {
            workspace: { textDocumentContent: {} },
            textDocument: { publishDiagnostics: { relatedInformation: true } },
          },
        },
      );
      await openStale();
      const location = await ask<Location>('definition', { position: inSource });
      assert.match(location.uri, /^beam-rewind:\/Clicks/);
      const [related] = warnings()[0]?.relatedInformation ?? [];
      assert.deepEqual(related, { location, message: 'Recorded: PeriodicImpulse(rate=10)' });
      const content = await editor.connection.sendRequest<{ text: string }>(
        'workspace/textDocumentContent',
        { uri: location.uri },
      );
      assert.match(content.text, /Elements +1,240 · 58 kB · 1m/);
      assert.match(content.text, /Arguments\n\n {2}rate {2}10\n/);
      assert.match(content.text, /As it was written\n\n {2}Clicks: rate=10\n/);
    });

    it('is the index of the recording elsewhere', async () => {
      await start();
      await openStale();
      const { uri: target } = await ask<Location>('definition', { position: inSource });
      assert.equal(target, `file:///nowhere/.beam-rewind/recordings/${recorded.id}/recording.json`);
      assert.equal(warnings()[0]?.relatedInformation, undefined);
    });

    it('is no definition of a source without a problem', async () => {
      await start();
      await editor.open(text);
      assert.equal(await ask('definition', { position: inSource }), null);
    });
  });

  it('hints at the recorded count behind a source when the setting says so', async () => {
    await start();
    const visible = { range: range('0:0', '9:0') };
    await editor.open(text);
    assert.deepEqual(await ask('inlayHint', visible), []);
    editor.settings.inlayHints = true;
    await editor.connection.sendNotification('workspace/didChangeConfiguration', {});
    const [hint] = await ask<InlayHint[]>('inlayHint', visible);
    assert.equal(hint?.label, '1,240 elements');
    assert.deepEqual(hint.position, { line: 1, character: 15 });
    assert.deepEqual(await ask('inlayHint', { range: range('5:0', '9:0') }), []);
  });

  it('counts characters in UTF-8 with a client that does', async () => {
    await start({}, { capabilities: { general: { positionEncodings: ['utf-8', 'utf-16'] } } });
    // A sample source may hold any text behind its name: é is two bytes, 🚕 four bytes and two of UTF-16.
    await editor.open('# é🚕\nClicks: rate=é🚕10\n');
    await editor.edit(2, 1, 19, 21, '20');
    await editor.until(() => editor.diagnostics.at(-1)?.version === 2);
    const [warning] = editor.diagnostics.at(-1)!.diagnostics;
    assert.equal(warning?.message, 'Recording is stale: rate: 10 → é🚕20');
    assert.deepEqual(warning.range, range('1:0', '1:21'));
  });

  it('says nothing about documents that are not files', async () => {
    await start();
    const untitled = 'untitled:Untitled-1';
    await editor.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: untitled, languageId: 'python', version: 1, text },
    });
    const params = { textDocument: { uri: untitled } };
    for (const method of ['codeLens', 'documentSymbol'])
      assert.deepEqual(await editor.connection.sendRequest(`textDocument/${method}`, params), []);
    await editor.connection.sendNotification('textDocument/didClose', params);
    assert.deepEqual(editor.diagnostics, []);
  });

  it('executes the commands of lenses for a client that has none, and tells it what came of them', async () => {
    await start(
      { recordFile: () => Promise.resolve({ kind: 'recorded', cancelled: false, sources: [] }) },
      { isPlain: true },
    );
    const told: string[] = [];
    editor.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      told.push(message);
    });
    const run = (command: string, ...args: unknown[]) =>
      editor.connection.sendRequest('workspace/executeCommand', { command, arguments: args });
    await withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'clicks.py');
      await writeFile(file, text);
      const saved = pathToFileURL(file).href;
      const open = { uri: saved, languageId: 'python', version: 1 };
      const notify = (method: string, params: object) =>
        editor.connection.sendNotification(`textDocument/${method}`, params);
      await notify('didOpen', { textDocument: { ...open, text: `\uFEFF${text}` } });
      await run('beamRewind.recordSourcesAgain', saved);
      await notify('didClose', { textDocument: { uri: saved } });
      await notify('didOpen', { textDocument: { ...open, text: 'not saved' } });
      await assert.rejects(run('beamRewind.recordSources', saved), /unsaved changes/);
    });
    assert.deepEqual(told, ['Recorded.']);
    await assert.rejects(run('beamRewind.replay'), /needs the URI of a file/);
    await assert.rejects(run('beamRewind.unheardOf', uri), /has no command/);
  });
});
