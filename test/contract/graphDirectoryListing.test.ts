import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { addSecret } from '../../src/local/entra/tenant.ts';
import { manualLimits, timeIsUp } from '../fakes/manualLimits.ts';
import { startDirectory, TENANT_ID } from '../fakes/startDirectory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const NEVER = new AbortController().signal;
const page = (value: readonly unknown[], next?: string) =>
  JSON.stringify({ value, ...(next === undefined ? {} : { '@odata.nextLink': next }) });
const LISTING = /^\/v1\.0\/applications\?/;

describe('listing the applications of a tenant', () => {
  it('asks for 999 at a time, and for no member that it does not need', async () => {
    const { standIn, list, scopes, add } = await startDirectory();
    add(1);
    const { listing, pages, dates } = await list();
    expect(listing).toEqual({ ok: true, pages: 1 });
    expect(pages[0]).toMatchObject([{ displayName: 'app 0', credentials: [{ type: 'secret' }] }]);
    expect(dates).toEqual([START_EPOCH_MS]);
    expect(scopes).toEqual([[`${standIn.url}/.default`, TENANT_ID]]);
    expect(standIn.wireLog).toMatchObject([{ method: 'GET', path: '/v1.0/applications' }]);
    expect(standIn.wireLog[0]?.search).toBe(
      '?$top=999&$select=id,appId,displayName,tags,passwordCredentials,keyCredentials,createdDateTime',
    );
  });

  it('hands over each page, and neither the beginning of a secret nor the bytes of a certificate', async () => {
    const { tenant, add, list } = await startDirectory();
    const [first] = add(1_998);
    if (first !== undefined)
      addSecret(tenant, first, { value: 'CANARY-of-a-secret', endEpochMs: START_EPOCH_MS });
    const { listing, pages } = await list();
    expect(listing).toEqual({ ok: true, pages: 2 });
    expect(pages.map(({ length }) => length)).toEqual([999, 999]);
    expect(JSON.stringify(pages)).not.toMatch(/CAN/);
  });

  it('goes on after a page that is short, and after one that is empty', async () => {
    const { standIn, list, add } = await startDirectory();
    add(2);
    const next = `${standIn.url}/v1.0/applications?$skiptoken=0`;
    standIn.faults.inject({
      match: { path: LISTING },
      action: { kind: 'answer', status: 200, body: page([], next) },
    });
    const { listing, pages } = await list();
    expect(listing).toEqual({ ok: true, pages: 2 });
    expect(pages.flat()).toHaveLength(2);
  });

  it('counts once what moves from one page to the next', async () => {
    const { standIn, list, add } = await startDirectory();
    add(1);
    const {
      pages: [[only] = []],
    } = await list();
    const body = page(
      [{ ...only, passwordCredentials: [] }],
      `${standIn.url}/v1.0/applications?$skiptoken=0`,
    );
    standIn.faults.inject({ match: { path: LISTING }, action: { kind: 'answer', status: 200, body } });
    expect((await list()).pages.map(({ length }) => length)).toEqual([1, 0]);
  });

  it.each<[string, (origin: string) => string]>([
    ['another host', () => 'https://graph.example.com/v1.0/applications?$skiptoken=x'],
    ['another port', (origin) => `${origin.replace(/\d+$/, '1')}/v1.0/applications`],
    ['another scheme', (origin) => `${origin.replace('http:', 'https:')}/v1.0/applications`],
    ['a host behind its own', (origin) => `${origin}@graph.example.com/v1.0/applications`],
    ['a host that begins like its own', (origin) => `${origin.replace('127.', '127.0.0.1.')}/v1.0`],
  ])('does not take its token to %s', async (_, nextOf) => {
    const { standIn, list } = await startDirectory();
    const body = page([], nextOf(standIn.url));
    standIn.faults.inject({ action: { kind: 'answer', status: 200, body } });
    const { listing } = await list();
    expect(listing).toMatchObject({ ok: false, pages: 1, failure: { reason: 'malformed_answer' } });
  });

  it('ends where the same page is said to follow again', async () => {
    const { standIn, list } = await startDirectory();
    const body = page([], `${standIn.url}/v1.0/applications?$skiptoken=x`);
    standIn.faults.inject({ times: 9, action: { kind: 'answer', status: 200, body } });
    expect((await list()).listing).toMatchObject({
      ok: false,
      pages: 2,
      failure: { reason: 'malformed_answer' },
    });
  });

  it.each([
    ['HTML', '<html>'],
    ['no list', '{}'],
    ['an entry without an id', page([{ appId: TENANT_ID }])],
    ['a next page without an address', page([], 'page-2')],
  ])('fails where a page is %s: half a directory is never a whole one', async (_, body) => {
    const { standIn, list } = await startDirectory();
    standIn.faults.inject({ times: 9, action: { kind: 'answer', status: 200, body } });
    const { failure } = (await list()).listing as { failure?: object };
    expect(failure).toMatchObject({ code: 'directory_malformed_answer', reason: 'malformed_answer' });
  });

  it('is tried again at the next run where a page has expired, which is no request of a wrong form', async () => {
    const { standIn, list } = await startDirectory();
    const body = JSON.stringify({ error: { code: 'Directory_ExpiredPageToken', message: 'gone' } });
    standIn.faults.inject({ action: { kind: 'answer', status: 400, body } });
    expect((await list()).listing).toMatchObject({
      failure: { reason: 'malformed_answer', retryable: true },
    });
  });

  it('says how long to wait where it asks for more than a scan has', async () => {
    const { standIn, list } = await startDirectory();
    standIn.faults.inject({ action: { kind: 'answer', status: 429, headers: { 'retry-after': '600' } } });
    expect((await list()).listing).toMatchObject({
      failure: { reason: 'throttled', retryable: true, retryAfterSeconds: 600 },
    });
  });

  it('asks again after an answer that broke off, and one that never came', async () => {
    const { standIn, list, add } = await startDirectory();
    const pass = manualLimits();
    add(3);
    standIn.faults.inject({ action: { kind: 'truncate' } });
    standIn.faults.inject({ onHit: () => pass(MINUTE_MS), action: { kind: 'hang' } });
    const { listing, pages } = await list();
    expect([listing.ok, pages.flat().length]).toEqual([true, 3]);
  });

  it('ends when the time of the scan is up', async () => {
    const { standIn, list } = await startDirectory();
    const limit = new AbortController();
    const onHit = () => limit.abort(timeIsUp());
    standIn.faults.inject({ times: 9, onHit, action: { kind: 'hang' } });
    const { listing } = await list('applications', limit.signal);
    expect(listing).toMatchObject({ failure: { reason: 'timeout', retryable: true } });
  });

  it('says which role is missing, and by which command it is given', async () => {
    const { list } = await startDirectory({ roles: [] });
    const { listing } = await list();
    expect(listing).toMatchObject({
      ok: false,
      pages: 0,
      failure: { reason: 'forbidden', retryable: false, httpStatus: 403 },
    });
    const { failure } = listing as { failure: { action: string } };
    expect(failure.action).toMatch(/app role Application\.Read\.All: az rest --method POST .*9a5d68dd-52b0/);
  });

  it('lets what the receiver throws pass: it is no fault of the directory', async () => {
    const { adapter } = await startDirectory();
    const broken = () => Promise.reject(new Error('the receiver broke'));
    await expect(adapter.list('applications', broken, NEVER)).rejects.toThrow('the receiver broke');
  });
});
