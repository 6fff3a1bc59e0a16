import type { HostCookie } from './cookies.ts';
import { contentSecurityPolicy, pageHeaders, privateHeaders } from './headers.ts';
import { type Html, html, ownMarkup, textOfHtml, type Value } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  /** Of the tab and of history; " · Keywatch" follows. */
  readonly title: string;
  /** Begins with an `h1`. */
  readonly main: Html;
  /** Beside the name: where else to go, who is signed in. */
  readonly header?: Value;
  /** Makes the page better and is not needed to read it: a text of ours, never made of values. */
  readonly script?: string;
  /** See `PageRules`. */
  readonly formOrigins?: readonly string[];
}

/** What a function answers; `@azure/functions` takes it as it is. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly cookies?: HostCookie[];
}

export const pageAnswer = (page: Page, status = 200, cookies: HostCookie[] = []): PageAnswer => ({
  status,
  headers: pageHeaders({
    styles: [STYLE],
    scripts: page.script === undefined ? [] : [page.script],
    formOrigins: page.formOrigins ?? [],
  }),
  body: pageText(page),
  ...(cookies.length === 0 ? {} : { cookies }),
});

/** An answer that is no page: plain text, unless it says otherwise. */
export const textAnswer = (
  body: string,
  status: number,
  contentType = 'text/plain; charset=utf-8',
): PageAnswer => ({ status, headers: { ...privateHeaders, 'content-type': contentType }, body });

/** The answer that leads elsewhere, by GET. */
export const redirectAnswer = (location: string, cookies: HostCookie[] = []): PageAnswer => ({
  status: 303,
  headers: { location, ...privateHeaders },
  body: '',
  ...(cookies.length === 0 ? {} : { cookies }),
});

/** A page that is a file: it carries its own policy. */
export const fileText = (page: Omit<Page, 'formOrigins'>): string => {
  const { script } = page;
  const policy = contentSecurityPolicy({ styles: [STYLE], scripts: script === undefined ? [] : [script] });
  return pageText(page, `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`);
};

/** A whole page as text, with its style in it. @param head more of our own markup for its head */
const pageText = ({ title, main, header, script }: Page, head = ''): string =>
  textOfHtml(html`${ownMarkup(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${head}<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%230b57c2'/%3E%3C/svg%3E">
<title>`)}${title} · Keywatch${ownMarkup(`</title>
<style>${STYLE}</style>
</head>`)}
<body>
<a class="skip" href="#main">To the content</a>
<header><strong>Keywatch</strong>${header}</header>
<main id="main" tabindex="-1">${main}</main>
${script !== undefined && ownMarkup(`<script>${script}</script>`)}
</body>
${ownMarkup('</html>')}
`);
