import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  superviseProcess,
  type SupervisedProcess,
} from '../../../server/src/processes/supervise.js';

/** Connects to us, says its process id and its parent's, and never ends; the kernel closes the connection when it is gone. */
function lastingProgram(port: number, atStart = ''): string {
  return `${atStart}
    const socket = require('node:net').connect(${port}, '127.0.0.1', () => socket.write(process.pid + ' ' + process.ppid));
    setInterval(() => {}, 1000);`;
}

describe('superviseProcess', () => {
  const running: SupervisedProcess[] = [];
  let server: Server;
  let port: number;

  before(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert(address !== null && typeof address === 'object');
    port = address.port;
  });
  after(() => server.close());
  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop({ graceMs: 0 })));
  });

  async function supervise(script: string, env?: NodeJS.ProcessEnv) {
    const output = { stdout: '', stderr: '' };
    const program = await superviseProcess(process.execPath, ['-e', script], {
      ...(env && { env }),
      onOutput: (stream, data) => {
        output[stream] += Buffer.from(data).toString();
      },
    });
    running.push(program);
    return { program, output };
  }

  /** The next program that connects, and the end of its life. */
  async function nextProgram() {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    const [ids] = (await once(socket, 'data')) as [Buffer];
    const [pid = 0, parent = 0] = ids.toString().split(' ').map(Number);
    return { pid, parent, gone };
  }

  it('passes output and exit code through', async () => {
    const { program, output } = await supervise(
      `process.stdout.write('out'.repeat(100_000)); process.stderr.write('err'); process.exitCode = 7;`,
    );
    assert.deepEqual(await program.exit, { code: 7, signal: null });
    assert.equal(output.stdout, 'out'.repeat(100_000));
    assert.equal(output.stderr, 'err');
  });

  it('gives the program an empty standard input and the environment asked for', async () => {
    const { program, output } = await supervise(
      `const { GREETING, HOME, ELECTRON_RUN_AS_NODE } = process.env;
       process.stdin.on('end', () => console.log(JSON.stringify({ GREETING, HOME, ELECTRON_RUN_AS_NODE }))).resume();`,
      { GREETING: 'hello' },
    );
    await program.exit;
    assert.deepEqual(JSON.parse(output.stdout), { GREETING: 'hello' });
  });

  it('reports the signal that ended the program', async () => {
    const { program } = await supervise(
      `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`,
    );
    assert.deepEqual(await program.exit, { code: null, signal: 'SIGTERM' });
  });

  it('says that a program does not exist', async () => {
    await assert.rejects(
      superviseProcess('/nowhere/prism', [], { onOutput: () => undefined }),
      /^Error: Cannot start \/nowhere\/prism: there is no such program\.$/,
    );
  });

  it('kills a program that ignores SIGTERM once its grace is over', async () => {
    const connected = nextProgram();
    const { program } = await supervise(
      lastingProgram(port, `process.on('SIGTERM', () => console.log('no'));`),
    );
    const { pid, gone } = await connected;
    assert.equal(pid, program.pid);
    assert.deepEqual(await program.stop({ graceMs: 50 }), { code: null, signal: 'SIGKILL' });
    await gone;
    assert.deepEqual(await program.stop(), { code: null, signal: 'SIGKILL' });
  });

  it('ends what the program started and left behind', async () => {
    const connected = nextProgram();
    const { program } = await supervise(
      `const { spawn } = require('node:child_process');
       spawn(process.execPath, ['-e', ${JSON.stringify(lastingProgram(port))}], { stdio: 'inherit' });
       require('node:net').createServer().listen(0);
       process.on('SIGTERM', () => process.exit(3));`,
    );
    const { gone } = await connected;
    assert.deepEqual(await program.stop(), { code: 3, signal: null });
    await gone;
  });

  /** A process that supervises a lasting program. */
  function startOwner(atStart = '') {
    return spawn(
      process.execPath,
      [
        '--import=tsx',
        '--input-type=module',
        '-e',
        `import { superviseProcess } from ${JSON.stringify(new URL('../../../server/src/processes/supervise.ts', import.meta.url).href)};
         await superviseProcess(process.execPath, ['-e', ${JSON.stringify(lastingProgram(port, atStart))}], { onOutput() {} });`,
      ],
      { stdio: 'inherit', cwd: fileURLToPath(new URL('.', import.meta.url)) },
    );
  }

  it('ends the program when we are killed', async () => {
    const connected = nextProgram();
    const owner = startOwner();
    const { gone } = await connected;
    owner.kill('SIGKILL');
    await gone;
  });

  it('ends the program when we and the supervising script are killed in the same instant', async function () {
    // Elsewhere there is no means for it.
    if (process.platform !== 'linux') this.skip();
    const connected = nextProgram();
    const owner = startOwner(`process.on('SIGTERM', () => {});`);
    const { parent, gone } = await connected;
    // Stopped, neither can notice the end of the other.
    process.kill(parent, 'SIGSTOP');
    owner.kill('SIGSTOP');
    owner.kill('SIGKILL');
    process.kill(parent, 'SIGKILL');
    await gone;
  });

  it('ends the program when its supervising script is killed', async () => {
    const connected = nextProgram();
    const { program } = await supervise(lastingProgram(port, `process.on('SIGTERM', () => {});`));
    const { parent, gone } = await connected;
    process.kill(parent, 'SIGKILL');
    assert.deepEqual(await program.exit, { code: null, signal: 'SIGKILL' });
    await gone;
  });
});
