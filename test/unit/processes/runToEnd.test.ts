import assert from 'node:assert/strict';
import { runToEnd } from '../../../server/src/processes/runToEnd.js';

describe('runToEnd', () => {
  it('tells a failure with the command and its last words', async () => {
    await assert.rejects(
      runToEnd(process.execPath, ['-e', 'console.error("no space left"); process.exitCode = 4']),
      (error: Error) => {
        assert.match(error.message, /^`\S+ -e .*` ended with code 4:\nno space left\n?$/);
        return true;
      },
    );
  });

  it('says nothing of a success', async () => {
    await runToEnd(process.execPath, ['-e', 'process.exitCode = process.env.WORKS ? 0 : 1'], {
      WORKS: 'yes',
    });
  });
});
