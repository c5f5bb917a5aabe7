import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { obtainPrism } from '../../../../server/src/beam/backends/prism/obtain.js';
import {
  binaryName,
  prismRelease,
  releaseName,
} from '../../../../server/src/beam/backends/prism/release.js';

const release = prismRelease('2.77.0');
const script = (text: string) => `#!/bin/sh\n${text}\n`;
const isExecutable = async (file: string) => chmod(file, 0o755);

describe('obtainPrism', () => {
  let root: string;
  let steps: string[];
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'obtain-prism-'));
    steps = [];
  });
  afterEach(() => rm(root, { recursive: true }));

  const file = (...parts: string[]) => path.join(root, ...parts);
  const beamCache = (name: string) => file('home', '.apache_beam', 'cache', 'prism', 'bin', name);
  const ownCache = () =>
    file('cache', `prism-v2.77.0-${release.os}-${release.arch}`, binaryName(release));

  async function put(target: string, content: string | Uint8Array, executable = true) {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    if (executable) await isExecutable(target);
    return target;
  }

  /** A Go that "builds" by writing a file. */
  const putGo = () =>
    put(
      file('go', 'go'),
      script(`[ "$1" = version ] || echo "$@" > "$GOBIN/${binaryName(release)}"`),
    );

  function obtain(options: { prismPath?: string; sdkVersion?: string } = {}) {
    return obtainPrism(
      { sdkVersion: '2.77.0', onStep: (text) => steps.push(text), ...options },
      {
        cache: file('cache'),
        searchPath: [file('other'), file('path')].join(path.delimiter),
        home: file('home'),
        go: file('go', 'go'),
        // Nothing listens on this port.
        releases: 'http://127.0.0.1:1/releases',
      },
    );
  }

  const putOnPath = async () => {
    // Another program of that name comes first.
    await put(file('other', 'prism'), script('echo "Usage: prism mock openapi.yaml"'));
    return put(file('path', 'prism'), script('echo "  -job_port int" >&2'));
  };

  it('takes the one of the setting before all others', async () => {
    const prismPath = await put(file('mine'), script(''));
    await putOnPath();
    assert.equal((await obtain({ prismPath })).path, prismPath);
  });

  it('refuses a setting that names no program', async () => {
    await putOnPath();
    const prismPath = await put(file('mine'), 'text', false);
    await assert.rejects(obtain({ prismPath }), /There is no program at .*mine.*prism\.path/);
    await assert.rejects(obtain({ prismPath: root }), /There is no program at/);
  });

  it("takes Beam's Prism on the PATH before the caches, also for an SDK that is no release", async () => {
    const onPath = await putOnPath();
    await put(beamCache(releaseName(release)), 'binary');
    assert.equal((await obtain()).path, onPath);
    assert.equal((await obtain({ sdkVersion: '2.78.0.dev' })).path, onPath);
  });

  it("takes the one in Beam's cache, though it is called a zip and not executable", async () => {
    await putGo();
    const cached = await put(beamCache(`${releaseName(release)}.zip`), 'a plain binary', false);
    assert.equal((await obtain()).path, cached);
    assert.deepEqual(steps, []);
    const unpacked = await put(beamCache(releaseName(release)), 'a plain binary', false);
    assert.equal((await obtain()).path, unpacked);
  });

  it("unpacks an archive in Beam's cache once", async () => {
    await putGo();
    const binary = Buffer.from('the binary');
    const archive = beamCache(`${releaseName(release)}.zip`);
    await put(archive, zipSync({ [releaseName(release)]: binary }));
    assert.equal((await obtain()).path, ownCache());
    assert.equal((await obtain()).path, ownCache());
    assert.deepEqual(await readFile(ownCache()), binary);
    assert.deepEqual(steps, [`Unpacking ${archive}`]);
  });

  it("builds the SDK's release with Go into our cache, once", async () => {
    await putGo();
    const [one, other] = await Promise.all([obtain(), obtain()]);
    assert.equal(one.path, ownCache());
    assert.equal(other.path, ownCache());
    assert.equal(
      await readFile(ownCache(), 'utf8'),
      'install -ldflags -s -w github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0\n',
    );
    assert.equal(steps.length, 1);
  });

  it('says why nothing worked and what to do', async () => {
    await put(
      file('go', 'go'),
      script('[ "$1" = version ] || { echo "module lookup disabled" >&2; exit 1; }'),
    );
    await put(beamCache(`${releaseName(release)}.zip`), Buffer.from('PK\x03\x04 and no more'));
    await assert.rejects(obtain(), (error: Error) => {
      assert.match(error.message, /^Prism 2\.77\.0.*could not be obtained/);
      assert.match(error.message, /- .*\.zip is a damaged zip archive/);
      assert.match(error.message, /- `.*go install .*` ended with code 1:\nmodule lookup disabled/);
      assert.match(error.message, /- Cannot reach 127\.0\.0\.1:1 for .*sha512/);
      assert.match(error.message, /Install Go, or unpack https:\/\/github\.com\/apache\/beam\//);
      return true;
    });
    assert.equal(steps.length, 3);
  });

  it('does not announce a build where there is no Go', async () => {
    await assert.rejects(obtain(), /- Cannot start .*go: there is no such program/);
    assert.deepEqual(steps, ['Downloading Prism 2.77.0']);
  });

  it('says that there is no release for such an SDK', async () => {
    await assert.rejects(obtain({ sdkVersion: '2.78.0.dev' }), /no release.*"2\.78\.0\.dev"/);
    assert.throws(
      () => prismRelease('2.77.0', 'freebsd', 'x64'),
      /no release of Prism for freebsd/,
    );
  });
});
