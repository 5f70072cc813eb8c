import { expect, it } from 'vitest';
import type { Command } from '../../stores/ui';
import { rankCommands } from './rank-commands';

const command = (title: string, group = 'Go to', words = ''): Command => ({ id: title, title, group, words, run: () => undefined });
const titles = (commands: readonly Command[]): string[] => commands.map((c) => c.title);

it('puts titles that begin with the query first, then words, then any place', () => {
  const commands = [command('Retrain'), command('Start training'), command('Train')];
  expect(titles(rankCommands(commands, 'train'))).toEqual(['Train', 'Start training', 'Retrain']);
});

it('wants every word of the query, in title, group or further words', () => {
  const commands = [command('11-FI-2043.PV', 'Tag', 'discharge flow'), command('11-PI-2044.PV', 'Tag', 'discharge pressure')];
  expect(titles(rankCommands(commands, 'discharge tag press'))).toEqual(['11-PI-2044.PV']);
});

it('takes signs in a tag name as they are', () => {
  expect(titles(rankCommands([command('A.B'), command('AxB')], 'a.b'))).toEqual(['A.B']);
});

it('gives everything in its order for an empty query', () => {
  expect(titles(rankCommands([command('b'), command('a')], '  '))).toEqual(['b', 'a']);
});
