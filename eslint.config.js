import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

// One direction of imports (docs/architecture.md): which room may import from which.
const rooms = {
  client: ['protocol'],
  entry: [
    'session',
    'features',
    'language',
    'beam',
    'recording',
    'replay',
    'interchange',
    'exportedTests',
    'launch',
    'processes',
    'protocol',
    'assets',
  ],
  protocol: ['session', 'language', 'recording'],
  features: ['session', 'language', 'recording', 'protocol'],
  session: [
    'language',
    'recording',
    'replay',
    'interchange',
    'exportedTests',
    'beam',
    'launch',
    'processes',
  ],
  recording: ['beam', 'language'],
  replay: ['recording', 'beam', 'language'],
  interchange: ['recording', 'beam'],
  exportedTests: ['replay', 'interchange', 'recording', 'beam'],
  launch: ['processes', 'assets'],
  language: ['assets'],
  beam: ['processes', 'assets'],
  processes: ['assets'],
  assets: [],
};

// A room is the folder of its name in server/src, but for these.
const files = {
  client: 'client/src/**',
  entry: [
    'server/src/main.ts',
    'server/src/serverCore.ts',
    'server/src/indexWorker.ts',
    'server/src/cli.ts',
    'server/src/cli/**',
  ],
  protocol: 'server/src/protocol.ts',
  assets: 'server/src/assets.ts',
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'server/src/beam/proto/',
      'test-artifacts/',
      'test/fixtures/',
      'node_modules/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 400 }],
      eqeqeq: 'error',
    },
  },
  {
    // mocha's describe/it return values nobody awaits; assertions read loosely typed JSON.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['client/src/**/*.ts', 'server/src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: { project: './tsconfig.json' } },
      'boundaries/files': Object.keys(rooms).map((category) => ({
        category,
        pattern: files[category] ?? `server/src/${category}/**`,
      })),
    },
    rules: {
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(rooms).map(([from, allow]) => ({
            from: { file: { categories: from } },
            allow: [from, ...allow].map((to) => ({ to: { file: { categories: to } } })),
          })),
        },
      ],
    },
  },
);
