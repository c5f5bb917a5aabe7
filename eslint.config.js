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
    'launch',
    'protocol',
    'assets',
  ],
  protocol: ['session', 'language', 'recording'],
  features: ['session', 'language', 'recording', 'protocol'],
  session: ['language', 'recording', 'replay', 'beam', 'launch'],
  recording: ['beam', 'language'],
  replay: ['recording', 'beam'],
  launch: ['assets'],
  language: ['assets'],
  beam: ['assets'],
  assets: [],
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
      'boundaries/elements': [
        { type: 'client', pattern: 'client/src/**', partialMatch: false },
        {
          type: 'entry',
          pattern: ['server/src/main.ts', 'server/src/cli.ts', 'server/src/cli/**'],
          partialMatch: false,
        },
        { type: 'protocol', pattern: 'server/src/protocol.ts', partialMatch: false },
        { type: 'assets', pattern: 'server/src/assets.ts', partialMatch: false },
        { type: pattern: 'server/src/language/source.ts', partialMatch: false },
        ...['features', 'language', 'beam', 'recording', 'replay', 'launch', 'session'].map(
          (type) => ({ type, pattern: `server/src/${type}/**`, partialMatch: false }),
        ),
      ],
    },
    rules: {
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(rooms).map(([from, allow]) => ({
            from: { element: { type: from } },
            allow: [from, ...allow].map((type) => ({ to: { element: { type } } })),
          })),
        },
      ],
    },
  },
);
