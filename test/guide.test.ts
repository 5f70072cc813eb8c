import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DetectorInfo } from '../src/core/detectors/detector';
import type { ParamSpec } from '../src/core/detectors/params';
import { detectors } from '../src/core/detectors/registry';

/**
 * The guide has a page for each detector, and its table of parameters says what the program does. After a change of the parameters
 * `FAULTLINE_UPDATE_GUIDE=1 npm run test:unit -- test/guide.test.ts` writes the tables anew.
 */
const guide = join(import.meta.dirname, '../docs/user-guide');
const headings = ['The idea', 'When to use it', 'When it fails', 'Parameters', 'Cost', 'Source', 'What we changed, and why'];
const block = /<!-- parameters -->[\s\S]*<!-- \/parameters -->/;

const plain = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 12 });

function rangeOf(spec: ParamSpec): string {
  if (spec.kind === 'flag') return 'true, false';
  if (spec.kind === 'choice') return spec.choices.map(({ value, title }) => `\`${value}\` ${title}`).join('<br>');
  return `${plain(spec.min)} to ${plain(spec.max)}${spec.unit ? ` ${spec.unit}` : ''}`;
}

function tableOf({ params, presets = [] }: DetectorInfo): string {
  const rows = Object.entries(params).map(([name, spec]) => {
    const value = typeof spec.default === 'number' ? plain(spec.default) : `${spec.default}`;
    return `| \`${name}\` ${spec.title}${spec.expert ? ' (expert)' : ''} | ${value} | ${rangeOf(spec)} | ${spec.help} |`;
  });
  const presetLines = presets.map(({ id, help, params: values }) => {
    const changes = Object.entries(values).map(([name, value]) => `\`${name}\` ${String(value)}`);
    return `- **${id}**: ${help}${changes.length > 0 ? ` (${changes.join(', ')})` : ''}`;
  });
  const table = ['| parameter | default | range | meaning |', '| --- | --- | --- | --- |', ...rows];
  return [...table, ...(presetLines.length > 0 ? ['', 'Presets:', '', ...presetLines] : [])].join('\n');
}

describe.each(detectors.map(({ info }) => [info.id, info] as const))('the guide page of %s', (id, info) => {
  const file = join(guide, 'detectors', `${id}.md`);

  it('tells the idea with a picture, use, failure, cost, source and what was changed', () => {
    const page = readFileSync(file, 'utf8');
    for (const heading of headings) expect(page, heading).toContain(`\n## ${heading}\n`);
    const [, picture] = /!\[[^\]]+\]\(([^)]+\.svg)\)/.exec(page) ?? [];
    expect(picture).toBeDefined();
    expect(existsSync(join(guide, 'detectors', picture!))).toBe(true);
    expect(readFileSync(join(guide, 'detectors.md'), 'utf8')).toContain(`(detectors/${id}.md)`);
  });

  it('has every parameter as the program has it', () => {
    const page = readFileSync(file, 'utf8');
    const wanted = `<!-- parameters -->\n\n${tableOf(info)}\n\n<!-- /parameters -->`;
    if (process.env['FAULTLINE_UPDATE_GUIDE'])
      writeFileSync(
        file,
        page.replace(block, () => wanted),
      );
    expect(block.exec(readFileSync(file, 'utf8'))?.[0]).toBe(wanted);
  });
});
