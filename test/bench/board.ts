import { gzipSync } from 'node:zlib';
import { boardReport, createBoard } from '../../src/lib/board/board.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import { SETTINGS } from '../fakes/boardScene.ts';
import { boardState } from '../fakes/boardState.ts';
import { assessment, inDays, NOW_EPOCH_MS } from '../fakes/metadata.ts';
import { cpuMs } from './cost.ts';
import { type Figure, median, type Report, ratioFigure } from './figures.ts';
import { type FirstPaint, firstPaints } from './firstPaints.ts';

const SIZES = [10_000, 1_000_000];
const PAGES = 7;

/** Credentials of one vault. */
const EACH = 10_000;
const vaultsOf = (count: number): string[] =>
  Array.from({ length: count / EACH }, (_, index) => `kv-front-desk-${index}`);
const urlOf = (vault: string): string => `https://${vault}.vault.azure.net`;

/** The credentials of a vault: every thirtieth about to end, 2,000 owners. @param changed whether one is not as it was */
function* credentials(vault: string, changed = false): Iterable<Assessment> {
  for (let index = 0; index < EACH; index++) {
    const isEnding = index % 30 === 0;
    yield assessment({
      vault,
      name: `integration-secret-of-customer-${index}`,
      owner: `team-${index % 2_000}@contoso.example`,
      status: isEnding ? 'warning' : 'valid',
      ...(changed && index === EACH / 2 ? { version: 'newer' } : {}),
      warningAtEpochMs: inDays(isEnding ? -1 : 10 + (index % 400)),
      expiresOnEpochMs: inDays(isEnding ? 20 : 40 + (index % 400)),
      findings: index % 5 === 0 ? [{ code: 'lifetime_over_policy', detail: 'x'.repeat(100) }] : [],
    });
  }
}

interface Timed {
  readonly body: string;
  readonly firstMs: number;
  readonly laterMs: number;
}

const timed = async (page: () => Promise<string> | string): Promise<Timed> => {
  const times: number[] = [];
  let body = '';
  for (let count = 0; count <= PAGES; count++) {
    const startedMs = cpuMs();
    body = await page();
    times.push(cpuMs() - startedMs);
  }
  const [firstMs = 0, ...later] = times;
  return { body, firstMs, laterMs: median(later) };
};

/** What somebody writes first: all of the state in one text, and all of it on one page. */
const naivePage = (count: number): Promise<Timed> => {
  const text = JSON.stringify(vaultsOf(count).flatMap((vault) => [...credentials(vault)]));
  return timed(() =>
    boardReport({ assessments: JSON.parse(text) as Assessment[], scans: [], nowEpochMs: NOW_EPOCH_MS }),
  );
};

const kBOf = (text: string): number => Math.round(Buffer.byteLength(text) / 1000);

const measureSize = async (count: number) => {
  const { clock, store, scan } = boardState();
  const seconds: number[] = [];
  const names = vaultsOf(count);
  for (const changed of [undefined, undefined, names[0]]) {
    store.writes.length = 0;
    const startedMs = cpuMs();
    for (const vault of names)
      await scan(credentials(vault, vault === changed), { target: urlOf(vault), vault });
    seconds.push((cpuMs() - startedMs) / 1000);
  }
  const written = store.writes.reduce((sum, name) => sum + (store.pieces.get(name)?.text.length ?? 0), 0);
  let whole = 0;
  for (const vault of names) for (const one of credentials(vault)) whole += JSON.stringify(one).length;
  const targets = names.map((name) => ({ source: 'keyvault' as const, target: urlOf(name), name }));
  const board = createBoard({ ...SETTINGS, targets }, { clock, state: store });
  const pageOf = (query: string) =>
    timed(async () => (await board.page('board', { parameters: new URLSearchParams(query) })).body);
  const page = await pageOf('');
  const filtered = await pageOf('status=attention');
  const search = await pageOf('q=customer-9999');
  const of = count.toLocaleString('en-US');
  const figures: Figure[] = [
    {
      what: `first screen of ${of}`,
      value: `${kBOf(page.body)} kB`,
      goal: { atMost: 100, reached: kBOf(page.body), unit: 'kB' },
    },
    {
      what: 'the same, if something in front compresses it',
      value: `${Math.round(gzipSync(page.body).length / 1000)} kB`,
    },
    { what: `page of ${of}, its parts read anew`, value: `${Math.round(page.firstMs)} ms` },
    { what: `page of ${of}, later`, value: `${Math.round(page.laterMs)} ms` },
    { what: `what needs attention of ${of}, later`, value: `${Math.round(filtered.laterMs)} ms` },
    { what: `search by name in ${of}, later`, value: `${Math.round(search.laterMs)} ms` },
    { what: `keeping ${of} for the first time`, value: `${seconds[0]?.toFixed(1)} s` },
    { what: `keeping ${of} again, unchanged`, value: `${seconds[1]?.toFixed(1)} s` },
    ratioFigure(`written where one of ${of} has changed: pieces / one blob`, written / whole),
  ];
  return { page, figures };
};

const painted = (what: string, paint: FirstPaint | undefined): Figure[] =>
  paint === undefined
    ? []
    : [{ what: `first contentful paint, ${what}`, value: `${Math.round(paint.medianMs)} ms` }];

/**
 * The time of the server for pages of the board, the size of the first and when a browser shows it, and what keeping
 * the state adds to a scan; beside the naive way.
 */
export const measureBoard = async (note: (line: string) => void): Promise<Report> => {
  const [few = 0, many = 0] = SIZES;
  const small = await measureSize(few);
  note(`board of ${few}: ${Math.round(small.page.laterMs)} ms`);
  const naive = await naivePage(few);
  note(`the naive way: ${Math.round(naive.laterMs)} ms`);
  const large = await measureSize(many);
  note(`board of ${many}: ${Math.round(large.page.laterMs)} ms`);
  const paints = await firstPaints([small.page.body, naive.body, large.page.body], PAGES);
  const [smallPaint, naivePaint, largePaint] = paints;
  const ratio = large.page.laterMs / small.page.laterMs;
  return {
    title: `Board: processor time, without that of the store; medians of ${PAGES} pages`,
    figures: [
      ...small.figures,
      ...painted('10,000', smallPaint),
      ...large.figures,
      ...painted('1,000,000', largePaint),
      ratioFigure('page of a hundred times as many credentials', ratio, 2),
      ratioFigure('page of 10,000: board / naive way', small.page.laterMs / naive.laterMs, 1),
      ratioFigure('bytes of 10,000: board / naive way', kBOf(small.page.body) / kBOf(naive.body), 0.1),
      { what: 'the naive way', value: `${kBOf(naive.body)} kB, ${Math.round(naive.laterMs)} ms` },
      ...painted('the naive way', naivePaint),
    ],
  };
};
