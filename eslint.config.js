import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The layers of docs/architecture.md, as a rule: `nas` imports nothing of ours; `device-agent`, `server`, `cli` and `web`
 * import `nas` and never each other; inside the server `platform` imports no feature.
 */
const layer = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }],
  },
});

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '**/.next', '**/generated', '.espalier', '**/next-env.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
      },
    },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['scripts/**', 'cli/**', 'benchmarks/**'], rules: { 'no-console': 'off' } },
  layer(
    ['nas/**/*.ts'],
    '^(@espalier/|node:(?!assert|test)|fs$|path$)|/(server|device-agent|cli|web|benchmarks)/',
    'nas imports nothing of ours, no disk, no network.',
  ),
  layer(
    ['device-agent/**/*.ts', 'cli/**/*.ts'],
    '^@espalier/(?!nas/|client$)',
    'Only nas and client may be imported; the rest is reached over GraphQL.',
  ),
  layer(
    ['web/**/*.ts', 'web/**/*.tsx'],
    '^@espalier/(?!nas/)',
    'Only nas may be imported; the rest is reached over GraphQL.',
  ),
  layer(['server/src/platform/**/*.ts'], '/features/', 'The platform knows no feature.'),
  { files: ['nas/**/*.test.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['web/**', 'test/browser/**'], rules: { 'no-undef': 'off' } },
);
