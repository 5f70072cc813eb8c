import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Detector } from '../src/core/detectors/detector';
import { detectors } from '../src/core/detectors/registry';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';
import { checkDetector } from './detector-checks';

/** The page that shows how a detector is added: its code is compiled, counted and put to the checks of all detectors. */
const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/user-guide/add-a-detector.md'), 'utf8');
const [, fileName = ''] = /`(src\/core\/detectors\/[\w-]+\.ts)`/.exec(page) ?? [];
const [, code = ''] = /```ts\n(import[\s\S]*?)```/.exec(page) ?? [];
const [, line = ''] =
  /```ts\n(import \{ \w+ \} from '\.\/[\w-]+';\n[\s\S]*?)```/.exec(page.slice(page.indexOf(code) + code.length)) ?? [];

/** The detector of the page, as it would be in its place. */
async function load(): Promise<Detector> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-tutorial-'));
  try {
    const file = join(folder, 'detector.ts');
    writeFileSync(file, code.replaceAll(/from '\.\//g, `from '${join(root, 'src/core/detectors')}/`));
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, Detector>;
    return Object.values(module)[0]!;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const detector = await load();
let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

it('adds a detector that there is not, in one file of under 60 lines and one line of the registry', () => {
  expect(detectors.map(({ info }) => info.id)).not.toContain(detector.info.id);
  expect(code.split('\n').filter((text) => text.trim() !== '').length).toBeLessThan(60);
  const exported = /export const (\w+)/.exec(code)![1]!;
  expect(line).toContain(`import { ${exported} } from './${fileName.split('/').at(-1)!.replace('.ts', '')}';`);
  expect(line).toContain(`  ${exported},`);
});

it('shows code that compiles as strictly as the product', () => {
  const config = join(root, 'tsconfig.core.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const added = join(root, fileName);
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  const getSourceFile = host.getSourceFile.bind(host);
  Object.assign(host, {
    readFile: (name: string) => (name === added ? code : readFile(name)),
    fileExists: (name: string) => name === added || fileExists(name),
    getSourceFile: (name: string, ...rest: [ts.ScriptTarget]) =>
      name === added ? ts.createSourceFile(name, code, ...rest) : getSourceFile(name, ...rest),
  });
  const program = ts.createProgram(
    [added],
    { ...options, noEmit: true, emitDeclarationOnly: false, composite: false, incremental: false },
    host,
  );
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(added));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

describe('passes the checks of every detector', () => {
  checkDetector(detector, () => engine, { variants: [{ window: 1, span: 0, bins: 10 }] });
});
