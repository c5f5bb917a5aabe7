import { fileURLToPath } from 'node:url';

/** Absolute path of a file shipped in `assets/`, beside this module in the source tree and beside the bundles in `dist/`. */
export function assetPath(name: string): string {
  return fileURLToPath(new URL(`./assets/${name}`, import.meta.url));
}
