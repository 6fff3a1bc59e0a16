import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { board } from '../lib/app/board.ts';
import type { Board } from '../lib/board/board.ts';
import { READ } from '../lib/callers/rules/roles.ts';
import { secured } from './secured.ts';

type Show = (board: Board, parameters: URLSearchParams) => Promise<HttpResponseInit>;

const shown = (show: Show) =>
  secured(READ, async (request: HttpRequest) => show(await board(), new URL(request.url).searchParams));

/** What people look at, and the same as data: a page or an answer each. */
const SHOWN: Readonly<Record<string, readonly [route: string, show: Show]>> = {
  board: ['board', (it, parameters) => it.page('board', parameters)],
  boardItem: ['board/item', (it, parameters) => it.item(parameters)],
  boardOwners: ['board/owners', (it, parameters) => it.page('owners', parameters)],
  boardFindings: ['board/findings', (it, parameters) => it.page('findings', parameters)],
  status: ['status', (it, parameters) => it.status(parameters)],
};

for (const [name, [route, show]] of Object.entries(SHOWN))
  app.http(name, { methods: ['GET'], authLevel: 'anonymous', route, handler: shown(show) });
