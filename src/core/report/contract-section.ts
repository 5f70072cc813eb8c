import type { ContractState, ContractTerm, TermKind } from '../budget/contract';
import { describeContract } from '../budget/words';
import { modeName } from '../thresholds/modes';
import { mainPart } from './figures';
import { timeFormatter } from './format';
import type { Block, ReportInput, Section, Term } from './model';
import { labelNames, listed } from './words';

/** The contract promise by promise, in the part that chose the threshold and in the test part; empty without a contract. */
export function contractSection(input: ReportInput): Section[] {
  const { contract } = input;
  if (!contract) return [];
  return [
    {
      title: 'Contract',
      blocks: [
        { kind: 'paragraph', text: contractSentence(input) },
        ...partBlocks(input, 'Test part', contract.test),
        ...partBlocks(input, calibrationTitle(input), contract.calibration),
        {
          kind: 'paragraph',
          text:
            'A promise is broken when it is broken as worded, or when the calibration part shows more than it allows; it cannot be told ' +
            'where the data are too short or hold no labelled anomaly.',
          small: true,
        },
      ],
    },
  ];
}

/** The contract in one sentence. */
export function contractSentence({ threshold, labels, dataset }: ReportInput): string {
  const { contract, modes } = threshold;
  if (!contract) return '';
  const unit = dataset.channels.find(({ name }) => name === modes?.channel)?.unit;
  const mode = modes && contract.mode !== null ? modeName(modes, contract.mode, unit) : undefined;
  return describeContract(contract, withRemoved(contract.mustCatch, labelNames(labels)), mode);
}

/** Names of labels, also for those that the contract names and that were removed since. */
function withRemoved(ids: readonly string[] | 'all', names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const gone = ids === 'all' ? [] : ids.filter((id) => !names.has(id));
  return new Map([...names, ...gone.map((id) => [id, 'a label that was removed'] as const)]);
}

const breaks = {
  'false-events': 'too many false events',
  catch: 'labelled anomalies missed',
  delay: 'labelled anomalies found too late',
} as const satisfies Record<TermKind, string>;

/** "The contract is kept in the test part.", "… is broken since 12 May 2026: too many false events in the test part."; '' without one. */
export function contractStateSentence(input: ReportInput): string {
  const { contract } = input;
  if (!contract) return '';
  const clock = timeFormatter(input.timeZone);
  const states = [
    { part: 'test part', state: contract.test },
    { part: 'calibration part', state: contract.calibration },
  ];
  const broken = states.filter(({ state }) => state.kept === false);
  if (broken.length > 0) {
    const since = broken.flatMap(({ state }) => (state.brokenSince === null ? [] : [state.brokenSince]));
    const when = since.length > 0 ? ` since ${clock.date(Math.min(...since))}` : '';
    // In few words: the numbers stand among the promises below.
    const terms = broken.map(({ state, part }) => {
      const kinds = state.terms.filter(({ kept }) => kept === false).map(({ kind }) => breaks[kind]);
      return `${listed(kinds)} in the ${part}`;
    });
    return `The contract is broken${when}: ${terms.join('; ')}.`;
  }
  const kept = states.filter(({ state }) => state.kept === true).map(({ part }) => `the ${part}`);
  if (kept.length > 0) return `The contract is kept in ${listed(kept)}.`;
  return 'Whether the contract is kept cannot be told from these data.';
}

/** The promises in the main part, for the summary, and those that are broken in the other part. */
export function contractTerms(input: ReportInput): Term[] {
  const { contract } = input;
  if (!contract) return [];
  const main = mainPart(input);
  const other = main === 'test' ? 'calibration' : 'test';
  const broken = contract[other].terms.filter(({ kept }) => kept === false);
  return [
    ...contract[main].terms.map(asTerm),
    ...broken.map((term) => ({ ...asTerm(term), text: `In the ${other} part: ${term.text}` })),
  ];
}

export function asTerm({ kept, text }: ContractTerm): Term {
  return { mark: kept === null ? 'unknown' : kept ? 'kept' : 'broken', text };
}

function partBlocks(input: ReportInput, title: string, state: ContractState): Block[] {
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const rows = state.terms.map((term): Term => {
    const labels = term.labels.map((id) => names.get(id) ?? id);
    const named = labels.length > 0 && !labels.some((name) => term.text.includes(name));
    return { ...asTerm(term), text: named ? `${term.text} Labels: ${listed(labels)}.` : term.text };
  });
  const since = state.brokenSince === null ? '' : `Broken as worded since ${clock.time(state.brokenSince)}.`;
  const binding = state.binding === null ? '' : `Nearest to its limit, or furthest beyond it: ${bindings[state.binding]}.`;
  const note = [since, binding].filter(Boolean).join(' ');
  return [
    { kind: 'heading', text: `${title}: ${state.kept === null ? 'cannot be told' : state.kept ? 'kept' : 'broken'}` },
    { kind: 'terms', rows },
    ...(note ? [{ kind: 'paragraph', text: note, small: true } as const] : []),
  ];
}

const bindings = {
  'false-events': 'the false events',
  catch: 'the labelled anomalies to catch',
  delay: 'the time to find them',
} as const;

function calibrationTitle({ threshold }: ReportInput): string {
  return threshold.objective.kind === 'carried' ? 'Calibration part (of earlier data, not in these)' : 'Calibration part';
}
