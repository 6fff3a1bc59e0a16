import {
  app,
  type HttpFunctionOptions,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { board } from '../lib/app/board.ts';
import type { Board, BoardRequest } from '../lib/board/board.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';
import { READ } from '../lib/callers/rules/roles.ts';
import { ROUTES } from '../lib/web/rules/routes.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';

const requestOf = ({ url, headers }: HttpRequest): BoardRequest => ({
  parameters: new URL(url).searchParams,
  cookies: headers.get('cookie'),
});

/** What people look at, and the same as data: a page or an answer each, to those who may read. */
const shown =
  (show: (board: Board, request: BoardRequest, by: Caller) => Promise<HttpResponseInit>) =>
  async (request: HttpRequest, _context: InvocationContext, by: Caller) => {
    const it = await board();
    const [answer] = await Promise.all([show(it, requestOf(request), by), it.noteReader(by)]);
    return answer;
  };

const page = shown((it, request) => it.page('board', request));
const item = shown((it, request) => it.item(request));
const owners = shown((it, request) => it.page('owners', request));
const findings = shown((it, request) => it.page('findings', request));
const data = shown((it, { parameters }) => it.status(parameters));
const metrics = shown((it) => it.metrics());
const calendarPage = shown((it, request, by) => it.calendarPage(request, by));

/** The owner that an address names before its `.ics`; the host leaves a slash as it was sent. */
const ownerOf = ({ params }: HttpRequest): string =>
  (params['owner'] ?? '').replace(/\.ics$/, '').replace(/%2f/gi, '/');

const download = secured(READ, async (request) => (await board()).calendar(ownerOf(request)));

/** A calendar cannot sign in: its address may hold a key that is good for this calendar alone. */
const calendar = async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
  const key = request.query.get('key');
  if (key === null) return download(request, context);
  return (await board()).calendarByKey(ownerOf(request), key);
};

const LONGEST_FORM = 4 * 1024;

const changeCalendar = secured(READ, async (request, _context, by) => {
  const parameters = new URLSearchParams((await boundedBody(request, LONGEST_FORM)) ?? '');
  return (await board()).changeCalendar({ ...requestOf(request), parameters }, by);
});

const common = { methods: ['GET'], authLevel: 'anonymous' } satisfies Partial<HttpFunctionOptions>;
app.http('board', { ...common, route: ROUTES.board, handler: secured(READ, page) });
app.http('boardItem', { ...common, route: ROUTES.boardItem, handler: secured(READ, item) });
app.http('boardOwners', { ...common, route: ROUTES.boardOwners, handler: secured(READ, owners) });
app.http('boardFindings', { ...common, route: ROUTES.boardFindings, handler: secured(READ, findings) });
app.http('status', { ...common, route: ROUTES.status, handler: secured(READ, data) });
app.http('metrics', { ...common, route: ROUTES.metrics, handler: secured(READ, metrics) });
app.http('calendar', { ...common, route: ROUTES.calendar, handler: calendar });
app.http('calendarPage', { ...common, route: ROUTES.boardCalendar, handler: secured(READ, calendarPage) });
app.http('changeCalendar', {
  ...common,
  methods: ['POST'],
  route: ROUTES.boardCalendar,
  handler: changeCalendar,
});
