import { signOutForm } from '../callers/signInPages.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Assessment } from '../scan/rules/credential.ts';
import type { TargetScan } from '../scan/scanTarget.ts';
import { privateHeaders } from '../web/headers.ts';
import { type Html, html, link } from '../web/html.ts';
import { fileText, type PageAnswer, pageAnswer, textAnswer } from '../web/page.ts';
import { type Calendars, createCalendars } from './calendars.ts';
import { calendarText } from './calendarText.ts';
import { type BoardSettings, gatherFacts } from './gatherFacts.ts';
import type { Wanted } from './lookAt.ts';
import type { PieceStore } from './ports.ts';
import { stateReader } from './readState.ts';
import { type BoardFacts, type BoardModel, boardModel } from './rules/boardModel.ts';
import { coverageOf } from './rules/coverage.ts';
import { itemOfCredential } from './rules/credentialItem.ts';
import { linksOfCredential } from './rules/deepLinks.ts';
import { gaugesText } from './rules/gauges.ts';
import { OPEN_METRICS_TYPE } from './rules/openMetrics.ts';
import { isFiltered, matches, NO_QUERY, type Query, readQuery } from './rules/query.ts';
import { recordOf, STATE_VERSION } from './rules/records.ts';
import { type Status, statusOf } from './rules/status.ts';
import { boardView, reportView } from './views/board.ts';
import { findingsView } from './views/findings.ts';
import { itemView } from './views/item.ts';
import { ownersView } from './views/owners.ts';
import { LOCAL_TIMES, STALE_NOTE } from './views/pageScripts.ts';
import { asOf, PATHS, type Places, placesOnServer } from './views/parts.ts';

export interface BoardPorts {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Absent where no blob service is named: then nothing is kept, and nothing is shown. */
  readonly state: PieceStore | undefined;
}

export interface BoardRequest {
  readonly parameters: URLSearchParams;
  /** Its header `Cookie`, for the form that ends its session. */
  readonly cookies?: string | null;
}

export type BoardPage = 'board' | 'owners' | 'findings';

/** What people look at, and programs that want the same. It scans nothing: it shows what scans and runs left. */
export interface Board extends Calendars {
  page(which: BoardPage, request: BoardRequest): Promise<PageAnswer>;
  /** The page of one credential, grant, client or rotation: `id`. */
  item(request: BoardRequest): Promise<PageAnswer>;
  /** The same as data. */
  status(parameters: URLSearchParams): Promise<StatusAnswer>;
  /** What a Prometheus server scrapes. All that there is, or none: half of it would look like an improvement. */
  metrics(): Promise<PageAnswer>;
}

export interface StatusAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonBody: Status | { readonly error: string };
}

const VIEWS: Readonly<Record<BoardPage, (model: BoardModel, places: Places) => Html>> = {
  board: boardView,
  owners: ownersView,
  findings: findingsView,
};

const TITLES: Readonly<Record<BoardPage, string>> = {
  board: 'Board',
  owners: 'Owners',
  findings: 'Findings',
};

const HEADER = html`<nav aria-label="Keywatch"><ul><li>${link('Board', PATHS.board)}</li><li>${link('Owners', PATHS.owners)}</li><li>${link('Findings', PATHS.findings)}</li><li>${link('As data', PATHS.status)}</li></ul></nav>`;

/** What a report or a calendar of them shows: what scans saw, and how they ended. */
export interface Scanned {
  readonly assessments: readonly Assessment[];
  readonly scans: readonly TargetScan[];
  readonly nowEpochMs: number;
}

const factsOf = ({ assessments, scans, nowEpochMs }: Scanned): BoardFacts => {
  const targets = scans.map(({ source, target, vault, outcome, failure, counts }) => {
    const { reason, message, action } = failure ?? {};
    const complete = outcome === 'complete' ? { atEpochMs: nowEpochMs, counts, parts: [] } : undefined;
    const last = { atEpochMs: nowEpochMs, outcome, reason, message, action };
    return { version: STATE_VERSION, source, target, vault, last, complete } as const;
  });
  return {
    nowEpochMs,
    items: assessments.map((one) => itemOfCredential(recordOf(one), nowEpochMs)),
    coverage: coverageOf(targets, {}, NOTHING_EXPECTED, nowEpochMs),
    total: assessments.length,
    omitted: 0,
    windows: 1,
    notes: [],
  };
};

/** The board of what was scanned just now, as one file that needs no server. */
export const boardReport = (scanned: Scanned): string => {
  const main = reportView(boardModel(factsOf(scanned), NO_QUERY, Math.max(1, scanned.assessments.length)));
  return fileText({ title: 'Report', main, script: LOCAL_TIMES });
};

/** The calendar of what was scanned just now. */
export const boardCalendar = (scanned: Scanned): string =>
  calendarText(factsOf(scanned), { addressOf: () => undefined });

const NOTHING_EXPECTED = { targets: [], isSearching: false, refreshes: false, proves: false, rotates: false };

const pageBy =
  ({ nowEpochMs }: BoardPorts['clock']) =>
  (title: string, main: Html, { cookies }: BoardRequest, status = 200): PageAnswer => {
    const header = html`${HEADER}${signOutForm(cookies)}`;
    const dated = html`${main}${asOf(nowEpochMs())}`;
    return pageAnswer({ title, main: dated, header, script: `${LOCAL_TIMES};${STALE_NOTE}` }, status);
  };

