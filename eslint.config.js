import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import { importDirection } from './eslint-rules/import-direction.js';

/** Hardening E11 and E2: ways to run text as code or to open the sandbox. */
const BANNED_CALLS = [
  { selector: "CallExpression[callee.name='eval']", message: 'E11: eval runs text as code.' },
  { selector: "NewExpression[callee.name='Function']", message: 'E11: new Function runs text as code.' },
  {
    selector: 'CallExpression[callee.name=/^(exec|execSync)$/]',
    message: 'E11: spawn an argv array, never a shell.',
  },
  {
    selector: "Property[key.name='shell'][value.value=true]",
    message: 'E11: spawn an argv array, never a shell.',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'E11: text from outside never becomes markup.',
  },
  {
    selector: "CallExpression[callee.object.name='document'][callee.property.name='write']",
    message: 'E11: text from outside never becomes markup.',
  },
  {
    selector:
      ':matches(Property, Literal)[key.name=/^(allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|bypassCSP)$/]',
    message: 'E2: opens the sandbox.',
  },
  { selector: "Property[key.name='webSecurity'][value.value=false]", message: 'E2: opens the sandbox.' },
  { selector: "Property[key.name='nodeIntegration'][value.value=true]", message: 'E2: opens the sandbox.' },
];
const IPC_MAIN = {
  selector: "Identifier[name='ipcMain']",
  message: 'E7: IPC goes through the registry of main/hosts/desktop.',
};

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/', 'test/fixtures/'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue,js,mjs}'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    plugins: { fourtuple: { rules: { 'import-direction': importDirection } } },
    rules: {
      'fourtuple/import-direction': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...BANNED_CALLS],
      'no-undef': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Prettier's business.
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/html-closing-bracket-spacing': 'off',
      // Optional props are typed as such.
      'vue/require-default-prop': 'off',
      // Mistakes TypeScript unions in templates for Vue 2 filters.
      'vue/no-deprecated-filter': 'off',
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['main/**/*.ts', 'preload/**/*.ts', 'renderer/**/*.{ts,vue}'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error', 'no-console': 'error' },
  },
  {
    files: ['main/**/*.ts'],
    ignores: ['main/hosts/desktop/**', 'main/desktop.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BANNED_CALLS, IPC_MAIN] },
  },
);
