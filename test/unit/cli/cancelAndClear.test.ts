import assert from 'node:assert/strict';
import path from 'node:path';
import { cli } from './harness.js';

describe('beam-rewind cancel', () => {
  it('says how many recordings were cancelled', async () => {
    const seen: string[] = [];
    const cancelRecording = (store: string, file: string) => {
      seen.push(store, path.basename(file));
      return Promise.resolve(2);
    };
    assert.deepEqual(await cli(['cancel', 'clicks.py', '--store', '/st'], { cancelRecording }), {
      code: 0,
      out: 'Cancelled 2 recordings of clicks.py. What was recorded stays.\n',
      err: '',
    });
    assert.deepEqual(seen, ['/st', 'clicks.py']);
    const json = await cli(['cancel', 'clicks.py', '--store', '/st', '--json'], {
      cancelRecording,
    });
    assert.equal(json.out, '{"store":"/st","file":"CWD/clicks.py","cancelled":2}\n');
  });

  it('exits 3 when none is running', async () => {
    const cancelRecording = () => Promise.resolve(0);
    assert.deepEqual(await cli(['cancel', 'clicks.py'], { cancelRecording }), {
      code: 3,
      out: '',
      err: 'Nothing to cancel: clicks.py is not being recorded.\n',
    });
  });

  it('exits 1 when a recording does not end', async () => {
    const cancelRecording = () => Promise.reject(new Error('has not ended'));
    const run = await cli(['cancel', 'clicks.py'], { cancelRecording });
    assert.deepEqual(run, { code: 1, out: '', err: 'error: has not ended\n' });
  });
});

describe('beam-rewind clear', () => {
  it('deletes the recordings of a file', async () => {
    const seen: unknown[] = [];
    const clearRecordings = (store: string, file?: string) => {
      seen.push(store, file && path.basename(file));
      return Promise.resolve(1);
    };
    assert.deepEqual(await cli(['clear', 'clicks.py', '--store', '/st'], { clearRecordings }), {
      code: 0,
      out: 'Deleted 1 recording of clicks.py.\n',
      err: '',
    });
    assert.deepEqual(seen, ['/st', 'clicks.py']);
  });

  it('deletes all recordings of the store without a file', async () => {
    const seen: unknown[] = [];
    const clearRecordings = (store: string, file?: string) => {
      seen.push(store, file);
      return Promise.resolve(1240);
    };
    assert.deepEqual(await cli(['clear', '--store', '/st'], { clearRecordings }), {
      code: 0,
      out: 'Deleted 1,240 recordings in /st.\n',
      err: '',
    });
    assert.deepEqual(seen, ['/st', undefined]);
    const json = await cli(['clear', '--store', '/st', '--json'], { clearRecordings });
    assert.equal(json.out, '{"store":"/st","cleared":1240}\n');
  });

  it('deletes the recordings of a file that is gone', async () => {
    const run = await cli(['clear', '/gone/rides.py'], {
      recordedFiles: () => Promise.resolve(['/gone/rides.py']),
      clearRecordings: () => Promise.resolve(1),
    });
    assert.equal(run.out, 'Deleted 1 recording of /gone/rides.py.\n');
  });

  it('exits 3 when there is none', async () => {
    const clearRecordings = () => Promise.resolve(0);
    assert.deepEqual(await cli(['clear', 'clicks.py', '--json'], { clearRecordings }), {
      code: 3,
      out: '{"store":"CWD/.beam-rewind","file":"CWD/clicks.py","cleared":0}\n',
      err: 'Nothing to clear: no ended recordings of clicks.py.\n',
    });
    assert.equal(
      (await cli(['clear'], { clearRecordings })).err,
      'Nothing to clear: no ended recordings in CWD/.beam-rewind.\n',
    );
  });
});
