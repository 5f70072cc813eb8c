/**
 * What the loopback host and the browser's transport agree on beyond the methods. Everything is same-origin; the session is a cookie
 * that the page cannot see. Answers of 200 are a `Reply` in the encoding of `wire.ts` (type `application/x-faultline`), errors of
 * the application included; the host's own refusals are a status without a body (401 no session, 403 refused, 404, 413 too large, 415
 * type, 429 too many wrong tokens).
 *
 * - `POST /session`  JSON `{ token }` from the address's fragment `#token=…` → cookie. The token works once; with a live session the
 *   call succeeds without it, so a reloaded address does no harm.
 * - `POST /call`     wire (or JSON) `{ method, params }` → Reply.
 * - `GET /events`    server-sent events named by topic, data is JSON; event `ready` first on every connection (after a second one:
 *   something may have been missed, fetch the state again), a comment every 15 s.
 * - `POST /upload`   the bytes, type `application/octet-stream`, file name percent-encoded in the header below
 *   → Reply<{ fileToken, name }>.
 * - `GET /files/<token>`  the exported file as a download.
 */
export const routes = { session: '/session', call: '/call', events: '/events', upload: '/upload', file: '/files/' } as const;

/** Header of an upload that carries encodeURIComponent(name). */
export const fileNameHeader = 'x-file-name';

/** Type of an upload's body. */
export const uploadType = 'application/octet-stream';
