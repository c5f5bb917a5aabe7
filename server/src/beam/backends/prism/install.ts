import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from '../../../processes/runToEnd.js';
import { binaryName, type PrismRelease } from './release.js';

const prismPackage = 'github.com/apache/beam/sdks/v2/go/cmd/prism';

/**
 * Builds a release of Prism with Go: two or three minutes the first time, seconds when Go has it cached.
 * @param folder gets the binary, whole or not at all
 * @param go the Go command
 * @param onStep told when there is a Go, and the build begins
 * @throws Error that says what Go said, or that there is no Go
 */
export async function installPrism(
  release: PrismRelease,
  folder: string,
  go: string,
  onStep: (text: string) => void,
): Promise<void> {
  await runToEnd(go, ['version']);
  onStep(`Building Prism ${release.version} with Go, some minutes the first time`);
  const goBin = await mkdtemp(path.join(folder, 'go-install-'));
  // A target set for the user's other builds would have Go refuse GOBIN.
  const { GOOS: _os, GOARCH: _arch, ...env } = process.env;
  try {
    await runToEnd(go, ['install', '-ldflags', '-s -w', `${prismPackage}@v${release.version}`], {
      ...env,
      GOBIN: goBin,
    });
    await rename(path.join(goBin, binaryName(release)), path.join(folder, binaryName(release)));
  } finally {
    await rm(goBin, { recursive: true, force: true });
  }
}
