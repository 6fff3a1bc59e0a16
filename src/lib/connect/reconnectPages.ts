import { HOME } from '../callers/rules/returnPath.ts';
import type { ConsentOutcome } from '../credentials/consentOutcomes.ts';
import type { Failure } from '../kernel/failure.ts';
import { type Html, html, link, type Value } from '../web/html.ts';
import { type PageAnswer, pageAnswer } from '../web/page.ts';
import { pathOf } from '../web/rules/routes.ts';
import type { Question, Result } from './consentTickets.ts';
import type { GrantLook } from './reconnector.ts';
import { reconnectPath } from './rules/reconnectPath.ts';

export const REPLACE_FIELD = 'replace';
export const HANDLE_FIELD = 'question';
export const MEANT_FIELD = 'meant';

const rows = (facts: readonly (readonly [name: string, value: Value])[]): Html =>
  html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

const STATES = {
  new: { mark: '…', tone: 'none', words: 'It has no refresh token yet.' },
  dead: { mark: '✗', tone: 'error', words: 'Dead: the provider refuses its refresh token for good.' },
  alive: { mark: '✓', tone: 'ok', words: 'Not known to be dead.' },
} as const;

const beginForm = (grantId: string, state: keyof typeof STATES, provider: string, csrf: Value): Html => html`
${
  state === 'alive' &&
  html`<p><strong>Replace its consent only where that is meant,</strong> as when it is about to end: some providers end the former one at once, with the access tokens that consumers hold.</p>`
}
<form method="post" action="${reconnectPath(grantId)}">
${csrf}
${state === 'alive' && html`<input type="hidden" name="${REPLACE_FIELD}" value="yes">`}
<button type="submit">${state === 'alive' ? `Replace the consent at ${provider}` : `Go to ${provider}`}</button>
</form>`;

/** A grant, what would happen, and one button. */
export const grantPage = ({ grant, profile, may }: GrantLook, csrf: Value): PageAnswer => {
  const { displayName, authorization } = profile;
  const facts: (readonly [string, Value])[] = [
    ['Provider', displayName],
    ['Owner', grant.owner ?? 'nobody is named'],
    ...(may.ok && may.account !== undefined ? [['Account', may.account] as const] : []),
    ['Asked for', (grant.scopes ?? []).join(' ') || 'what the client may have there'],
    ...(grant.runbook === undefined ? [] : [['Runbook', link(grant.runbook, grant.runbook)] as const]),
  ];
  const state = may.ok ? STATES[may.state] : undefined;
  return pageAnswer({
    title: `Reconnect ${grant.id}`,
    main: html`<h1>Reconnect ${grant.id}</h1>
${state && html`<p class="${state.tone}"><span class="mark" aria-hidden="true">${state.mark}</span> ${state.words}</p>`}
${rows(facts)}
${
  may.ok
    ? html`<h2>What will happen</h2>
<ol>
<li>You are sent to ${displayName}${authorization && ` (${new URL(authorization.endpoint).host})`}. Sign in there as the account that owns this integration, and approve.</li>
<li>You come back here. Another account than before changes nothing until you say that it is meant.</li>
<li>The new refresh token is stored, and the alert of this grant ends.</li>
</ol>
${beginForm(grant.id, may.state, displayName, csrf)}`
    : html`<h2>It cannot be connected now</h2><p>${may.message}</p><p>${may.action}</p>`
}`,
    // The provider may lead on to where its people sign in, and browsers apply the rule to that, too.
    formOrigins: authorization === undefined ? [] : ['https:', authorization.endpoint],
  });
};

const RESULTS = {
  connected: { mark: '✓', tone: 'ok', heading: 'is connected' },
  not_stored: { mark: '▲', tone: 'warning', heading: 'has a new token, which is not in the vault yet' },
  asked: { mark: '…', tone: 'none', heading: 'waits for an answer' },
  declined: { mark: '–', tone: 'none', heading: 'was left as it is' },
  unneeded: { mark: '–', tone: 'none', heading: 'was left as it is' },
  refused: { mark: '✗', tone: 'error', heading: 'could not be connected' },
} as const satisfies Readonly<Record<ConsentOutcome, object>>;

const resultPage = (grantId: string | undefined, result: Result): PageAnswer => {
  const { mark, tone, heading } = RESULTS[result.outcome];
  const { account, fields } = result;
  const facts: (readonly [string, Value])[] = [
    ...(account === undefined ? [] : [['Account', account] as const]),
    ...Object.entries(fields),
  ];
  return pageAnswer(
    {
      title: `${grantId ?? 'A grant'} ${heading}`,
      main: html`<h1><span class="mark ${tone}" aria-hidden="true">${mark}</span> ${grantId ?? 'A grant'} ${heading}</h1>
<p>${result.message}</p>
${result.action !== undefined && html`<p>${result.action}</p>`}
${facts.length > 0 && rows(facts)}
<p>${grantId !== undefined && link('The grant', reconnectPath(grantId))} ${link('The board', HOME)}</p>`,
    },
    grantId === undefined ? 400 : 200,
  );
};

const questionPage = (
  grantId: string,
  { before, answer: { account } }: Question,
  handle: string,
  csrf: Value,
): PageAnswer =>
  pageAnswer({
    title: `Is this the account of ${grantId}?`,
    main: html`<h1>Is this the account of ${grantId}?</h1>
<p>${account === undefined ? 'The provider did not say whose consent it is.' : 'You consented with another account than before.'} Nothing was changed yet.</p>
${rows([
  ['Before', before.account ?? 'not known'],
  ['Now', account ?? 'not known'],
])}
<p>With another account the consumers of this grant see the data of that account. An answer is taken for ten minutes.</p>
<form method="post" action="${pathOf('reconnectConfirm')}">
${csrf}
<input type="hidden" name="${HANDLE_FIELD}" value="${handle}">
<button type="submit" name="${MEANT_FIELD}" value="no">No, change nothing</button>
<button type="submit" name="${MEANT_FIELD}" value="yes">Yes, this account is meant</button>
</form>`,
  });

/** What came of a request, or what has to be answered. */
export const contentPage = (
  grantId: string | undefined,
  content: Question | Result,
  { handle, csrf }: { readonly handle: string | undefined; readonly csrf: Value },
): PageAnswer => {
  if (content.stage === 'result') return resultPage(grantId, content);
  if (grantId === undefined || handle === undefined) throw new Error('a question that nobody can answer');
  return questionPage(grantId, content, handle, csrf);
};

/** The same for a grant that is not there and for one that nobody may connect here. */
export const noGrantPage = (): PageAnswer =>
  pageAnswer(
    {
      title: 'No such grant',
      main: html`<h1>There is no such grant to reconnect</h1>
<p>Keywatch refreshes none of that name, or you may not reconnect it.</p>
<p>${link('The board', HOME)}</p>`,
    },
    404,
  );

/** Why a consent was not begun. */
export const notBegunPage = (
  grantId: string,
  { message, action }: Pick<Failure, 'message' | 'action'>,
): PageAnswer =>
  pageAnswer(
    {
      title: `${grantId} was not connected`,
      main: html`<h1>Nothing was begun for ${grantId}</h1>
<p>${message}</p>
<p>${action}</p>
<p>${link('The grant', reconnectPath(grantId))}</p>`,
    },
    409,
  );
