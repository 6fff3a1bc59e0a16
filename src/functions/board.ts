import { app, type HttpResponseInit } from '@azure/functions';
import { board } from '../lib/app/board.ts';
import type { Board, BoardRequest } from '../lib/board/board.ts';
import { READ } from '../lib/callers/rules/roles.ts';
import { SESSION_COOKIE } from '../lib/callers/sessions.ts';
import { readCookie } from '../lib/web/cookies.ts';
import { secured } from './secured.ts';

type Show = (board: Board, request: BoardRequest) => Promise<HttpResponseInit>;

/** What people look at, and the same as data: a page or an answer each. */
const SHOWN: Readonly<Record<string, readonly [route: string, show: Show]>> = {
  board: ['board', (it, request) => it.page('board', request)],
  boardItem: ['board/item', (it, request) => it.item(request)],
  boardOwners: ['board/owners', (it, request) => it.page('owners', request)],
  boardFindings: ['board/findings', (it, request) => it.page('findings', request)],
  status: ['status', (it, { parameters }) => it.status(parameters)],
};

for (const [name, [route, show]] of Object.entries(SHOWN)) {
  const handler = secured(READ, async (request) => {
    const { searchParams: parameters } = new URL(request.url);
    return show(await board(), {
      parameters,
      handle: readCookie(request.headers.get('cookie'), SESSION_COOKIE),
    });
  });
  app.http(name, { methods: ['GET'], authLevel: 'anonymous', route, handler });
}
