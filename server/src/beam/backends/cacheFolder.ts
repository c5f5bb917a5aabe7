import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Folder for what is obtained once per machine and can be had again (Prism, environments of examples).
 * `BEAM_REWIND_CACHE` names another one.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (env['BEAM_REWIND_CACHE']) return path.resolve(env['BEAM_REWIND_CACHE']);
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'beam-rewind');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'beam-rewind');
  // The XDG specification has relative paths ignored.
  const xdg = env['XDG_CACHE_HOME'];
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'beam-rewind');
}
