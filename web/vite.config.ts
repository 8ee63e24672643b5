/** Builds the dashboard into `dist/web`, from where the server gives it out under `/app/`. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A policy of the page forbids scripts in it.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // For work on the dashboard itself: `npx vite web` beside a running `holdfast serve`.
  server: { proxy: { '/v1': 'http://127.0.0.1:8000' } },
});
