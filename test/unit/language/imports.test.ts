import assert from 'node:assert/strict';
import { join } from 'node:path';
import { analyzerFor, type AnalyzedDocument } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';

const python = analyzerFor('python')!;
const FOLDER = '/workspace';
const HEAD = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
`;
const READ = `${HEAD}
RATE = 2


def read_clicks(p, name='web'):
    return p | f'Clicks {name}' >> PeriodicImpulse(fire_interval=RATE)


class ReadViews(beam.PTransform):
    def __init__(self, every):
        super().__init__()
        self.every = every

    def expand(self, p):
        return p | PeriodicImpulse(fire_interval=self.every)
`;

/** Opens `main.py` among files whose texts can be changed. */
async function open(
  main: string,
  others: Record<string, string>,
  path = 'main.py',
): Promise<{ document: AnalyzedDocument; files: Map<string, string>; read: string[] }> {
  const files = new Map(Object.entries(others).map(([name, text]) => [join(FOLDER, name), text]));
  const read: string[] = [];
  const document = await python.open(HEAD + main, {
    path: join(FOLDER, path),
    folders: [FOLDER],
    read(file) {
      read.push(file);
      return files.get(file);
    },
  });
  return { document, files, read };
}

function shown(sources: PipelineSource[]): string[] {
  return sources.map(({ pipeline, label, range, signature }) => {
    const args = Object.entries(signature.arguments).map(([name, text]) => `${name}=${text}`);
    return `${range.start.line - 1}: ${pipeline} '${label}' ${signature.transform}(${args.join(', ')})`;
  });
}

async function sources(main: string, others: Record<string, string>, path?: string) {
  const { document } = await open(main, others, path);
  const file = document.file();
  assert.deepEqual(file.syntaxErrors, []);
  return shown(file.sources);
}

const PERIODIC = 'apache_beam.transforms.periodicsequence.PeriodicImpulse';
const CLICKS = [`3: p 'Clicks web' ${PERIODIC}(fire_interval=2)`];

describe('Imports of the user’s own modules', () => {
  const FORMS: Record<string, { main: string; others: Record<string, string>; path?: string }> = {
    'from … import': {
      main: 'from reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'reads.py': READ },
    },
    'from … import … as': {
      main: 'from reads import read_clicks as r\np = beam.Pipeline()\nr(p)\n',
      others: { 'reads.py': READ },
    },
    import: {
      main: 'import reads\np = beam.Pipeline()\nreads.read_clicks(p)\n',
      others: { 'reads.py': READ },
    },
    'import … as': {
      main: 'import pkg.reads as rd\np = beam.Pipeline()\nrd.read_clicks(p)\n',
      others: { 'pkg/__init__.py': '', 'pkg/reads.py': READ },
    },
    'import of a dotted name': {
      main: 'import pkg.inner.reads\np = beam.Pipeline()\npkg.inner.reads.read_clicks(p)\n',
      others: { 'pkg/__init__.py': '', 'pkg/inner/__init__.py': '', 'pkg/inner/reads.py': READ },
    },
    'a folder without __init__.py': {
      main: 'from pkg.reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'pkg/reads.py': READ },
    },
    'import *': {
      main: 'from reads import *\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'reads.py': READ },
    },
    'a re-export': {
      main: 'from pkg import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'pkg/__init__.py': 'from .reads import read_clicks\n', 'pkg/reads.py': READ },
    },
    'a re-export by *': {
      main: 'from pkg import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'pkg/__init__.py': 'from .reads import *\n', 'pkg/reads.py': READ },
    },
    'a module of a package': {
      main: 'from pkg import reads\np = beam.Pipeline()\nreads.read_clicks(p)\n',
      others: { 'pkg/__init__.py': 'from . import reads\n', 'pkg/reads.py': READ },
    },
    'a relative import': {
      main: 'from .reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'pkg/__init__.py': '', 'pkg/reads.py': READ },
      path: 'pkg/main.py',
    },
    'a relative import of a module': {
      main: 'from . import reads\np = beam.Pipeline()\nreads.read_clicks(p)\n',
      others: { 'pkg/reads.py': READ },
      path: 'pkg/main.py',
    },
    'a relative import from above': {
      main: 'from ..common.reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'pkg/__init__.py': '', 'pkg/jobs/__init__.py': '', 'pkg/common/reads.py': READ },
      path: 'pkg/jobs/main.py',
    },
    'the top of the package': {
      main: 'from app.reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: {
        'services/app/__init__.py': '',
        'services/app/jobs/__init__.py': '',
        'services/app/reads.py': READ,
      },
      path: 'services/app/jobs/main.py',
    },
    'a src folder': {
      main: 'from app.reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      others: { 'src/app/reads.py': READ },
      path: 'jobs/main.py',
    },
    'an import in a function': {
      main: 'p = beam.Pipeline()\n_ = 1\ndef run(): from reads import read_clicks; read_clicks(p)\n',
      others: { 'reads.py': READ },
    },
    'an import that is tried': {
      main: 'p = beam.Pipeline()\ntry: from gone import read_clicks\nexcept ImportError: from reads import read_clicks\nread_clicks(p)\n',
      others: { 'reads.py': READ },
    },
  };
  for (const [form, { main, others, path }] of Object.entries(FORMS)) {
    it(`follows ${form}`, async () => {
      const found = await sources(main, others, path);
      assert.deepEqual(
        found.map((one) => one.replace(/^\d+/, '3')),
        CLICKS,
      );
    });
  }

  it('lists a source where the open file calls for it', async () => {
    const main = `from reads import read_clicks, ReadViews
