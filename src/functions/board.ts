import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { board } from '../lib/app/board.ts';
import type { Board, BoardRequest } from '../lib/board/board.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';
import { READ } from '../lib/callers/rules/roles.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';
import { serve } from './serve.ts';

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

serve('board', 'GET', 'board', secured(READ, page));
serve('boardItem', 'GET', 'boardItem', secured(READ, item));
serve('boardOwners', 'GET', 'boardOwners', secured(READ, owners));
serve('boardFindings', 'GET', 'boardFindings', secured(READ, findings));
serve('status', 'GET', 'status', secured(READ, data));
serve('metrics', 'GET', 'metrics', secured(READ, metrics));
serve('calendar', 'GET', 'calendar', calendar);
serve('calendarPage', 'GET', 'boardCalendar', secured(READ, calendarPage));
serve('changeCalendar', 'POST', 'boardCalendar', changeCalendar);
