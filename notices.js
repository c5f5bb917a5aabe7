// What the licences of the packages in the bundles ask for: their texts, beside the bundles.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of the npm packages that files are of, by their paths from the root of the repository. A package
 * without a licence text is named with its licence's name; one without even that is an error.
 *
 * @param {string[]} files
 */
export async function noticesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const notices = await Promise.all([...folders].sort().map(noticeOf));
  return [
    'The programs of Beam Rewind contain these packages.',
    ...new Set(notices), // a package can be installed twice
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder */
async function noticeOf(folder) {
  const { name, version, license, homepage } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const texts = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  );
  if (!license && texts.length === 0) throw new Error(`${name} ${version} has no licence`);
  const contents = await Promise.all(texts.map((file) => readFile(join(folder, file), 'utf8')));
  return [
    `${name} ${version} (${license})${homepage ? `, ${homepage}` : ''}`,
    ...contents.map((text) => text.trim()),
  ].join('\n\n');
}
