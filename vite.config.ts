// Builds the page into dist/dashboard: a document, one script and one stylesheet, which work under a
// content security policy that allows nothing inline and nothing from elsewhere.

import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/dashboard',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // A small file that was made a data URL would be a font or a style that the policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
