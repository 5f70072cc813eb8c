import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Import boundaries of the architecture (section 3): who may not import what. */
const deny = (...rules) => ({
  'no-restricted-imports': ['error', { patterns: rules.map(([group, message]) => ({ group, message })) }],
});
const node = ['node:*', 'This folder runs anywhere: no Node modules.'];
const electron = ['electron', 'Only src/main/hosts/electron, src/main/index.ts and src/preload import Electron.'];
const sqlite = ['better-sqlite3', 'All SQL is in src/main/store.'];
const tensorflow = ['@tensorflow/*', 'Only src/main/compute loads TensorFlow; core takes its types.'];

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  prettier,
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true }] },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Use core/random: results are seeded.' },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      ...deny(node, electron, sqlite, ['**/main/**', 'core imports core alone.'], ['**/renderer/**', 'core imports core alone.'], ['**/contract/**', 'core imports core alone.']),
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['@tensorflow/*'], allowTypeImports: true, message: tensorflow[1] }] }],
      'no-restricted-globals': ['error', 'window', 'document', 'process', 'Buffer', 'console'],
    },
  },
  { files: ['src/contract/**/*.ts'], rules: deny(node, electron, sqlite, ['**/main/**', 'The contract knows core types alone.'], ['**/renderer/**', 'The contract knows core types alone.']) },
  {
    files: ['src/main/store/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: deny(electron, tensorflow, [['**/services/**', '**/hosts/**', '**/contract/**', '**/compute/**'].join(), 'The store knows core and SQLite alone.'], ['**/services/**', 'store'], ['**/hosts/**', 'store'], ['**/contract/**', 'The store knows core and SQLite alone.']),
  },
  { files: ['src/main/compute/**/*.ts'], ignores: ['**/*.test.ts', 'src/main/compute/tensorflow.ts', 'src/main/compute/self-test.ts'], rules: deny(electron, sqlite, ['**/services/**', 'Workers compute, main remembers.'], ['**/hosts/**', 'Workers compute, main remembers.']) },
  { files: ['src/main/services/**/*.ts', 'src/main/jobs/**/*.ts'], ignores: ['**/*.test.ts'], rules: deny(electron, sqlite, tensorflow, ['**/hosts/**', 'Services know no host.'], ['node:http', 'Services know no host.']) },
  {
    files: ['src/main/hosts/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: deny(sqlite, tensorflow, ['**/store/**', 'Hosts talk to the app alone.'], ['**/core/detectors/**', 'Hosts talk to the app alone.']),
  },
  { files: ['src/main/hosts/loopback/**/*.ts', 'src/main/hosts/cli/**/*.ts'], rules: deny(electron, sqlite, ['**/store/**', 'Hosts talk to the app alone.']) },
  {
    files: ['src/renderer/**/*.{ts,vue}'],
    ignores: ['**/*.test.ts'],
    languageOptions: { globals: globals.browser },
    rules: deny(node, electron, sqlite, tensorflow, ['**/main/**', 'The renderer talks to the contract.'], ['**/core/tensor/**', 'No network in the renderer.']),
  },
  { files: ['scripts/**/*.mjs', '*.config.{js,ts}', 'test/**', 'e2e/**', 'bench/**'], languageOptions: { globals: globals.node }, rules: { 'no-console': 'off' } },
);
