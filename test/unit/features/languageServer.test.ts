import assert from 'node:assert/strict';
import type { Core } from '../../../server/src/features/core.js';
import * as protocol from '../../../server/src/protocol.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import type {
  RecordOptions,
  RecordOutcome,
  SessionEvent,
} from '../../../server/src/session/session.js';
import type { Editor, EditorVariant } from './editor.js';
import { deferred, startEditor, uri } from './editor.js';
import { recordingOf, sourceOf } from './sample.js';

const text = '# top\nClicks: rate=10\n';
const clicks = sourceOf('Clicks', 'rate=10', 1);

describe('language server', () => {
  let editor: Editor;
  const start = async (core: Partial<Core>, variant?: EditorVariant) => {
    editor = await startEditor(core, variant);
  };
  afterEach(() => editor.close());

  const messages = () => editor.diagnostics.at(-1)?.diagnostics.map(({ message }) => message);
  const version = () => editor.diagnostics.at(-1)?.version;

  /** A session that runs until its test ends it, or it is cancelled. */
  function controlledRecording() {
    const session = deferred<RecordOutcome>();
    const started = deferred<{ facts: object; tell: (event: SessionEvent) => void }>();
    const recordFile = (options: RecordOptions) => {
      const facts = Object.entries(options).filter(([name]) => !/^(signal|onEvent)$/.test(name));
      started.resolve({
        facts: Object.fromEntries(facts),
        tell(event) {
          options.onEvent(event);
        },
      });
      options.signal.addEventListener('abort', () => {
        session.resolve({ kind: 'recorded', cancelled: true, sources: [] });
      });
      return session.promise;
    };
    return { recordFile, started: started.promise, end: session.resolve };
  }

  describe('stale recordings', () => {
    beforeEach(() => start({ recordingsOf: () => Promise.resolve([recordingOf(clicks)]) }));

    it('are warned about at the edit, until it is undone', async () => {
      await editor.open(text);
      await editor.until(() => version() === 1);
      assert.deepEqual(messages(), []);
      await editor.edit(2, 1, 13, 15, '20');
      await editor.until(() => version() === 2);
      assert.deepEqual(messages(), ['Recording is stale: rate: 10 → 20']);
      await editor.edit(3, 1, 13, 15, '10');
      await editor.until(() => version() === 3);
      assert.deepEqual(messages(), []);
    });

    it('stay what they were while the text does not parse', async () => {
      await editor.open(text);
      await editor.edit(2, 1, 13, 15, '2?');
      await editor.until(() => version() === 2);
      assert.deepEqual(messages(), []);
      await editor.edit(3, 1, 14, 15, '0');
      await editor.until(() => version() === 3);
      assert.equal(messages()?.length, 1);
      await editor.edit(4, 1, 13, 14, '?');
      await editor.edit(5, 0, 0, 0, '\n');
      await editor.until(() => version() === 5);
      assert.equal(editor.diagnostics.at(-1)?.diagnostics[0]?.range.start.line, 2);
    });

    it('are no longer warned about when the file is closed', async () => {
      await editor.open(text.replace('10', '20'));
      await editor.until(() => messages()?.length === 1);
      await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
      await editor.until(() => messages()?.length === 0);
    });
  });

  it('shows a recording that another process makes', async () => {
    const recordings: Recording[] = [];
    let changed: () => void = () => undefined;
    await start({
      defaultStore: () => process.cwd(),
      recordingsOf: () => Promise.resolve([...recordings]),
      watchStore(_store, onChange) {
        changed = onChange;
        return { close: () => undefined };
      },
    });
    await editor.open(text);
    await editor.until(() => editor.states.at(-1)?.sources[0]?.state === 'none');
    recordings.push(recordingOf(clicks));
    changed();
    await editor.until(() => editor.states.at(-1)?.sources[0]?.state === 'valid');
    assert.deepEqual(await editor.lensTitles(), [
      '$(check) 1,240 elements · 1m',
      '$(play) Replay',
      '$(debug-alt) Debug',
      '$(refresh) Record again',
    ]);
  });

  it('has the lenses of the text as it was typed last', async () => {
    await start({});
    await editor.open('# nothing\n');
    await editor.edit(2, 1, 0, 0, 'Clicks: rate=10\n');
    assert.deepEqual(await editor.lensTitles(), ['$(record) Record sources']);
  });

  describe('recording', () => {
    it('launches the program by settings, editor and workspace', async () => {
      const { recordFile, started, end } = controlledRecording();
      await start({ recordFile });
      editor.settings.limits.duration = '5m';
      editor.settings.arguments = ['--fast'];
      editor.settings.store = 'recordings';
      await editor.open(text);
      const params = { uri, force: true, interpreter: '/venv/bin/python' };
      const answer = editor.connection.sendRequest(protocol.recordSources, params);
      assert.deepEqual((await started).facts, {
        file: '/project/clicks.py',
        text,
        args: ['--fast'],
        interpreter: '/venv/bin/python',
        store: '/project/recordings',
        backend: 'prism',
        limits: { durationMs: 300_000, maxBytes: 1e9, maxElements: Infinity },
        sourceLimits: [],
        recordTogether: false,
        redact: [],
        watermarkResolutionMs: 1000,
        keepRecordings: 3,
        force: true,
      });
      end({ kind: 'recorded', cancelled: false, sources: [] });
      assert.equal((await answer).outcome, 'done');
    });

    it('prefers the interpreter of the settings, and finds one when none is named', async () => {
      const interpreters: (string | undefined)[] = [];
      await start({
        recordFile(options) {
          interpreters.push(options.interpreter);
          return Promise.resolve({ kind: 'recorded', cancelled: false, sources: [] });
        },
      });
      await editor.open(text);
      await editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      editor.settings.python.interpreter = './env/bin/python';
      await editor.connection.sendNotification('workspace/didChangeConfiguration', {});
      const params = { uri, force: false, interpreter: '/chosen/python' };
      await editor.connection.sendRequest(protocol.recordSources, params);
      assert.deepEqual(interpreters, ['/usr/bin/python3', '/project/env/bin/python']);
    });

    it('shows progress in the status bar and leaves the lenses alone meanwhile', async () => {
      const { recordFile, started, end } = controlledRecording();
      await start({ recordFile });
      await editor.open(text);
      await editor.until(() => editor.states.length > 0);
      const answer = editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      const { tell } = await started;
      assert.deepEqual(await editor.lensTitles(), ['$(sync~spin) Recording…', 'Cancel']);
      const refreshes = editor.lensRefreshes;
      tell({ kind: 'step', text: 'Starting Prism 2.77.0' });
      await editor.until(() => editor.states.at(-1)?.activityText === 'Starting Prism 2.77.0');
      const sources = [{ pipeline: 'p', label: 'Clicks', elements: 7, bytes: 420 }];
      const limits = { durationMs: 60_000, maxBytes: 1e9, maxElements: Infinity };
      const progress = { elements: 7, bytes: 420, elapsedMs: 1500, limits, sources };
      tell({ kind: 'progress', progress });
      await editor.until(
        () => editor.states.at(-1)?.activityText === '7 elements · 420 B of 1 GB · 1.5s of 1m',
      );
      tell({ kind: 'jobState', state: 'RUNNING' });
      await editor.until(() => editor.log.includes('Job: RUNNING'));
      assert.match(editor.states.at(-1)?.activityText ?? '', /^7 elements/);
      assert.equal(editor.lensRefreshes, refreshes);
      end({ kind: 'recorded', cancelled: false, sources: [] });
      await answer;
      await editor.until(() => editor.states.at(-1)?.activity === 'idle');
      await editor.until(() => editor.lensRefreshes > refreshes);
    });

    it('passes the output on, characters whole, and the messages of the runner to the log', async () => {
      const { recordFile, started, end } = controlledRecording();
      await start({ recordFile });
      await editor.open(text);
      const answer = editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      const { tell } = await started;
      const bytes = new TextEncoder().encode('né\n');
      const part = (data: Uint8Array): SessionEvent => ({ kind: 'output', stream: 'stdout', data });
      tell(part(bytes.subarray(0, 2)));
      tell(part(bytes.subarray(2)));
      tell({ kind: 'message', severity: 'error', text: 'no such topic' });
      await editor.until(() => editor.log.includes('no such topic'));
      assert.equal(editor.outputs.map((one) => one.text).join(''), 'né\n');
      end({ kind: 'failed', message: 'no such topic', sources: [] });
      assert.deepEqual(await answer, { outcome: 'failed', message: 'no such topic' });
    });

    it('ends when it is cancelled', async () => {
      const { recordFile, started } = controlledRecording();
      await start({ recordFile });
      await editor.open(text);
      const answer = editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      await started;
      const cancelled = await editor.connection.sendRequest(protocol.cancelRecording, { uri });
      assert.deepEqual(cancelled, { count: 1 });
      assert.equal((await answer).outcome, 'cancelled');
    });

    it('is cancelled in another process when none runs here', async () => {
      await start({ cancelRecording: () => Promise.resolve(2) });
      const cancelled = await editor.connection.sendRequest(protocol.cancelRecording, { uri });
      assert.deepEqual(cancelled, { count: 2 });
    });

    it('is refused while the file is being recorded', async () => {
      const { recordFile, started } = controlledRecording();
      await start({ recordFile });
      await editor.open(text);
      const first = editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      await started;
      await assert.rejects(editor.connection.sendRequest(protocol.replay, { uri }), {
        code: protocol.refused,
        message: /being recorded/,
      });
      await editor.connection.sendRequest(protocol.cancelRecording, { uri });
      await first;
    });

    it('says which setting it cannot read, and can be tried again', async () => {
      await start({
        recordFile: () => Promise.resolve({ kind: 'nothing to do', reason: 'valid', sources: [] }),
      });
      editor.settings.limits.duration = 'long';
      await editor.open(text);
      const request = () =>
        editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
      await assert.rejects(request(), /Setting beamRewind\.limits\.duration: "long"/);
      editor.settings.limits.duration = '1s';
      await editor.connection.sendNotification('workspace/didChangeConfiguration', {});
      assert.deepEqual(await request(), { outcome: 'nothing to do', message: 'valid' });
    });

    it('says what to do when there is no interpreter', async () => {
      await start({ findInterpreter: () => Promise.resolve(undefined) });
      await editor.open(text);
      await assert.rejects(
        editor.connection.sendRequest(protocol.replay, { uri }),
        /beamRewind\.python\.interpreter/,
      );
    });
  });

  describe('replay', () => {
    it('fails with the exit code of the program', async () => {
      await start({ replayFile: () => Promise.resolve({ kind: 'replayed', exitCode: 3 }) });
      await editor.open(text);
      const { outcome, message } = await editor.connection.sendRequest(protocol.replay, { uri });
      assert.equal(outcome, 'failed');
      assert.match(message, /exit code 3/);
    });

    it('ends when its test stream is stopped', async () => {
      const started = deferred<undefined>();
      await start({
        replayFile: ({ signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve({ kind: 'cancelled' });
            });
            started.resolve(undefined);
          }),
      });
      await editor.open(text);
      const answer = editor.connection.sendRequest(protocol.replay, { uri });
      await started.promise;
      const stop = () => editor.connection.sendRequest(protocol.stopTestStream, { uri });
      assert.deepEqual(await stop(), { count: 1 });
      assert.equal((await answer).outcome, 'cancelled');
      assert.deepEqual(await stop(), { count: 0 });
    });
  });

  it('clears the recordings of one file or of all', async () => {
    const cleared: (string | undefined)[] = [];
    await start({
      clearRecordings(_store, file) {
        cleared.push(file);
        return Promise.resolve(1);
      },
    });
    const { connection } = editor;
    await connection.sendRequest(protocol.clearRecordings, { uri, allFiles: false });
    await connection.sendRequest(protocol.clearRecordings, { uri, allFiles: true });
    assert.deepEqual(cleared, ['/project/clicks.py', undefined]);
  });

  describe('in an untrusted workspace', () => {
    it('runs nothing', async () => {
      await start({}, { trusted: false });
      await editor.open(text);
      const refusal = { code: protocol.refused, message: /trusted workspace/ };
      const { connection } = editor;
      await assert.rejects(
        connection.sendRequest(protocol.recordSources, { uri, force: false }),
        refusal,
      );
      await assert.rejects(connection.sendRequest(protocol.replay, { uri }), refusal);
      assert.deepEqual(await editor.lensTitles(), []);
    });

    it('offers to record once it is trusted', async () => {
      await start({}, { trusted: false });
      await editor.open(text);
      assert.deepEqual(await editor.lensTitles(), []);
      const refreshes = editor.lensRefreshes;
      await editor.connection.sendNotification(protocol.didGrantWorkspaceTrust, {});
      await editor.until(() => editor.lensRefreshes > refreshes);
      assert.deepEqual(await editor.lensTitles(), ['$(record) Record sources']);
    });
  });

  it('ends its sessions when it is shut down', async () => {
    const { recordFile, started } = controlledRecording();
    await start({ recordFile });
    await editor.open(text);
    const answer = editor.connection.sendRequest(protocol.recordSources, { uri, force: false });
    await started;
    const shutDown = editor.connection.sendRequest('shutdown');
    assert.equal((await answer).outcome, 'cancelled');
    await shutDown;
  });

  it('logs a store that cannot be read, and goes on', async () => {
    await start({ recordingsOf: () => Promise.reject(new Error('permission denied')) });
    await editor.open(text);
    await editor.until(() => editor.log.some((one) => one.includes('permission denied')));
    assert.deepEqual(await editor.lensTitles(), ['$(record) Record sources']);
  });

  it('lists the recordings of a file that have ended, and names, notes and pins one', async () => {
    const made = { ...recordingOf(clicks), endReason: 'duration limit' as const };
    const latest = { ...made, id: 'b', name: 'rush', note: 'of March', pinned: true as const };
    const { endedAt: _running, ...running } = { ...made, id: 'c' };
    const changes: unknown[][] = [];
    const change = async (...values: unknown[]) => Promise.resolve(changes.push(values.slice(1)));
    await start({
      recordingsOf: () => Promise.resolve([{ ...made, id: 'a' }, latest, running]),
      nameRecordings: (_store, _id, name) =>
        name === 'rush'
          ? Promise.reject(new Error('It is named "rush" already.'))
          : change('', _id, name),
      noteRecordings: change,
      pinRecordings: change,
    });
    const { connection } = editor;
    const { recordings } = await connection.sendRequest(protocol.listRecordings, { uri });
    assert.deepEqual(
      recordings.map(({ id, name, note, isPinned }) => [id, name, note, isPinned]),
      [
        ['b', 'rush', 'of March', true],
        ['a', undefined, undefined, false],
      ],
    );
    assert.match(recordings[0]?.text ?? '', /^[\d,]+ elements .*duration limit$/);
    await connection.sendRequest(protocol.changeRecording, {
      uri,
      id: 'a',
      name: 'calm',
      note: '',
    });
    await connection.sendRequest(protocol.changeRecording, { uri, id: 'b', isPinned: false });
    assert.deepEqual(changes, [
      ['a', 'calm'],
      ['a', ''],
      ['b', false],
    ]);
    await assert.rejects(
      connection.sendRequest(protocol.changeRecording, { uri, id: 'a', name: 'rush' }),
      /named "rush" already/,
    );
  });
});