def run():
    with beam.Pipeline() as p:
        both = [read_clicks(p, 'app'), read_clicks(p)]
        (p
         | 'Views' >> ReadViews(every=3)
         | beam.Map(print))
`;
    const { document } = await open(main, { 'reads.py': READ });
    const found = document.file().sources;
    assert.deepEqual(shown(found), [
      `4: run.p 'Clicks app' ${PERIODIC}(fire_interval=2)`,
      `4: run.p 'Clicks web' ${PERIODIC}(fire_interval=2)`,
      `6: run.p 'Views' ReadViews(every=3)`,
    ]);
    assert.deepEqual(found[1]!.range, {
      start: { line: 5, character: 39 },
      end: { line: 5, character: 53 },
    });
    assert.deepEqual(Object.keys(found[2]!.signature.definitions), ['ReadViews']);
  });

  it('follows helpers of helpers, and pipelines that are made elsewhere', async () => {
    const others = {
      'pkg/__init__.py': '',
      'pkg/jobs.py': `${HEAD}from . import reads as r\n\ndef launch(topic):\n    with beam.Pipeline() as pipeline:\n        inner(pipeline, topic)\n\ndef inner(pipeline, topic):\n    r.read_clicks(pipeline, topic)\n`,
      'pkg/reads.py': READ,
    };
    assert.deepEqual(
      await sources(
        'from pkg.jobs import launch\nif __name__ == "__main__":\n    launch("t")\n',
        others,
      ),
      [`3: launch.pipeline 'Clicks t' ${PERIODIC}(fire_interval=2)`],
    );
  });

  it('resolves constants, settings and dictionaries of other files', async () => {
    const others = {
      'config.py': `import dataclasses\nPROJECT = 'p1'\nTOPICS = {'a': f'projects/{PROJECT}/topics/a'}\nclass Config:\n    TOPIC = 'projects/' + PROJECT + '/topics/b'\n@dataclasses.dataclass\nclass Settings:\n    topic: str = 'projects/p1/topics/c'\nsettings = Settings()\nKW = dict(topic='projects/p1/topics/d')\ndef topic(name):\n    return f'projects/{PROJECT}/topics/{name}'\n`,
    };
    const main = `import config
