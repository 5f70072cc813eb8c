import type { Command } from '../../stores/ui';

/**
 * Commands that contain every word of the query, best first: a title that begins with it, then a word that does, then any place.
 * An empty query gives all in their order.
 */
export function rankCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  const ranked: { command: Command; rank: number }[] = [];
  for (const command of commands) {
    const title = command.title.toLowerCase();
    const text = `${title} ${(command.words ?? '').toLowerCase()} ${command.group.toLowerCase()}`;
    if (!words.every((word) => text.includes(word))) continue;
    const first = words[0] ?? '';
    const rank = title.startsWith(first)
      ? 0
      : new RegExp(`(^|[^a-z0-9])${escape(first)}`).test(title)
        ? 1
        : title.includes(first)
          ? 2
          : 3;
    ranked.push({ command, rank });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map((r) => r.command);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
