import type { Backend, BackendOptions } from '../backend.js';
import { obtainPrism } from './obtain.js';
import { runPrism, type PrismProcess } from './process.js';

interface SharedPrism {
  starting: Promise<PrismProcess>;
  users: number;
}

/** Prisms of this process, by what was asked for. */
const running = new Map<string, SharedPrism>();

/** One Prism for all sessions of this process; it ends when the last of them stops it. */
export async function startPrism(options: BackendOptions): Promise<Backend> {
  const key = JSON.stringify([options.sdkVersion, options.prismPath]);
  const shared = running.get(key) ?? share(key, options);
  shared.users++;
  const prism = await shared.starting;

  const release = async () => {
    if (--shared.users > 0) return;
    if (running.get(key) === shared) running.delete(key);
    await prism.stop();
  };
  let released: Promise<void> | undefined;
  return {
    name: 'Prism',
    kind: 'prism',
    endpoint: prism.endpoint,
    log: () => prism.log(),
    stop: () => (released ??= release()),
  };
}

function share(key: string, options: BackendOptions): SharedPrism {
  const shared = { starting: start(options), users: 0 };
  running.set(key, shared);
  // One that failed or crashed is not for the next session.
  const forget = () => {
    if (running.get(key) === shared) running.delete(key);
  };
  shared.starting.then((prism) => prism.exit).then(forget, forget);
  return shared;
}

async function start(options: BackendOptions): Promise<PrismProcess> {
  const { path, origin } = await obtainPrism(options);
  options.onStep(`Starting Prism (${origin}: ${path})`);
  return runPrism(path);
}
