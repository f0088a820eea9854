import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import { importDirection } from './eslint-rules/import-direction.js';

/** Hardening E11 and E2: ways to run text as code or to open the sandbox. */
const BANNED_CALLS = [
  { selector: "CallExpression[callee.name='eval']", message: 'E11: eval runs text as code.' },
  {
    selector: 'MemberExpression[object.name=/^(window|globalThis|self)$/][property.name=/^(eval|Function)$/]',
    message: 'E11: eval and Function run text as code.',
  },
  {
    selector: ":matches(CallExpression, NewExpression)[callee.name='Function']",
    message: 'E11: new Function runs text as code.',
  },
  {
    selector: 'CallExpression[callee.name=/^(exec|execSync)$/]',
    message: 'E11: spawn an argv array, never a shell.',
  },
  {
    selector:
      'ImportDeclaration[source.value=/child_process$/] > ImportSpecifier[imported.name=/^exec(Sync)?$/]',
    message: 'E11: spawn an argv array, never a shell.',
  },
  {
    selector:
      'ImportDeclaration[source.value=/child_process$/] > :matches(ImportNamespaceSpecifier, ImportDefaultSpecifier)',
    message: 'E11: name what is imported, so that exec would be seen.',
  },
  {
    selector: "Property[key.name='shell']:matches([value.value=true], [value.value=/./])",
    message: 'E11: spawn an argv array, never a shell.',
  },
  {
    selector:
      ':matches(MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/], Property[key.name=/^(innerHTML|outerHTML)$/])',
    message: 'E11: text from outside never becomes markup.',
  },
  {
    selector: "CallExpression[callee.object.name='document'][callee.property.name=/^write(ln)?$/]",
    message: 'E11: text from outside never becomes markup.',
  },
  {
    selector:
      'Property[key.name=/^(allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|bypassCSP)$/]',
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
  { ignores: ['out/', 'dist/', 'node_modules/', 'coverage/', 'test/fixtures/'] },
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
    files: ['main/**/*.ts', 'preload/**/*.ts', 'renderer/**/*.{ts,vue}'],
    // The registry uses it; the others pass it on to the registry.
    ignores: ['ipc-registry', 'electron-parts', 'run-desktop']
      .map((name) => `main/hosts/desktop/${name}.ts`)
      .concat('main/desktop.ts'),
    rules: { 'no-restricted-syntax': ['error', ...BANNED_CALLS, IPC_MAIN] },
  },
);
