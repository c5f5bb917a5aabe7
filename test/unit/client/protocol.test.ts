import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as protocol from '../../../server/src/protocol.js';

describe('protocol', () => {
  it('has the messages that docs/protocol.md describes', async () => {
    const messages = Object.values(protocol).flatMap((value) =>
      typeof value === 'object' && 'method' in value ? [value.method] : [],
    );
    const document = await readFile('docs/protocol.md', 'utf8');
    const described = [...document.matchAll(/^### `(.+)`$/gm)].map(([, method]) => method);
    assert.ok(messages.length > 0);
    assert.deepEqual(described.sort(), messages.sort());
  });
});
