import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { connect as connectGrpc, callUnary, listenLocally } from '../../../server/src/beam/grpc.js';
import { startBackend, type Backend } from '../../../server/src/beam/backends/backend.js';
import { JobService } from '../../../server/src/beam/proto/beam/job_pb.js';

const sdkVersion = '2.77.0';
const quiet = { sdkVersion, onStep: () => undefined };

describe('startBackend', () => {
  const started: Backend[] = [];
  before(async function () {
    // The first time on a machine, Prism is built.
    this.timeout(900_000);
    await (await startBackend('prism', quiet)).stop();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((backend) => backend.stop()));
  });

  async function start(spec = 'prism', options = {}) {
    const backend = await startBackend(spec, { ...quiet, ...options });
    started.push(backend);
    return backend;
  }

  async function jobCount(endpoint: string) {
    const client = connectGrpc(endpoint);
    try {
      return (await callUnary(client, JobService.method.getJobs, {})).jobInfo.length;
    } finally {
      client.close();
    }
  }

  it('starts a Prism that answers, and stops it', async () => {
    const prism = await start();
    assert.match(prism.endpoint, /^localhost:\d+$/);
    assert.match(prism.log(), /^INFO Serving JobManagement endpoint=localhost:\d+$/);
    assert.equal(await jobCount(prism.endpoint), 0);
    await prism.stop();
    await assertRefused(prism.endpoint);
  });

  it('shares one Prism until nobody uses it any more', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    assert.equal(one.endpoint, other.endpoint);
    await one.stop();
    await one.stop();
    assert.equal(await jobCount(other.endpoint), 0);
    await other.stop();
    await assertRefused(other.endpoint);
    assert.notEqual((await start()).endpoint, one.endpoint);
  });

  it("tells a crash in the program's own words, and starts afresh", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'prism-'));
    try {
      const prismPath = path.join(folder, 'prism');
      await writeFile(prismPath, '#!/bin/sh\necho "panic: out of luck" >&2\nexit 2\n', {
        mode: 0o755,
      });
      for (let attempt = 0; attempt < 2; attempt++) {
        await assert.rejects(
          start('prism', { prismPath }),
          /^Error: Prism \(.*\) ended with code 2:\npanic: out of luck\n?$/,
        );
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('leaves no Prism when its owner is killed', async () => {
    const backend = new URL('../../../server/src/beam/backends/backend.ts', import.meta.url).href;
    const owner = spawn(
      process.execPath,
      [
        '--import=tsx',
        '--input-type=module',
        '-e',
        `import { startBackend } from ${JSON.stringify(backend)};
         const { endpoint } = await startBackend('prism', { sdkVersion: '${sdkVersion}', onStep() {} });
         console.log(endpoint);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [endpoint] = (await once(createInterface(owner.stdout), 'line')) as [string];
    owner.kill('SIGKILL');
    await untilRefused(endpoint);
  });

  it('takes a runner that is already there, and leaves it running', async () => {
    const prism = await start();
    const same = await start(prism.endpoint);
    assert.equal(same.endpoint, prism.endpoint);
    await same.stop();
    assert.equal(await jobCount(prism.endpoint), 0);
  });

  it('says that nothing answers', async function () {
    const server = await listenLocally(() => undefined);
    server.close();
    await assert.rejects(
      start(server.endpoint),
      /No job service answers at 127\.0\.0\.1:\d+\. Start/,
    );
  });

  it('refuses what is no endpoint', async () => {
    for (const spec of [
      'flink',
      'localhost',
      'localhost:0',
      'localhost:70000',
      'http://host:80',
      '',
    ]) {
      await assert.rejects(start(spec), /is not a backend\. Give "prism", .* host:port/);
    }
  });
});

async function assertRefused(endpoint: string) {
  const socket = connect(Number(endpoint.split(':')[1]), 'localhost');
  await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
}

/** A connection that is still accepted ends with the process that accepted it. */
async function untilRefused(endpoint: string): Promise<void> {
  let code: string | undefined;
  while (code !== 'ECONNREFUSED') {
    const socket = connect(Number(endpoint.split(':')[1]), 'localhost').resume();
    code = await new Promise((resolve) => {
      let reason: string | undefined;
      socket.on('error', (error: NodeJS.ErrnoException) => (reason = error.code));
      socket.once('close', () => {
        resolve(reason);
      });
    });
  }
}
