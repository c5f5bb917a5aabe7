// Bundles the client (CommonJS, as VS Code loads it), the language server and the CLI (ES modules) into dist/.
import { build } from 'esbuild';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { noticesOf } from './notices.js';

const require = createRequire(import.meta.url);
const assets = 'server/src/assets';

/** Grammars and the parser's runtime: from npm packages, files of their own because WASM is loaded at run time. */
const wasm = [
  'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-go/tree-sitter-go.wasm',
  'tree-sitter-java/tree-sitter-java.wasm',
  'tree-sitter-python/tree-sitter-python.wasm',
  'tree-sitter-typescript/tree-sitter-typescript.wasm',
  'tree-sitter-typescript/tree-sitter-tsx.wasm',
];

async function copyGrammars() {
  await mkdir(assets, { recursive: true });
  await Promise.all(
    wasm.map((path) => cp(require.resolve(path), `${assets}/${path.split('/').at(-1)}`)),
  );
}

const isDebug = process.argv.includes('--debug');
await copyGrammars();
if (!process.argv.includes('--assets')) {
  await rm('dist', { recursive: true, force: true });
  const common = {
    bundle: true,
    // `npm run build -- --debug`: bundles that a debugger can step through.
    minify: !isDebug,
    sourcemap: isDebug,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    // The licences of all packages stand in a file of their own.
    legalComments: 'none',
    metafile: true,
  };
  // What bundled CommonJS packages (grpc-js, ws, write-file-atomic) expect to find.
  const commonJsNames = [
    "import { createRequire as __createRequire } from 'node:module';",
    "import { fileURLToPath as __fileURLToPath } from 'node:url';",
    'const require = __createRequire(import.meta.url);',
    'const __filename = __fileURLToPath(import.meta.url);',
    "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
  ].join('\n');
  const [client, server] = await Promise.all([
    build({
      ...common,
      entryPoints: ['client/src/extension.ts'],
      outfile: 'dist/client.cjs',
      format: 'cjs',
      external: ['vscode'],
    }),
    // What the server and the CLI share, and what is loaded when it is needed, stands in chunks beside them.
    build({
      ...common,
      entryPoints: {
        server: 'server/src/main.ts',
        indexWorker: 'server/src/indexWorker.ts',
        cli: 'server/src/cli.ts',
      },
      outdir: 'dist',
      chunkNames: 'chunk-[hash]',
      splitting: true,
      format: 'esm',
      // Its main file asks for its parts in a way that no bundler follows.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      banner: { js: commonJsNames },
    }),
    cp(assets, 'dist/assets', { recursive: true }),
  ]);
  const files = [client, server].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  files.push(...wasm.map((path) => relative('', require.resolve(path))));
  await writeFile('dist/ThirdPartyNotices.txt', await noticesOf(files));
}
