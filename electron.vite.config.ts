import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const entry = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          index: entry('src/main/index.ts'),
          serve: entry('src/main/serve.ts'),
          cli: entry('src/main/cli.ts'),
          'compute-worker': entry('src/main/compute/worker.ts'),
          'row-thread': entry('src/main/compute/row-thread.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can only be CommonJS.
      rollupOptions: { input: { index: entry('src/preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: { outDir: 'out/renderer', rollupOptions: { input: { index: entry('src/renderer/index.html') } } },
    plugins: [vue()],
  },
});
