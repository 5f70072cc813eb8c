import { buildFigure, figureEvents, mainEvents, mainPart, planFigures } from './figures';
import { comparisonSection } from './compare-report';
import { contractSection } from './contract-section';
import { formatCount, timeFormatter } from './format';
import type { Block, FigureData, Report, ReportInput, Section } from './model';
import { dataSection, engineSection } from './data-section';
import { refereeSection } from './referee-section';
import { insightSection } from './insight-section';
import { methodSection } from './method-section';
import { metricsAppendix } from './metrics-appendix';
import { metricsSection } from './metrics-section';
import { eventFacts, eventTable, scopeFacts } from './sections';
import { aimTerms, keyNumbers, summarySentences, trustSentences } from './summary';
import { reportData, reportEventTable } from './data';
import { shortHash } from './words';

/**
 * The report of one run. Pure: the same input gives the same report, and every number in it is written once.
 *
 * @param figures - data of the figures that `planFigures` asks for; one that is missing is said to be missing.
 */
export function buildReport(input: ReportInput, figures: readonly FigureData[]): Report {
  const clock = timeFormatter(input.timeZone);
  const day = clock.iso(input.createdAt).slice(0, 10);
  const sentences = summarySentences(input);
  const trust = trustSentences(input);
  const sections: Section[] = [
    { title: 'Scope', blocks: [{ kind: 'facts', rows: scopeFacts(input) }] },
    summarySection(input, figures, sentences, trust),
    ...contractSection(input),
    ...eventSection(input, figures),
    ...refereeSection(input),
    ...comparisonSection(input.comparisons ?? []),
    methodSection(input),
    ...insightSection(input),
    metricsSection(input),
    dataSection(input),
    engineSection(input),
    ...metricsAppendix(input),
  ];
  return {
    title: input.title,
    subtitle: `Anomaly review of ${input.dataset.name}`,
    head: [`${input.title}: anomaly review`, `Faultline report ${day}`],
    foot:
      `Data sha256 ${shortHash(input.dataset.sha256)}, ${input.model.detector.id}, seed ${input.model.seed}, ` +
      `labels v${input.labelRevision}, Faultline ${input.appVersion}`,
    createdAt: input.createdAt,
    sections: sections.map((section, i) => ({ ...section, title: `${i + 1} ${section.title}` })),
    table: reportEventTable(input),
    data: reportData(input, sentences, trust),
  };
}

function summarySection(
  input: ReportInput,
  figures: readonly FigureData[],
  sentences: readonly string[],
  trust: readonly string[],
): Section {
  const part = mainPart(input);
  const request = planFigures(input)[0]!;
  const events = mainEvents(input);
  const others = input.events.length - events.length;
  const table = eventTable(input, events, `Table 1. Events on the ${part} part`, nothingFound(input));
  const elsewhere = others > 0 ? `${formatCount(others)} more in other parts, in the CSV and JSON files.` : '';
  return {
    title: 'Summary',
    blocks: [
      { kind: 'paragraph', text: sentences.join(' ') },
      { kind: 'numbers', items: keyNumbers(input) },
      buildFigure(
        input,
        request,
        figures.find(({ id }) => id === request.id),
        1,
        `What was measured, expected, labelled and detected on the ${part} part`,
      ),
      { ...table, note: [table.note, elsewhere].filter(Boolean).join(' ') },
      { kind: 'heading', text: 'Aim' },
      { kind: 'terms', rows: aimTerms(input) },
      { kind: 'heading', text: 'How far to trust this' },
      { kind: 'paragraph', text: trust.join(' ') },
    ],
  };
}

function nothingFound(input: ReportInput): string {
  return input.test.rows === 0 && input.calibration.rows === 0
    ? 'Nothing could be detected: no row has a score.'
    : 'Nothing was detected in this part: no run of samples reached the threshold for long enough.';
}

function eventSection(input: ReportInput, figures: readonly FigureData[]): Section[] {
  const shown = figureEvents(input);
  if (shown.length === 0) return [];
  const requests = planFigures(input);
  const all = mainEvents(input).length;
  const blocks: Block[] = [];
  if (all > shown.length) {
    blocks.push({
      kind: 'paragraph',
      text: `The ${shown.length} events with the highest scores are drawn here; all ${formatCount(all)} are in table 1 or in the CSV and JSON files.`,
    });
  }
  shown.forEach((event, i) => {
    blocks.push(
      buildFigure(
        input,
        requests.find(({ id }) => id === event.name)!,
        figures.find(({ id }) => id === event.name),
        i + 2,
        `Event ${event.name}`,
        eventFacts(input, event),
      ),
    );
  });
  return [{ title: 'Events', blocks }];
}
