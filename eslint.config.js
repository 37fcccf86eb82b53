import js from '@eslint/js';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['build/', 'dist/', 'examples/', 'tests/data/', 'web/public/'] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.node.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'log content is written by strangers' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    files: ['*.config.*', 'tests/**', 'web/server/**'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['web/src/**/*.mjs'],
    languageOptions: { globals: globals['shared-node-browser'] },
  },
  {
    // What is parsed from JSON is `any` by nature.
    files: ['tests/**', 'web/server/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Plain scripts, outside of tsconfig.node.json; e2e tests hold functions that run in the page.
    files: ['tests/**/*.mjs', 'scripts/*.mjs'],
    ...ts.configs.disableTypeChecked,
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: { project: false },
    },
  },
);
