import { runChild } from './childProcess.ts';
import { type Figure, inRounds, medianOf, type Report, ratioFigure } from './figures.ts';
import type { TelemetryInput, TelemetryResult } from './telemetryProcess.ts';

const CREDENTIALS = 10_000;
const RUNS = 5;
const MOST_BYTES = 1;
const MOST_WALL = 1.5;
const WAYS = ['attention', 'full', 'naive'] as const;
type Way = (typeof WAYS)[number];

const REPORTED_AS: Record<Way, string> = {
  attention: 'hourly scan (what needs attention)',
  full: 'daily scan (every credential)',
  naive: 'naive way (one metric a credential)',
};

/** What 10,000 credentials cost to tell, beside the naive way: the days left as a metric of each. */
export const measureTelemetry = async (note: (line: string) => void): Promise<Report> => {
  const results = await inRounds(WAYS, RUNS, async (way, run) => {
    const input: TelemetryInput = { way, credentials: CREDENTIALS };
    const result = await runChild<TelemetryResult>('telemetryProcess.ts', input);
    note(`${run}/${RUNS} ${way}: ${JSON.stringify(result)}`);
    return result;
  });
  const middle = (way: Way, of: keyof TelemetryResult) => medianOf(results[way], of);
  const figuresOf = (way: Way): Figure => ({
    what: REPORTED_AS[way],
    value: [
      `${middle(way, 'items').toLocaleString('en')} items (${middle(way, 'aboutCredentials').toLocaleString('en')} about one credential)`,
      `${Math.round(middle(way, 'bytes') / 1024).toLocaleString('en')} KiB in ${middle(way, 'posts')} posts`,
      `${Math.round(middle(way, 'totalMs'))} ms from the first fact to the last byte, ${Math.round(middle(way, 'flushMs'))} ms of it after the last fact`,
    ].join('; '),
  });
  const wallOfEach = (way: Way) => middle(way, 'totalMs') / middle(way, 'aboutCredentials');
  const reportedOfEach = (way: Way) => middle(way, 'aboutCredentials');
  return {
    title: `Telemetry of a scan of ${CREDENTIALS.toLocaleString('en')} credentials; medians of ${RUNS} runs`,
    figures: [
      ...WAYS.map(figuresOf),
      ratioFigure(
        'bytes: hourly / naive',
        middle('attention', 'bytes') / middle('naive', 'bytes'),
        MOST_BYTES,
      ),
      ratioFigure('bytes: daily / naive', middle('full', 'bytes') / middle('naive', 'bytes')),
      ratioFigure(
        'wall a credential told: daily / naive',
        wallOfEach('full') / wallOfEach('naive'),
        MOST_WALL,
      ),
      {
        what: 'credentials that can be told apart afterwards: daily, naive',
        value: `${reportedOfEach('full').toLocaleString('en')}, ${reportedOfEach('naive').toLocaleString('en')}`,
      },
    ],
  };
};
