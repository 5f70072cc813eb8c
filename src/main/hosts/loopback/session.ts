import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Wrong tokens that are answered at once; each further one doubles the pause in which all are refused. */
const freeAttempts = 10;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;

export type Exchange =
  { readonly cookie: string } | { readonly refused: 'wrong' } | { readonly refused: 'wait'; readonly retryAfterMs: number };

/** The right to use a running host: one token that opens it once, and the cookie it is exchanged for. */
export interface Session {
  /** 256 random bits for the fragment of the address, where neither server logs nor Referer headers see it. */
  readonly token: string;
  /** A new token for another browser window; one that was not used yet dies. */
  renew(): void;
  /** Exchanges the token; it dies with the first success. */
  exchange(given: string): Exchange;
  /** True when a Cookie header carries the session. */
  holds(cookieHeader: string | undefined): boolean;
}

/**
 * @param port - cookies are shared by all ports of a host, so the cookie's name carries port and random bits.
 * @param clock - milliseconds that never run back.
 */
export function createSession(port: number, clock: () => number = () => performance.now()): Session {
  const fresh = (): string => randomBytes(32).toString('base64url');
  let token = fresh();
  const secret = fresh();
  const name = `faultline-${port}-${randomBytes(4).toString('hex')}`;
  let unused = true;
  let wrong = 0;
  let closedUntil = 0;

  return {
    get token() {
      return token;
    },
    renew() {
      token = fresh();
      unused = true;
    },
    exchange(given) {
      const now = clock();
      if (now < closedUntil) return { refused: 'wait', retryAfterMs: closedUntil - now };
      // The comparison comes first, so that a used token takes as long as a wrong one.
      if (equal(given, token) && unused) {
        unused = false;
        return { cookie: `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict` };
      }
      wrong++;
      if (wrong >= freeAttempts) closedUntil = now + Math.min(longestPauseMs, firstPauseMs * 2 ** (wrong - freeAttempts));
      return { refused: 'wrong' };
    },
    holds(cookieHeader) {
      const prefix = `${name}=`;
      return (cookieHeader ?? '')
        .split(';')
        .map((part) => part.trim())
        .some((part) => part.startsWith(prefix) && equal(part.slice(prefix.length), secret));
    },
  };
}

/** Compares in constant time whatever the lengths: both sides are hashed first. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