const NO_STATE =
  'Nothing is kept: the settings name no blob service (KEYWATCH_BLOB_SERVICE_URL), so there is nothing to show.';

const noState = async (): Promise<PageAnswer> => textAnswer(`${NO_STATE}\n`, 503);

const NO_CALENDARS: Calendars = {
  calendar: noState,
  calendarByKey: noState,
  calendarPage: noState,
  changeCalendar: noState,
  noteReader: async () => undefined,
};

/** Found in the whole of a large state; more of them are no list that anybody reads. */
const MOST_FOUND = 10_000;

/** A filter is for the whole state, a list without one is looked at window by window. */
const wantedBy = (query: Query): Wanted => {
  if (!isFiltered(query)) return { window: query.window };
  const mayBeIn = (vault: string) => query.where === '' || query.where === vault;
  return { search: { isWanted: matches(query), mayBeIn, enough: MOST_FOUND } };
};

/** The one of this id: an id begins with the vault or directory that it is in. */
const searchOf = (id: string): Wanted['search'] => ({
  isWanted: (item) => item.id === id,
  mayBeIn: (vault) => id.startsWith(`${vault}/`),
  enough: 1,
});

/** What could not be read may have it. */
const notFound = (gap: string | undefined) =>
  gap === undefined
    ? {
        httpStatus: 404,
        problem:
          'Nothing that Keywatch watches has this id now. It may be gone: search for its name on the board.',
      }
    : { httpStatus: 503, problem: gap };

export const createBoard = (settings: BoardSettings, { clock, state }: BoardPorts): Board => {
  const { callers, publicUrl, runbookBaseUrl, workbookUrl } = settings;
  const page = pageBy(clock);
  const placesIn = (window: number): Places =>
    placesOnServer({ publicUrl, runbookBaseUrl, workbookUrl, window });
  const reader = state && stateReader(state);

  /** The facts of a query, or why there are none. */
  const ask = async (parameters: URLSearchParams, wanted: (query: Query) => Wanted = wantedBy) => {
    if (reader === undefined) return { ok: false, httpStatus: 503, problem: NO_STATE } as const;
    const reading = readQuery(parameters);
    if (!reading.ok) return { ok: false, httpStatus: 400, problem: reading.problem } as const;
    const gathered = await gatherFacts(reader, settings, wanted(reading.query), clock.nowEpochMs());
    return { ok: true, reader, query: reading.query, ...gathered } as const;
  };

  const calendars =
    reader === undefined || state === undefined
      ? NO_CALENDARS
      : createCalendars({
          ...{ isOpen: callers !== undefined, publicUrl, clock, state, page },
          gather: (owner) =>
            gatherFacts(reader, settings, wantedBy({ ...NO_QUERY, owner }), clock.nowEpochMs()),
        });

  return {
    ...calendars,
    async page(which, request) {
      const asked = await ask(request.parameters);
      if (!asked.ok)
        return page(
          TITLES[which],
          html`<h1>${TITLES[which]}</h1><p>${asked.problem}</p>`,
          request,
          asked.httpStatus,
        );
      return page(
        TITLES[which],
        VIEWS[which](boardModel(asked.facts, asked.query), placesIn(asked.query.window)),
        request,
      );
    },
    async item(request) {
      const id = request.parameters.get('id') ?? '';
      const window = request.parameters.get('window') ?? '1';
      const asked = await ask(new URLSearchParams({ window }), (query) => ({
        ...query,
        search: searchOf(id),
      }));
      const found = asked.ok ? asked.facts.items.find((item) => item.id === id) : undefined;
      if (!asked.ok || found === undefined) {
        const { problem, httpStatus } = asked.ok ? notFound(asked.gap) : asked;
        return page(
          'Not found',
          html`<h1>Not found</h1><p>${problem}</p><p>${link('To the board', PATHS.board)}</p>`,
          request,
          httpStatus,
        );
      }
      const target = asked.targets.find(({ vault }) => vault === found.credential?.vault);
      const main = itemView(
        {
          item: found,
          nowEpochMs: asked.facts.nowEpochMs,
          seenEpochMs: found.seenEpochMs ?? target?.complete?.atEpochMs,
          links: found.credential === undefined ? [] : linksOfCredential(found.credential, target),
          history: await asked.reader.readHistoryOf(id, asked.facts.nowEpochMs),
        },
        placesIn(asked.query.window),
      );
      return page(found.name, main, request);
    },
    async status(parameters) {
      const asked = await ask(parameters);
      if (!asked.ok)
        return { status: asked.httpStatus, headers: privateHeaders, jsonBody: { error: asked.problem } };
      return {
        status: 200,
        headers: privateHeaders,
        jsonBody: statusOf(boardModel(asked.facts, asked.query)),
      };
    },
    async metrics() {
      const asked = await ask(new URLSearchParams());
      const gap = asked.ok ? asked.gap : asked.problem;
      if (!asked.ok || gap !== undefined) return textAnswer(`${gap}\n`, 503);
      return textAnswer(gaugesText(asked), 200, OPEN_METRICS_TYPE);
    },
  };
};
