import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { superviseProcess } from '../processes/supervise.js';
import { debuggerOutput } from './debugger.js';
import type { Program, ProgramOptions } from './program.js';
import { runTool, withoutOptions } from './program.js';

/** Module of the Go SDK. */
const sdkModule = 'github.com/apache/beam/sdks/v2';

/** Flags of the Go SDK by which a program is told its runner: ours stand in for the author's. */
const runnerFlags = ['runner', 'endpoint', 'environment_type', 'environment_config', 'async'];

/**
 * Builds a Go program, unmodified, as `go build` does, and runs it so that its pipelines arrive at our JobService: by the
 * flags of the SDK, which it has when it calls `flag.Parse()` and runs its pipelines by `beamx.Run`.
 */
export async function prepareGo(options: ProgramOptions): Promise<Program> {
  const { file, args, debug } = options;
  const delve = debug && (await findDelve(options));
  const folder = path.dirname(file);
  const target = await whatToBuild(options);
  const made = await mkdtemp(path.join(tmpdir(), 'beam-rewind-go-'));
  const dispose = () => rm(made, { recursive: true, force: true });
  const name = path.basename(target === '.' ? folder : file, '.go');
  const binary = path.join(made, process.platform === 'win32' ? `${name}.exe` : name);
  try {
    options.onStep(`Building ${target === '.' ? folder : file}`);
    await runTool('go', ['build', ...(debug ? forDebugger : []), '-o', binary, target], {
      ...options,
      cwd: folder,
    });
    const sdkVersion = await sdkVersionOf(binary, options);
    return {
      sdk: `Go SDK ${sdkVersion}`,
      sdkVersion,
      start: (jobEndpoint) => {
        const own = [
          // Before the program's own: the first argument that is no flag ends the flags.
          '--runner=universal',
          `--endpoint=${jobEndpoint}`,
          '--environment_type=LOOPBACK',
          ...withoutOptions(args, runnerFlags),
        ];
        const cwd = options.cwd ?? folder;
        if (!debug || delve === undefined)
          return superviseProcess(binary, own, { cwd, onOutput: options.onOutput });
        const listen = `--listen=127.0.0.1:${debug.port}`;
        return superviseProcess(delve, ['exec', '--headless', listen, binary, '--', ...own], {
          cwd,
          onOutput: debuggerOutput('dlv', listeningLine, debug, options.onOutput),
        });
      },
      submission:
        "It takes its runner from the flags of Beam's Go SDK: it is to call flag.Parse(), and to run its pipeline by beamx.Run.",
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Variables and lines of the author's own packages stay as they are written. */
const forDebugger = ['-gcflags=./...=-N -l'];

/** Written by Delve. */
const listeningLine = /^API server listening at: .*:(\d+)\s*$/;

/** @throws Error that says how to install it */
async function findDelve(options: ProgramOptions): Promise<string> {
  const cwd = path.dirname(options.file);
  const goBin = await runTool('go', ['env', 'GOBIN', 'GOPATH'], { ...options, cwd });
  const [bin = '', goPath = ''] = goBin.split(/\r?\n/);
  const candidates = ['dlv', path.join(bin || path.join(goPath, 'bin'), 'dlv')];
  for (const candidate of candidates) {
    const version = runTool(candidate, ['version'], { ...options, cwd });
    if (await version.then(Boolean, () => false)) return candidate;
  }
  throw new Error(
    'Debugging a Go program needs Delve: run go install github.com/go-delve/delve/cmd/dlv@latest',
  );
}

/** The package of the file, or the file alone where that is a program of its own beside others. */
async function whatToBuild(options: ProgramOptions): Promise<string> {
  const { file } = options;
  const cwd = path.dirname(file);
  const format = '{{.Name}}{{range .GoFiles}}\n{{.}}{{end}}';
  const quiet = { ...options, cwd, onOutput: () => undefined };
  const [name, ...files] = await runTool('go', ['list', '-f', format, '.'], quiet).then(
    (listed) => listed.trim().split('\n'),
    (error: unknown) => {
      options.signal.throwIfAborted();
      if (isMissing(error)) throw new Error(withoutGo, { cause: error });
      // No module, no package, two packages in one folder: the build of the file says what is wrong.
      return [];
    },
  );
  const isOfPackage = files.includes(path.basename(file));
  if (isOfPackage && name !== 'main') {
    throw new Error(
      `${path.basename(file)} belongs to package ${name ?? ''}, which is no program. Record the file of package main whose main function runs the pipeline.`,
    );
  }
  return isOfPackage ? '.' : file;
}

const withoutGo =
  'There is no `go` command on the PATH. Install Go (https://go.dev/dl), or start the editor where it is on the PATH.';

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Cannot start go:');
}

/** The release of the SDK that a program is built with; of a commit between two releases, the one before. */
async function sdkVersionOf(binary: string, options: ProgramOptions): Promise<string> {
  const cwd = path.dirname(options.file);
  const built = await runTool('go', ['version', '-m', binary], { ...options, cwd });
  const line = built.split('\n').find((each) => each.split('\t').includes(sdkModule));
  if (line === undefined) {
    throw new Error(`The program does not use Beam's Go SDK (module ${sdkModule}).`);
  }
  const [, version] = /\tv(\d+\.\d+\.\d+)/.exec(line) ?? [];
  if (version === undefined) {
    throw new Error(
      `The program is built with a version of Beam's Go SDK that is no release (${line.trim().replaceAll('\t', ' ')}). Require one in go.mod.`,
    );
  }
  return version;
}
