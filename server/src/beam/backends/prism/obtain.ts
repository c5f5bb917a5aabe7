import { homedir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../cacheFolder.js';
import { onceInCache } from '../onceInCache.js';
import { archiveUrl, downloadPrism, releasesUrl } from './download.js';
import { installPrism } from './install.js';
import { locateArchive, locatePrism, type LocatedPrism, type PrismSearch } from './locate.js';
import { binaryName, prismRelease } from './release.js';
import { extractBinary } from './unzip.js';

/** How Prism may be obtained; tests name other places. */
export interface PrismOrigins {
  /** Folder of the cache. */
  cache: string;
  /** The value of `PATH`. */
  searchPath: string;
  home: string;
  /** The Go command. */
  go: string;
  /** Address of the project's releases. */
  releases: string;
}

const usualOrigins = (): PrismOrigins => ({
  cache: cacheFolder(),
  searchPath: process.env['PATH'] ?? '',
  home: homedir(),
  go: 'go',
  releases: releasesUrl,
});

/**
 * A Prism to run, in this order: of the setting, on the PATH, in the cache of the Beam SDKs, in our own cache; else the
 * release of the SDK's version is built with Go, or downloaded, into our own cache.
 * @throws Error that says what failed and what to do
 */
export async function obtainPrism(
  wanted: { sdkVersion: string; prismPath?: string; onStep: (text: string) => void },
  origins: PrismOrigins = usualOrigins(),
): Promise<LocatedPrism> {
  const search: PrismSearch = { ...wanted, searchPath: origins.searchPath, home: origins.home };
  const located = await locatePrism(search);
  if (located) return located;

  const release = prismRelease(wanted.sdkVersion);
  const { version, os, arch } = release;
  const folder = path.join(origins.cache, `prism-v${version}-${os}-${arch}`);
  const binary = path.join(folder, binaryName(release));
  await onceInCache(folder, async () => {
    const archive = await locateArchive(search);
    const { onStep } = wanted;
    const ways = [
      () => installPrism(release, folder, origins.go, onStep),
      () => {
        onStep(`Downloading Prism ${version}`);
        return downloadPrism(release, folder, origins.releases);
      },
    ];
    if (archive) {
      ways.unshift(() => {
        onStep(`Unpacking ${archive}`);
        return extractBinary(archive, binary);
      });
    }
    const failures: string[] = [];
    for (const way of ways) {
      try {
        await way();
        return;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Error(
      [
        `Prism ${version}, Beam's local runner, could not be obtained.`,
        ...failures.map((failure) => `- ${failure}`),
        `Install Go, or unpack ${archiveUrl(release)} and name the binary (setting beamRewind.prism.path, option --prism), ` +
          'or use another runner by its job endpoint.',
      ].join('\n'),
    );
  });
  return { path: binary, origin: 'of our cache' };
}
