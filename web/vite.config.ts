/** Builds the dashboard into `dist/web`, from where the server gives it out under `/app/`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const BUILT = path.join(import.meta.dirname, '..', 'dist', 'web');

/** Lays a packed form beside each script and style: the server does not pack while it answers. */
const packed = (): Plugin => ({
  name: 'packed',
  apply: 'build',
  closeBundle() {
    const folder = path.join(BUILT, 'assets');
    for (const name of readdirSync(folder).filter((file) => /\.(?:js|css)$/.test(file)))
      writeFileSync(
        path.join(folder, `${name}.gz`),
        gzipSync(readFileSync(path.join(folder, name)), { level: 9 }),
      );
  },
});

export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react(), packed()],
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    target: 'es2022',
    // A policy of the page forbids scripts in it.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // For work on the dashboard itself: `npx vite web` beside a running `holdfast serve`.
  server: { proxy: { '/v1': 'http://127.0.0.1:8000' } },
});
