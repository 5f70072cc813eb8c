import type { ProjectReader, RowRange, StoredRun } from './store';

/** Shares of the tags that the detector gives any for. */
export function sharesOf(
  reader: Pick<ProjectReader, 'runs'>,
  run: StoredRun,
  channels: readonly string[],
  rows: RowRange,
): { readonly channel: string; readonly share: Float32Array }[] {
  return [...new Set(channels)].flatMap((channel) => {
    const share = run.channels.includes(channel) ? reader.runs.share(run.id, channel, rows) : undefined;
    return share ? [{ channel, share }] : [];
  });
}
