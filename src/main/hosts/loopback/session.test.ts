import { describe, expect, it } from 'vitest';
import { createSession } from './session';

describe('session', () => {
  it('pauses after ten wrong tokens, twice as long after each further one, and at most 30 s', () => {
    let now = 0;
    const session = createSession(8080, () => now);
    for (let i = 0; i < 10; i++) expect(session.exchange('wrong')).toEqual({ refused: 'wrong' });
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const answer = session.exchange('wrong');
      pauses.push('refused' in answer && answer.refused === 'wait' ? answer.retryAfterMs : 0);
      now += 30_000;
      session.exchange('wrong');
    }
    // 1 s after the tenth, then 2, 4, 8, 16 s, then 30 s for ever.
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('takes the right token again once the pause is over, and only once', () => {
    let now = 0;
    const session = createSession(8080, () => now);
    for (let i = 0; i < 10; i++) session.exchange('wrong');
    expect(session.exchange(session.token)).toMatchObject({ refused: 'wait' });
    now += 1001;
    expect(session.exchange(session.token)).toHaveProperty('cookie');
    expect(session.exchange(session.token)).toEqual({ refused: 'wrong' });
  });

  it('knows its own cookie among others and no other', () => {
    const session = createSession(8080);
    const exchange = session.exchange(session.token);
    const cookie = 'cookie' in exchange ? (exchange.cookie.split(';')[0] ?? '') : '';
    expect(cookie).not.toBe('');
    for (const header of [cookie, `a=b; ${cookie}`, `${cookie};c=d`]) expect(session.holds(header)).toBe(true);
    for (const header of [undefined, '', `${cookie}x`, cookie.slice(0, -1), `x${cookie}`, cookie.replace('8080', '8081')]) {
      expect(session.holds(header)).toBe(false);
    }
  });

  it('shares nothing between two starts', () => {
    const [first, second] = [createSession(8080), createSession(8080)];
    expect(first.token).not.toBe(second.token);
    expect(second.exchange(first.token)).toEqual({ refused: 'wrong' });
  });

  it('gives another browser a token of its own, and kills the one before', () => {
    const session = createSession(8400, () => 0);
    const first = session.token;
    expect(session.exchange(first)).toHaveProperty('cookie');
    session.renew();
    expect(session.token).not.toBe(first);
    expect(session.exchange(first)).toEqual({ refused: 'wrong' });
    expect(session.exchange(session.token)).toHaveProperty('cookie');
  });
});
