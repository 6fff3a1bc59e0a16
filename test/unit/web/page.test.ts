import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/lib/web/html.ts';
import { pageAnswer, redirectAnswer } from '../../../src/lib/web/page.ts';

const base = { title: 'Board', main: html`<h1>Board</h1>` };
const policyOf = (answer: { headers: Record<string, string> }) => answer.headers['content-security-policy'];
const hashOf = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('a page', () => {
  it('lets nothing load or run but its own stylesheet and script, each by its hash', () => {
    const answer = pageAnswer({ ...base, script: 'document.title' });
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(answer.body) ?? [];
    expect(policyOf(answer)).toBe(
      `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf('document.title')}; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it('runs no script where it has none', () => {
    expect(policyOf(pageAnswer(base))).not.toContain('script-src');
    expect(pageAnswer(base).body).not.toContain('<script');
  });

  it('lets a form lead to the origins that it names, and to no path of them', () => {
    const answer = pageAnswer({
      ...base,
      formOrigins: ['https://login.example/authorize?x=1; script-src *'],
    });
    expect(policyOf(answer)).toContain("form-action 'self' https://login.example;");
  });

  it('is kept by nobody and guessed by nobody', () => {
    expect(pageAnswer(base).headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it('escapes its title and asks for nothing from elsewhere', () => {
    const { body } = pageAnswer({ ...base, title: '</title><img src=x>' });
    expect(body).toContain('<title>&lt;/title&gt;&lt;img src=x&gt; · Keywatch</title>');
    expect(body).not.toMatch(/(?:src|href)="(?!#|data:|\/)/);
  });

  it('leads elsewhere by GET and keeps no trace', () => {
    expect(redirectAnswer('/api/board')).toMatchObject({
      status: 303,
      headers: { location: '/api/board', 'cache-control': 'no-store' },
    });
  });
});
