import { describe, expect, it } from 'vitest';
import type { ContractMap, ContractState } from '../../../core/budget/contract';
import type { Label } from '../../../core/labels/label';
import { contractFacts, mustCatchWords, priceFacts, termLook } from './contract-words';
import { firstContract } from './draft';

const map: ContractMap = {
  values: [1, 2],
  durations: [0],
  cells: Uint8Array.of(0, 1),
  labelOf: Int16Array.of(-1, -1),
  labels: [],
  tried: 350,
  holding: 161,
  proposal: { value: 3.42, minDurationMs: 720_000, mergeGapMs: 0 },
  proposalUpper: null,
  feasible: true,
  bindingText: 'the time to find L-06',
  binding: 'delay',
  price: [],
  note: 'Too short to tell.',
};
const state = (kept: boolean | null): ContractState => ({
  kept,
  terms: [{ kind: 'false-events', kept, text: '', labels: [], used: null }],
  brokenSince: null,
  binding: null,
});

describe('room that a contract leaves', () => {
  it('is a share of the settings tried, with what binds and the setting proposed', () => {
    expect(contractFacts(map, state(true))).toEqual({
      share: '46 %',
      text: 'of the 350 settings tried keep it; what binds is the time to find L-06.',
      take: 'Take the proposed (θ 3.42, 12 min)',
    });
    expect(contractFacts({ ...map, holding: 1 }, state(true)).share).toBe('Under 1 %');
  });
  it('is none where nothing keeps it, and then the nearest setting is offered', () => {
    const facts = contractFacts({ ...map, feasible: false, holding: 0 }, state(false));
    expect(facts.share).toBe('');
    expect(facts.text).toBe('None of the 350 settings tried keeps it; what breaks is the time to find L-06.');
    expect(facts.take).toBe('Take the nearest (θ 3.42, 12 min)');
  });
  it('cannot be told where the time is too short, and nothing is offered', () => {
    expect(contractFacts({ ...map, feasible: false, holding: 0 }, state(null))).toEqual({ share: '', text: map.note, take: '' });
  });
});

it('names what must be caught', () => {
  const label = { id: 'a' } as Label;
  const name = (id: string): string => (id === 'gone' ? '' : `L-${id}`);
  expect(mustCatchWords(firstContract(15), [label, label], name)).toBe('both labelled anomalies');
  expect(mustCatchWords({ ...firstContract(15), mustCatch: ['a', 'gone'] }, [label], name)).toBe('L-a, a label that is gone');
  expect(mustCatchWords({ ...firstContract(15), mustCatch: [] }, [label], name)).toBe('nothing in particular');
  expect(mustCatchWords({ ...firstContract(15), mustCatch: [...'abcdefgh'] }, [], name)).toBe('L-a, L-b, L-c, L-d, L-e and 3 more');
});

it('marks a term by words and icon, not by colour alone', () => {
  const term = (kept: boolean | null) => ({ kind: 'delay' as const, kept, text: '', labels: [], used: null });
  expect([true, false, null].map((kept) => termLook(term(kept), false).word)).toEqual(['kept', 'broken', 'cannot be told']);
  expect(new Set([true, false, null].map((kept) => termLook(term(kept), false).icon)).size).toBe(3);
});

it('says what another wording would give', () => {
  const row = { text: '', contract: firstContract(15), value: 3, present: false, feasible: true };
  expect(priceFacts({ ...row, falseEvents: 1, falseEventsPerDayUpper: 0.17, caught: 4, slowestMs: 10_620_000 })).toBe(
    '4 caught, slowest 2 h 57 min, at most 0.170 false events a day',
  );
  expect(
    priceFacts({ ...row, feasible: false, falseEvents: null, falseEventsPerDayUpper: null, caught: null, slowestMs: null }),
  ).toBe('No setting tried keeps this.');
});
