/** One package that is shipped, as its own manifest describes it. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

// Read from the manifests when the page is built, so that a version here cannot differ from the one that runs.
const manifests = import.meta.glob<{ name: string; version: string; license?: string }>(
  [
    '../../../../node_modules/@duckdb/node-api/package.json',
    '../../../../node_modules/@fontsource-variable/inter/package.json',
    '../../../../node_modules/@tensorflow/tfjs/package.json',
    '../../../../node_modules/better-sqlite3/package.json',
    '../../../../node_modules/echarts/package.json',
    '../../../../node_modules/electron/package.json',
    '../../../../node_modules/naive-ui/package.json',
    '../../../../node_modules/pdfkit/package.json',
    '../../../../node_modules/pinia/package.json',
    '../../../../node_modules/vue/package.json',
    '../../../../node_modules/vue-router/package.json',
    '../../../../node_modules/zod/package.json',
  ],
  { eager: true, import: 'default' },
);

export const licences: readonly Licence[] = Object.values(manifests)
  .map((m) => ({ name: m.name, version: m.version, licence: m.license ?? 'see the package' }))
  .sort((a, b) => a.name.localeCompare(b.name));
