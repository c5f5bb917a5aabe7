import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { analyzerFor, type AnalyzedDocument } from '../../../server/src/language/language.js';

/** Opens one of several files that exist only here. */
async function open(files: Record<string, string>, path: string): Promise<AnalyzedDocument> {
  const list = (folder: string): string[] =>
    Object.keys(files)
      .filter((name) => dirname(name) === folder)
      .map((name) => name.slice(folder.length + 1));
  const read = (name: string): string | undefined => files[name];
  return analyzerFor(path)!.open(files[path]!, { path, folders: ['/w'], read, list });
}

const seen = (document: AnalyzedDocument): unknown =>
  document
    .file()
    .sources.map(({ label, statement, signature }) => [
      label,
      statement.start.line,
      signature.arguments,
    ]);

const BEAM = 'github.com/apache/beam/sdks/v2/go/pkg/beam';

describe('Go in several files', () => {
  const files: Record<string, string> = {
    '/w/go.mod': 'module example.com/mine\n\ngo 1.24\n',
    '/w/main.go': `package main

import (
	"${BEAM}"
	"example.com/mine/feeds"
)

func main() {
	_, s := beam.NewPipelineWithRoot()
	orders(s)
	feeds.Clicks(s.Scope("Feed"), "t")
}
`,
    '/w/orders.go': `package main

import (
	"${BEAM}"
	ps "${BEAM}/io/pubsubio"
)

const project = "p"

func orders(s beam.Scope) beam.PCollection {
	return ps.Read(s, project, ps.ReadOptions{Topic: "orders"})
}
`,
    '/w/feeds/clicks.go': `package feeds

import (
	"${BEAM}"
	"${BEAM}/io/pubsubio"
)

func Clicks(s beam.Scope, topic string) beam.PCollection {
	return pubsubio.Read(s, "q", pubsubio.ReadOptions{Topic: topic})
}
`,
  };

  it('of the package and of the module are followed, and asked for again when they change', async () => {
    const document = await open(files, '/w/main.go');
    const orders = ['pubsubio.Read', 9, { Topic: '"orders"', project: '"p"' }];
    const clicks = ['Feed/pubsubio.Read', 10, { Topic: '"t"', project: '"q"' }];
    assert.deepEqual(seen(document), [orders, clicks]);
    assert.ok(document.dependencies!().has('/w/orders.go'));
    assert.ok(document.dependencies!().has('/w/feeds/clicks.go'));

    files['/w/feeds/clicks.go'] = files['/w/feeds/clicks.go']!.replace('"q"', '"r"');
    document.dependencyChanged!('/w/feeds/clicks.go');
    const changed = ['Feed/pubsubio.Read', 10, { Topic: '"t"', project: '"r"' }];
    assert.deepEqual(seen(document), [orders, changed]);
  });
});

describe('TypeScript in several files', () => {
  it('follows imports and what is exported again', async () => {
    const files: Record<string, string> = {
      '/w/main.ts': `import { createRunner } from "apache-beam";
import { clicks, TOPIC as topic } from "./feeds";
createRunner().run((root) => root.applyAsync(clicks(topic)));
`,
      '/w/feeds/index.ts': `export { clicks } from "./clicks.js";\nexport const TOPIC = "t";\n`,
      '/w/feeds/clicks.ts': `import { readFromPubSub } from "apache-beam/io/pubsub";
export const clicks = (topic: string) => readFromPubSub({ topic, idAttribute: "id" });
`,
    };
    const document = await open(files, '/w/main.ts');
    assert.deepEqual(seen(document), [
      ['readFromPubSubRaw', 2, { topic: '"t"', idAttribute: '"id"' }],
    ]);
    files['/w/feeds/index.ts'] = files['/w/feeds/index.ts']!.replace('"t"', '"u"');
    document.dependencyChanged!('/w/feeds/index.ts');
    assert.deepEqual(seen(document), [
      ['readFromPubSubRaw', 2, { topic: '"u"', idAttribute: '"id"' }],
    ]);
  });
});

describe('A file that does not use Beam', () => {
  it('has nothing, whatever is in it', async () => {
    for (const name of ['/w/a.go', '/w/a.ts', '/w/a.tsx', '/w/a.js']) {
      const document = await open({ [name]: 'func ( { root.apply(create([1]))' }, name);
      assert.deepEqual(document.file(), { sources: [], syntaxErrors: [] });
      assert.equal(document.dependencies!().size, 0);
    }
  });
});
