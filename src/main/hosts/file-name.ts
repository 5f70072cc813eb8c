const longest = 120;

/**
 * A name that is safe to show and to offer when saving, from one that a stranger may have chosen: no folders, control characters or
 * characters that turn the reading direction, none that Windows forbids, no device name, no trailing dot or space, at most 120 characters.
 */
export function safeFileName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .trim();
  const dot = clean.lastIndexOf('.');
  const stem = dot > 0 ? clean.slice(0, dot) : clean;
  const end = dot > 0 ? clean.slice(dot, dot + 20) : '';
  const short = `${Array.from(stem)
    .slice(0, longest - end.length)
    .join('')}${end}`.replace(/[. ]+$/, '');
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(short)) return `_${short}`;
  return short.replace(/^\.+/, '') || 'file';
}

/** `Content-Disposition` of a download (RFC 6266): an ASCII name for old readers, the real one for all others (RFC 8187). */
export function contentDisposition(name: string): string {
  const safe = safeFileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(safe).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
