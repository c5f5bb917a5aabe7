/** A release of Prism: it has the version of the SDKs it is released with. */
export interface PrismRelease {
  /** `2.77.0`. */
  version: string;
  /** Of Go: `linux`, `darwin`, `windows`. */
  os: string;
  /** Of Go: `amd64`, `arm64`. */
  arch: string;
}

const goOs: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};
const goArch: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The release of Prism for an SDK on this machine.
 * @throws Error when none exists: another system, or an SDK that is not a release
 */
export function prismRelease(
  sdkVersion: string,
  platform: NodeJS.Platform = process.platform,
  machine: string = process.arch,
): PrismRelease {
  const os = goOs[platform];
  const arch = goArch[machine];
  if (os === undefined || arch === undefined) {
    throw new Error(
      `There is no release of Prism for ${platform} on ${machine}. ` +
        'Use another runner by its job endpoint, or name a Prism binary (setting beamRewind.prism.path, option --prism).',
    );
  }
  if (!/^\d+\.\d+\.\d+$/.test(sdkVersion)) {
    throw new Error(
      `There is no release of Prism for the SDK version "${sdkVersion}". ` +
        'Name a Prism binary (setting beamRewind.prism.path, option --prism).',
    );
  }
  return { version: sdkVersion, os, arch };
}

/** Name of the release's binary inside its archive, and of the archive without `.zip`. */
export function releaseName({ version, os, arch }: PrismRelease): string {
  return `apache_beam-v${version}-prism-${os}-${arch}`;
}

/** Name of the binary in our own cache. */
export function binaryName({ os }: PrismRelease): string {
  return os === 'windows' ? 'prism.exe' : 'prism';
}
