import { gzipSync } from 'node:zlib';
import { createBoard } from '../../src/lib/board/board.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import { SETTINGS } from '../fakes/boardScene.ts';
import { boardState } from '../fakes/boardState.ts';
import { assessment, inDays } from '../fakes/metadata.ts';
import { type Figure, median, type Report } from './figures.ts';

const SIZES = [10_000, 1_000_000];
const PAGES = 7;

/** The credentials of one vault: every thirtieth about to end, 2,000 owners. */
function* credentials(count: number): Iterable<Assessment> {
  for (let index = 0; index < count; index++) {
    const name = `integration-secret-of-customer-${index}`;
    const isEnding = index % 30 === 0;
    yield assessment({
      name,
      credentialId: `kv-front-desk/secret/${name}`,
      owner: `team-${index % 2_000}@contoso.example`,
      status: isEnding ? 'warning' : 'valid',
      warningAtEpochMs: inDays(isEnding ? -1 : 10 + (index % 400)),
      expiresOnEpochMs: inDays(isEnding ? 20 : 40 + (index % 400)),
      findings: index % 5 === 0 ? [{ code: 'lifetime_over_policy', detail: 'x'.repeat(100) }] : [],
    });
  }
}

/** The time of the server for pages of the board, the size of the first, and what keeping the state adds to a scan. */
export const measureBoard = async (note: (line: string) => void): Promise<Report> => {
  const figures: Figure[] = [];
  const medians: number[] = [];
  for (const count of SIZES) {
    const { clock, store, scan } = boardState();
    const seconds: number[] = [];
    for (const _ of ['first', 'unchanged']) {
      const startedMs = performance.now();
      await scan(credentials(count));
      seconds.push((performance.now() - startedMs) / 1000);
    }
    const board = createBoard(SETTINGS, { clock, state: store });
    const times: number[] = [];
    let body = '';
    for (let page = 0; page <= PAGES; page++) {
      const startedMs = performance.now();
      ({ body } = await board.page('board', { parameters: new URLSearchParams() }));
      times.push(performance.now() - startedMs);
    }
    const [first = 0, ...later] = times;
    medians.push(median(later));
    const of = count.toLocaleString('en-US');
    note(`board of ${of}: ${times.map(Math.round).join(', ')} ms`);
    const kB = Math.round(Buffer.byteLength(body) / 1000);
    figures.push(
      { what: `first screen of ${of}`, value: `${kB} kB`, goal: { atMost: 100, reached: kB, unit: 'kB' } },
      {
        what: 'the same, if something in front compresses it',
        value: `${Math.round(gzipSync(body).length / 1000)} kB`,
      },
      { what: `page of ${of}, its parts read anew`, value: `${Math.round(first)} ms` },
      { what: `page of ${of}, later`, value: `${Math.round(median(later))} ms` },
      { what: `keeping ${of} for the first time`, value: `${seconds[0]?.toFixed(1)} s` },
      { what: `keeping ${of} again, unchanged`, value: `${seconds[1]?.toFixed(1)} s` },
    );
  }
  const ratio = (medians[1] ?? 0) / (medians[0] ?? 1);
  // 50,000 of them are looked at, five times as many as of the smaller state.
  const goal = { atMost: 12, reached: ratio };
  figures.push({ what: 'page of a hundred times as many credentials', value: `${ratio.toFixed(1)} x`, goal });
  return { title: `Board, without the time of the store; medians of ${PAGES} pages`, figures };
};
