import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { defaultSettings, restrictedSettings } from '../../../server/src/features/settings.js';
import { commandIds, launchedLanguages, pipelineLanguages } from '../../../server/src/protocol.js';

interface Manifest {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
    menus: { commandPalette: { command: string; when: string }[] };
    configuration: { properties: Record<string, { type: string | string[]; default: unknown }> };
  };
}

/** The settings of a nested object, by their names in the manifest. */
function flatten(value: unknown, name: string): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[name, value]];
  if (Object.keys(value).length === 0) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${name}.${key}`));
}

function typeOf(value: unknown): string {
  if (Number.isInteger(value)) return 'integer';
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

describe('manifest', () => {
  let text: string;
  let manifest: Manifest;
  before(async () => {
    text = await readFile('package.json', 'utf8');
    manifest = JSON.parse(text) as Manifest;
  });

  it('has the settings of the type, with its defaults', () => {
    const { properties } = manifest.contributes.configuration;
    const defaults = Object.entries(properties).map(([name, property]) => [name, property.default]);
    assert.deepEqual(
      Object.fromEntries(defaults),
      Object.fromEntries(flatten(defaultSettings, 'beamRewind')),
    );
    for (const [name, property] of Object.entries(properties))
      assert.ok([property.type].flat().includes(typeOf(property.default)), name);
  });

  it('restricts every setting that names a program, arguments, an endpoint or a place to write', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(restrictedConfigurations, restrictedSettings);
    const known = Object.keys(manifest.contributes.configuration.properties);
    const open = known.filter((name) => !restrictedSettings.includes(name));
    assert.deepEqual(
      open.filter((name) => !name.startsWith('beamRewind.limits.')),
      [
        'beamRewind.recordTogether',
        'beamRewind.recordingReplay',
        'beamRewind.watermarkResolution',
        'beamRewind.redact',
        'beamRewind.retention.recordings',
        'beamRewind.recordableSources',
        'beamRewind.inlayHints',
      ],
    );
  });

  it('contributes the commands that the client registers', () => {
    assert.deepEqual(
      manifest.contributes.commands.map(({ command }) => command),
      Object.values(commandIds),
    );
  });

  it('hides the commands that run a program while the workspace is not trusted', () => {
    const hidden = manifest.contributes.menus.commandPalette
      .filter(({ when }) => when.includes('isWorkspaceTrusted'))
      .map(({ command }) => command);
    assert.deepEqual(hidden, [
      commandIds.recordSources,
      commandIds.recordSourcesAgain,
      commandIds.replay,
      commandIds.debugReplay,
    ]);
  });

  it('is activated by the languages of pipelines alone, and has commands for these', () => {
    assert.deepEqual(
      manifest.activationEvents,
      pipelineLanguages.map((language) => `onLanguage:${language}`),
    );
    for (const { command, when } of manifest.contributes.menus.commandPalette) {
      const languages = when.includes('isWorkspaceTrusted') ? launchedLanguages : pipelineLanguages;
      assert.ok(when.includes(`resourceLangId =~ /^(${languages.join('|')})$/`), command);
    }
  });

  it('has words for every key it uses, and no others', async () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    const words = JSON.parse(await readFile('package.nls.json', 'utf8')) as object;
    assert.deepEqual(Object.keys(words).sort(), used.sort());
  });
});
