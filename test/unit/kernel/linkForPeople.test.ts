import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLinkForPeople } from '../../../src/lib/kernel/linkForPeople.ts';
import { anyUrlWithQuery } from '../../fakes/anyUrl.ts';

describe('a link for people', () => {
  it.each([
    'https://wiki.contoso.example/locks',
    'https://wiki.contoso.example/locks#rotate-the-client-secret',
    'https://wiki.contoso.example/pages/viewpage.action?pageId=4711&spaceKey=OPS#Locks-WhatToDo',
    'https://contoso.sharepoint.example/sites/ops/Forms/AllItems.aspx?id=%2Fsites%2Fops%2Frunbooks&web=1',
    'https://docs.example.com/document/d/abc/edit?usp=sharing#heading=h.3znysh7',
    'https://portal.azure.example/#view/Microsoft_Azure_KeyVault/Overview/3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'https://login.example.com/authorize?response_type=code&client_id=0oa1b2C3d4E5f6G7h8i9J0&scope=offline_access%20api&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&prompt=consent&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    'https://app.example.com/reconnect?grant=crm&next=https%3A%2F%2Fapp.example.com%2Fdone%3Ftab%3Dgrants',
  ])('%s may be reported whole', (link) => {
    expect(isLinkForPeople(link)).toBe(true);
  });

  it.each([
    'http://wiki.contoso.example/locks',
    'https://user:pw@wiki.contoso.example/locks',
    'https://user@wiki.contoso.example/locks',
    'https://store.blob.example/page?sv=2024-01-01&sig=aGVsbG8%3D',
    'https://app.example.com/api/run?code=abc',
    'https://app.example.com/run?functionKey=3q2x8PvYkZ0sQ9wLr5tB',
    'https://app.example.com/#access_token=abc',
    'https://app.example.com/?api_token=abc',
    'https://app.example.com/?t=eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
    'https://app.example.com/#eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
    'https://app.example.com/?x=3q2x8PvYkZ0sQ9wLr5tBnM4cVh7J',
    'https://app.example.com/?3q2x8PvYkZ0sQ9wLr5tBnM4cVh7J',
    'https://app.example.com/?next=https%3A%2F%2Fapp.example.com%2F%3Ftoken%3Dabc',
    'https://app.example.com/ghp_0123456789abcdef',
    `https://app.example.com/?q=${'a'.repeat(1000)}`,
    'wiki',
  ])('%s may not', (link) => {
    expect(isLinkForPeople(link)).toBe(false);
  });

  it('says so of any text, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(anyUrlWithQuery('http', 'https'), fc.string()), (text) => {
        const answer = isLinkForPeople(text);
        expect(answer && !text.startsWith('https:')).toBe(false);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