from config import TOPICS as T, Config, settings, topic, PROJECT
from apache_beam.io import ReadFromPubSub
p = beam.Pipeline()
p | 'a' >> ReadFromPubSub(T['a'])
p | 'b' >> ReadFromPubSub(Config.TOPIC)
p | 'b2' >> ReadFromPubSub(config.Config.TOPIC)
p | 'c' >> ReadFromPubSub(settings.topic)
p | 'c2' >> ReadFromPubSub(config.settings.topic)
p | 'd' >> ReadFromPubSub(**config.KW)
p | 'e' >> ReadFromPubSub(topic('e'))
p | 'f' >> ReadFromPubSub(config.topic('f'))
p | 'g' >> ReadFromPubSub('x' + PROJECT)
`;
    const { document } = await open(main, others);
    const topics = document.file().sources.map(({ signature }) => signature.arguments['topic']);
    const full = (name: string): string => `"projects/p1/topics/${name}"`;
    const expected = ['a', 'b', 'b', 'c', 'c', 'd', 'e', 'f'].map(full);
    assert.deepEqual(topics, [...expected, '"xp1"']);
  });

  it('makes the same of a source wherever its code is', async () => {
    const code = READ.slice(HEAD.length);
    const use = "p = beam.Pipeline()\nread_clicks(p)\np | 'V' >> ReadViews(1)\n";
    const { document: whole } = await open(code + use, {});
    const { document: apart } = await open(`from reads import *\n${use}`, { 'reads.py': READ });
    const hashes = (document: AnalyzedDocument): string[] =>
      document.file().sources.map(({ signature }) => signature.hash);
    // In one file the helper's read is listed where it stands.
    assert.deepEqual(hashes(apart).sort(), hashes(whole).sort());
    assert.equal(hashes(whole).length, 2);
  });

  it('tells definitions of one name in two files apart', async () => {
    const one = (n: number): string =>
      `${HEAD}N = ${n}\ndef make(x): return x + N\nclass R${n}(beam.PTransform):\n    def expand(self, p):\n        return p | PeriodicImpulse(data=map(make, [1]))\n`;
    const main = `from a import R1\nfrom b import R2\nclass Both(beam.PTransform):\n    def expand(self, p):\n        return (p | R1(), p | R2())\np = beam.Pipeline()\np | Both()\n`;
    const { document } = await open(main, { 'a.py': one(1), 'b.py': one(2) });
    const [both] = document.file().sources;
    assert.deepEqual(Object.keys(both!.signature.definitions), [
      'Both',
      'N',
      'N#2',
      'R1',
      'R2',
      'make',
      'make#2',
    ]);
  });

  it('analyses again when a file it depends on changes, appears or goes', async () => {
    const main = 'from reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n';
    const { document, files } = await open(main, {});
    const reads = join(FOLDER, 'reads.py');
    assert.deepEqual(document.file().sources, []);
    assert.ok(document.dependencies!().has(reads));
    files.set(reads, READ);
    document.dependencyChanged!(reads);
    assert.deepEqual(shown(document.file().sources), CLICKS);
    files.set(reads, READ.replace('RATE = 2', 'RATE = 9'));
    document.dependencyChanged!(reads);
    assert.match(shown(document.file().sources)[0]!, /fire_interval=9/);
    files.delete(reads);
    document.dependencyChanged!(reads);
    assert.deepEqual(document.file().sources, []);
  });

  it('reads a file once, and not on the keystroke path', async () => {
    const { document, read } = await open(
      'from reads import read_clicks\np = beam.Pipeline()\nread_clicks(p)\n',
      { 'reads.py': READ },
    );
    document.file();
    const before = read.length;
    assert.equal(new Set(read).size, before);
    const start = { line: 4, character: 0 };
    document.edit([{ range: { start, end: start }, text: 'x = 1\n' }]);
    assert.equal(document.file().sources.length, 1);
    assert.equal(read.length, before);
  });

  it('is harmed by nothing', async () => {
    const use = 'p = beam.Pipeline()\nread_clicks(p)\nq(p)\n';
    const cycle = `from main import *\nfrom b import *\nfrom b import read_clicks\n${HEAD}def q(p):\n    read_clicks(p)\n`;
    const CASES: Record<string, string>[] = [
      {},
      { 'a.py': 'from a import read_clicks\nfrom a import *\n' },
      { 'a.py': cycle, 'b.py': cycle.replace(/\bb\b/g, 'a') },
      { 'a.py': 'from main import read_clicks\nimport main\nread_clicks = main.read_clicks\n' },
      { 'a.py': '\0\ud800(((' },
      { 'a.py': `read_clicks = "${'x'.repeat(3_000_000)}"` },
      { 'a.py': `${'x = 1\n'.repeat(100_000)}from a import q\n` },
      {
        'a/__init__.py':
          'from . import *\nfrom .a import *\nfrom .. import a\nfrom .... import b\n',
      },
    ];
    for (const others of CASES) {
      const { document } = await open(
        `from a import read_clicks, q\nfrom a import *\n${use}`,
        others,
      );
      assert.ok(Array.isArray(document.file().sources));
      assert.ok(Array.isArray(document.transforms!()));
    }
  });

  it('without a context knows no other files', async () => {
    const document = await python.open(
      `${HEAD}from reads import read_clicks, ReadViews\np = beam.Pipeline()\nread_clicks(p)\np | ReadViews(1)\n`,
    );
    const [only] = document.file().sources;
    assert.equal(only!.boundedReason, 'not known from this file: reads.ReadViews');
    assert.deepEqual([...document.dependencies!()], []);
  });
});
