// Makes a fresh clone ready to run: installs what package-lock.json names if it is not there, and builds.
// Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const oldestNode = '20.15.0';
if (process.versions.node.localeCompare(oldestNode, 'en', { numeric: true }) < 0) {
  console.error(`Node ${oldestNode} or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
process.chdir(import.meta.dirname);

if (!isInstalled()) {
  console.log('Installing the npm packages of package-lock.json');
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
}
console.log('Building');
npm('run', 'build', '--silent');

/** Whether node_modules holds what the lock file names; npm keeps a list of what it installed there. */
function isInstalled() {
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  try {
    const installed = packages('node_modules/.package-lock.json');
    return Object.entries(packages('package-lock.json')).every(
      // Optional ones are those of other systems.
      ([path, { version, optional }]) =>
        path === '' || optional || installed[path]?.version === version,
    );
  } catch {
    return false;
  }
}

function npm(...args) {
  // npm names its own script to the scripts it runs; else it is on the PATH.
  const script = process.env.npm_execpath;
  const { status } = script?.endsWith('.js')
    ? spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
