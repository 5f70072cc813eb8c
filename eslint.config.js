import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Import boundaries (architecture, section 3): folder → what it must not import. Types of TensorFlow.js may cross,
 * the library may not.
 */
const anywhere = ['node:*', 'electron', 'better-sqlite3', '**/main/**', '**/renderer/**'];
const boundaries = [
  ['src/core', [...anywhere, '**/contract/**'], 'core is pure: it imports core alone'],
  ['src/contract', [...anywhere, '@tensorflow/*'], 'the contract knows core types alone'],
  [
    'src/main/store',
    ['electron', '@tensorflow/*', '**/services/**', '**/hosts/**', '**/contract/**', '**/compute/**'],
    'the store knows core and SQLite alone',
  ],
  ['src/main/compute', ['electron', 'better-sqlite3', '**/services/**', '**/hosts/**'], 'workers compute, main remembers'],
  ['src/main/services', ['electron', 'better-sqlite3', '@tensorflow/*', '**/hosts/**', 'node:http'], 'services know no host'],
  ['src/main/jobs', ['electron', 'better-sqlite3', '@tensorflow/*', '**/hosts/**', 'node:http'], 'jobs know no host'],
  [
    'src/main/hosts/electron',
    ['better-sqlite3', '@tensorflow/*', '**/store/**', '**/core/detectors/**', '**/loopback/**', '**/cli/**'],
    'hosts talk to the app alone',
  ],
  [
    'src/main/hosts/loopback',
    ['electron', 'better-sqlite3', '@tensorflow/*', '**/store/**', '**/core/detectors/**', '**/electron/**'],
    'hosts talk to the app alone',
  ],
  [
    'src/main/hosts/cli',
    ['electron', 'better-sqlite3', '@tensorflow/*', '**/store/**', '**/core/detectors/**', '**/electron/**'],
    'hosts talk to the app alone',
  ],
  [
    'src/preload',
    ['node:*', 'better-sqlite3', '**/main/**', '**/core/**'],
    'the preload hands over the transport and nothing else',
  ],
  [
    'src/renderer',
    ['node:*', 'electron', 'better-sqlite3', '**/main/**', '@tensorflow/*', '**/core/tensor/**'],
    'the renderer knows the contract and pure core',
  ],
].map(([folder, group, message]) => ({
  files: [`${folder}/**/*.{ts,vue}`],
  // The engine is loaded in one place, and its self-test needs it.
  ignores: ['**/*.test.ts', 'src/main/compute/tensorflow.ts', 'src/main/compute/self-test.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { group, message },
          ...(folder === 'src/core'
            ? [{ group: ['@tensorflow/*'], message: 'core takes its types only', allowTypeImports: true }]
            : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  prettier,
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true }] },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "VariableDeclarator[id.name='require']",
          message: 'The bundler declares `require` in each chunk: call it `load`.',
        },
      ],
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  ...boundaries,
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'process', 'Buffer', 'console', 'performance'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Results are seeded: use core/random.' },
        { object: 'Date', property: 'now', message: 'Core has no clock.' },
      ],
    },
  },
  { files: ['src/renderer/**/*.{ts,vue}'], languageOptions: { globals: globals.browser } },
  {
    files: ['scripts/**', '*.config.{js,ts}', 'test/**', 'e2e/**', 'bench/**'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
);
