import assert from 'node:assert/strict';
import { runProgram } from '../../../server/src/session/runProgram.js';

describe('a program', () => {
  it('in a language that is analysed only is not run', async () => {
    const options = {
      file: '/project/main.ts',
      text: '',
      args: [],
      interpreter: '/no/such/python',
      store: '/no/such/store',
      backend: 'prism',
      signal: new AbortController().signal,
      onEvent: () => assert.fail('nothing happens'),
    };
    const plan = () => assert.fail('nothing is submitted');
    await assert.rejects(
      runProgram(options, plan),
      /main\.ts is analysed, and cannot be run from here: Beam's TypeScript SDK/,
    );
  });
});
