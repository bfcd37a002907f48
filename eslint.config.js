import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The layers of docs/architecture.md, as a rule: `nas` imports nothing of ours; `device-agent`, `server`, `cli` and `web`
 * import `nas` and never each other, but that the measuring page of `web` runs the browser half of `device-agent`; inside the
 * server `platform` imports no feature.
 */
const layer = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }],
  },
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/.next',
      '**/generated',
      'web/public',
      '.espalier',
      '**/next-env.d.ts',
    ],
  },
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
    // The page at /measure is the agent: it runs the same measuring core as the agent of Node.js.
    '^@espalier/(?!nas/|device-agent/browser$)',
    'Only nas and the browser half of device-agent may be imported; the rest is reached over GraphQL.',
  ),
  layer(
    ['device-agent/src/browser/**/*.ts'],
    '^@espalier/(?!nas/|client$)|^(node:|onnxruntime-node|pino)|/(runtimes|environment)/',
    'This half runs in a browser: nothing of Node.js.',
  ),
  layer(['server/src/platform/**/*.ts'], '/features/', 'The platform knows no feature.'),
  { files: ['nas/**/*.test.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['web/**', 'test/browser/**', 'device-agent/src/browser/**'], rules: { 'no-undef': 'off' } },
);
