import { app, type HttpFunctionOptions, type HttpResponseInit } from '@azure/functions';
import { board } from '../lib/app/board.ts';
import type { Board, BoardRequest } from '../lib/board/board.ts';
import { READ } from '../lib/callers/rules/roles.ts';
import { secured } from './secured.ts';

/** What people look at, and the same as data: a page or an answer each, to those who may read. */
const shown =
  (show: (board: Board, request: BoardRequest) => Promise<HttpResponseInit>) =>
  async (request: { readonly url: string; readonly headers: { get(name: string): string | null } }) => {
    const { searchParams: parameters } = new URL(request.url);
    return show(await board(), { parameters, cookies: request.headers.get('cookie') });
  };

const page = shown((it, request) => it.page('board', request));
const item = shown((it, request) => it.item(request));
const owners = shown((it, request) => it.page('owners', request));
const findings = shown((it, request) => it.page('findings', request));
const data = shown((it, { parameters }) => it.status(parameters));
const metrics = shown((it) => it.metrics());

const common = { methods: ['GET'], authLevel: 'anonymous' } satisfies Partial<HttpFunctionOptions>;
app.http('board', { ...common, handler: secured(READ, page) });
app.http('boardItem', { ...common, route: 'board/item', handler: secured(READ, item) });
app.http('boardOwners', { ...common, route: 'board/owners', handler: secured(READ, owners) });
app.http('boardFindings', { ...common, route: 'board/findings', handler: secured(READ, findings) });
app.http('status', { ...common, handler: secured(READ, data) });
app.http('metrics', { ...common, handler: secured(READ, metrics) });
