import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { READS } from '../../../server/src/language/yaml/catalogue.js';
import { runPython } from './python.js';

const FILE = fileURLToPath(
  new URL('../../../server/src/language/yaml/schema/transforms.json', import.meta.url),
);

interface Offered {
  sdks: string[];
  root?: true;
  config: { properties?: Record<string, unknown> };
}

describe('Transforms of Beam YAML', function () {
  this.timeout(180_000);
  let offered: Record<string, Offered>;

  before(async () => {
    const script = fileURLToPath(new URL('yamlTransforms.py', import.meta.url));
    const output = await runPython([script]);
    offered = JSON.parse(output) as Record<string, Offered>;
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(FILE, `${output}\n`);
  });

  it('are those of the installed package: UPDATE_FIXTURES=1 writes them again', () => {
    assert.deepEqual(JSON.parse(readFileSync(FILE, 'utf8')), offered);
  });

  it('that read are all in the catalogue, and no others', () => {
    const reads = Object.entries(offered).filter(([, { root }]) => root);
    assert.deepEqual(READS.map(({ type }) => type).sort(), reads.map(([type]) => type).sort());
  });

  it('have the keys that bound them and name what they read', () => {
    for (const { type, boundedness, resource } of READS) {
      const keys = Object.keys(offered[type]?.config.properties ?? {});
      const bounds =
        typeof boundedness === 'string'
          ? []
          : 'boundedBy' in boundedness
            ? boundedness.boundedBy
            : [boundedness.unboundedIf];
      for (const key of [...bounds, ...resource]) assert.ok(keys.includes(key), `${type}: ${key}`);
    }
  });
});
