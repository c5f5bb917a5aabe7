import assert from 'node:assert/strict';
import * as protocol from '../../../server/src/protocol.js';
import type { Editor } from './editor.js';
import { startEditor, uri } from './editor.js';

describe('debugging a replay', () => {
  let editor: Editor;
  afterEach(() => editor.close());

  it('tells the client where the program waits for its debugger', async () => {
    let debug: unknown;
    editor = await startEditor({
      replayFile(options) {
        ({ debug } = options);
        const debuggee = { type: 'debugpy', host: '127.0.0.1', port: 5678 } as const;
        options.onEvent({ kind: 'debugger', debuggee });
        return Promise.resolve({ kind: 'replayed', exitCode: 0 });
      },
    });
    await editor.open('Clicks: rate=10\n');
    const told = new Promise((resolve) => {
      editor.connection.onNotification(protocol.debuggee, resolve);
    });
    const params = { uri, debug: { debugpy: '/extension/libs' } };
    await editor.connection.sendRequest(protocol.replay, params);
    assert.deepEqual(debug, { debugpy: '/extension/libs', port: 0 });
    assert.deepEqual(await told, { uri, type: 'debugpy', host: '127.0.0.1', port: 5678 });
  });

  it('is refused in an untrusted workspace', async () => {
    editor = await startEditor({}, { trusted: false });
    await editor.open('Clicks: rate=10\n');
    const asked = editor.connection.sendRequest(protocol.replay, { uri, debug: {} });
    await assert.rejects(asked, /needs a trusted workspace/);
  });
});
