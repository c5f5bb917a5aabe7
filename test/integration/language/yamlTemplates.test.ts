import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { analyzeText } from '../../../server/src/language/language.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { TEMPLATES } from '../../unit/language/jinjaTemplates.js';
import { runPython } from './python.js';

const EXPAND =
  'import sys; from apache_beam.yaml.yaml_transform import expand_jinja; print(expand_jinja(sys.stdin.read(), {}, [sys.argv[1]]))';

describe('A template of Beam YAML that', function () {
  this.timeout(120_000);

  for (const [what, { main, files }] of Object.entries(TEMPLATES)) {
    it(`${what} reads what it reads when Beam has expanded it`, () =>
      withTemporaryFolder(async (folder) => {
        for (const [name, text] of Object.entries(files))
          await writeFile(path.join(folder, name), text);
        const file = path.join(folder, 'main.yaml');
        const expanded = await runPython(['-c', EXPAND, folder], main);
        const [ours, beams] = await Promise.all(
          [main, expanded].map(async (text) =>
            (await analyzeText(file, text)).sources.map(
              ({ label, bounded, transformName, signature }) => ({
                ...{ label, bounded, transformName },
                arguments: Object.keys(signature.arguments),
              }),
            ),
          ),
        );
        assert.ok(beams!.length > 0, expanded);
        assert.deepEqual(ours, beams);
      }));
  }
});
