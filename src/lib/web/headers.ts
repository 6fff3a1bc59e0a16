import { createHash } from 'node:crypto';

export interface PageRules {
  /** The inline stylesheet and scripts of the page, to the last character. */
  readonly styles: readonly string[];
  readonly scripts?: readonly string[];
  /** Where a form of this page may lead besides us, also by a redirect: the origin of an address, or `https:` for any. */
  readonly formOrigins?: readonly string[];
}

/** The Content-Security-Policy of a page, also of one that is a file: nothing loads, nothing runs but what is named by its hash. */
export const contentSecurityPolicy = ({ styles, scripts = [], formOrigins = [] }: PageRules): string =>
  [
    `default-src 'none'`,
    `style-src ${hashesOf(styles)}`,
    ...(scripts.length === 0 ? [] : [`script-src ${hashesOf(scripts)}`]),
    'img-src data:',
    // Browsers apply it to redirects after a form, too.
    ['form-action', `'self'`, ...formOrigins.map(originOf)].join(' '),
    `base-uri 'none'`,
  ].join('; ');

export const pageHeaders = (rules: PageRules): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `${contentSecurityPolicy(rules)}; frame-ancestors 'none'`,
  'cross-origin-opener-policy': 'same-origin',
  ...privateHeaders,
});

/** What every answer carries that is not for everybody. */
export const privateHeaders = {
  'cache-control': 'no-store',
  // Another host of the same site sends our cookies along: what it embeds shows it no difference between two answers.
  'cross-origin-resource-policy': 'same-origin',
  // Not `no-referrer`: by that a browser sends `Origin: null` with our own forms. Other sites get nothing by this, either.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // Whoever was here once never begins over http again, where somebody on the line would answer. Of this host alone.
  'strict-transport-security': 'max-age=31536000',
} as const;

const hashesOf = (texts: readonly string[]): string =>
  texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');

/** @throws TypeError where it is no address: a program or a checked config gave it */
const originOf = (address: string): string => (address === 'https:' ? address : new URL(address).origin);
