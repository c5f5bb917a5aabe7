import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findSources } from '../../../server/src/features/findSources.js';
import { createWorkspaceFiles } from '../../../server/src/features/workspaceFiles.js';
import { createWorkspaceIndex } from '../../../server/src/features/workspaceIndex.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { sampleAnalyzer } from './sample.js';

describe('files of the workspace', () => {
  it('are what the editor shows, then what is on disk', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'a.py');
      await writeFile(file, 'on disk');
      let open: string | undefined = 'in the editor';
      const files = createWorkspaceFiles((asked) => (asked === file ? open : undefined));
      assert.equal(files.read(file), 'in the editor');
      open = undefined;
      assert.equal(files.read(file), 'on disk');
      assert.equal(files.read(path.join(folder, 'none.py')), undefined);
      assert.equal(files.read(folder), undefined);
    }));

  it('are read again when they are told to have changed', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'a.py');
      const files = createWorkspaceFiles(() => undefined);
      assert.equal(files.read(file), undefined);
      await writeFile(file, 'new');
      files.changed(file);
      assert.equal(files.read(file), 'new');
      await rm(file);
      files.changed(file);
      assert.equal(files.read(file), undefined);
    }));
});

describe('the index of the workspace', () => {
  const context = {
    isAnalyzed: (file: string) => file.endsWith('.py'),
    findSources: (file: string) =>
      findSources(file, sampleAnalyzer, { path: file, folders: [], read: () => undefined }),
    openSources: () => undefined,
    onError: (message: string) => {
      throw new Error(message);
    },
  };

  it('finds the sources of all files but those of installed packages', () =>
    withTemporaryFolder(async (folder) => {
      const put = async (name: string, text: string) => {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), text);
      };
      await put('a.py', '# beam\nClicks: rate=1\n');
      await put('deep/er/b.py', '# beam\nRides: rate=1\n');
      await put('.venv/lib/c.py', '# beam\nHidden: rate=1\n');
      await put('node_modules/d.py', '# beam\nHidden: rate=1\n');
      await put('e.py', 'Unrelated: rate=1\n');
      await put('f.txt', '# beam\nText: rate=1\n');
      const index = createWorkspaceIndex(context);
      index.start([folder], 60_000);
      await index.settled();
      const names = (query: string) => index.symbols(query).map(({ name }) => name.split(' ')[0]);
      assert.deepEqual(names('').sort(), ['Clicks', 'Rides']);
      assert.deepEqual(names('rides'), ['Rides']);
      assert.deepEqual(names('sdr'), []);

      await put('a.py', '# beam\nBikes: rate=1\n');
      index.changed(path.join(folder, 'a.py'));
      await rm(path.join(folder, 'deep/er/b.py'));
      index.changed(path.join(folder, 'deep/er/b.py'));
      await index.settled();
      assert.deepEqual(names(''), ['Bikes']);
      index.close();
    }));

  it('goes on after a file that cannot be analysed, and says which', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(path.join(folder, 'a.py'), '# beam\nClicks: rate=1\n');
      await writeFile(path.join(folder, 'b.py'), '# beam\nRides: rate=1\n');
      const errors: string[] = [];
      const index = createWorkspaceIndex({
        ...context,
        findSources: (file) =>
          file.endsWith('a.py')
            ? Promise.reject(new Error('out of memory'))
            : context.findSources(file),
        onError: (message) => errors.push(message),
      });
      index.start([folder], 60_000);
      await index.settled();
      assert.equal(index.symbols('').length, 1);
      assert.deepEqual(errors, [
        `${path.join(folder, 'a.py')} cannot be indexed: Error: out of memory`,
      ]);
      index.close();
    }));
});
