import { codesOf } from '../../credentials/codesOf.ts';
import { FINDINGS } from '../../credentials/findings.ts';
import { SUPPRESSIONS } from '../../credentials/statuses.ts';
import { printable } from '../../kernel/printable.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import { type Html, html, link, type Value } from '../../web/html.ts';
import type { DeepLink } from '../rules/deepLinks.ts';
import type { HistoryLine } from '../rules/history.ts';
import { ITEM_KINDS, type Item } from '../rules/items.ts';
import { grantStateOf } from '../rules/subjectItems.ts';
import { ownerLink, type Places, prose, standing, timeOf } from './parts.ts';
import { usageView } from './usage.ts';

export interface ItemPage {
  readonly item: Item;
  readonly nowEpochMs: number;
  readonly seenEpochMs: number | undefined;
  readonly links: readonly DeepLink[];
  readonly history: readonly HistoryLine[];
}

const MOST_LINES = 100;
/** Nothing that a source allows is longer; what is, is cut. */
const LONG = 1_000;

type Fact = readonly [string, Value];

const facts = (all: readonly Fact[]): Html => {
  const said = all.filter(([, value]) => value !== undefined && value !== false && value !== '');
  return html`<dl>${said.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
};

/** Everything about one credential, grant, client or rotation: where it stands, who acts, what to do, what happened. */
export const itemView = (
  { item, nowEpochMs, seenEpochMs, links, history }: ItemPage,
  places: Places,
): Html => {
  const time = (epochMs: number | undefined): Html | undefined =>
    epochMs === undefined ? undefined : timeOf(epochMs, nowEpochMs);
  const rule = item.rule && places.runbook(item.rule);
  const leads = [
    ...links.map(({ words, address }) => link(words, address)),
    ...(item.runbook === undefined
      ? []
      : [html`Runbook: ${link(printable(item.runbook, LONG), item.runbook)}`]),
    ...(rule ? [link(`Runbook of the alert ${item.rule}`, rule)] : []),
    ...(item.reconnectUrl === undefined ? [] : [link('Consent again', places.ours(item.reconnectUrl))]),
  ];
  return html`<h1>${printable(item.name, LONG)}</h1>
<p>${standing(item)}: ${item.meaning}.</p>
${item.action !== undefined && html`<p><strong>${item.whoActs === undefined ? 'To do' : html`${item.whoActs} acts`}:</strong> ${prose(printable(item.action, LONG))}</p>`}
${leads.length > 0 && html`<ul>${leads.map((one) => html`<li>${one}</li>`)}</ul>`}
${facts([
  ['What it is', ITEM_KINDS[item.kind].meaning],
  ['Where', item.where],
  ['Owner', ownerLink(item.owner, places)],
  ['Used by', item.usage && usageView(item.usage, time)],
  ['Ends', time(item.endsEpochMs) ?? (item.credential && 'never, as far as anybody knows')],
  ...credentialFacts(item, time),
  ...grantFacts(item, time),
  ...proofFacts(item, time),
  ...rotationFacts(item, time),
  ['Seen', time(seenEpochMs)],
  ['Id', html`<code>${printable(item.id, LONG)}</code>`],
])}
${item.findings.length > 0 && html`<h2>Findings</h2>${codesOf(item).map((code) => html`<h3>${FINDINGS[code].title}</h3>${item.findings.filter((one) => one.code === code).map(({ detail }) => html`<p>${printable(detail, LONG)}</p>`)}<p><strong>Fix:</strong> ${prose(FINDINGS[code].fix)}</p>`)}`}
<h2>History</h2>
${history.length === 0 ? html`<p>Nothing has changed since its history began.</p>` : html`<table class="stacks"><caption>What scans and runs saw change, newest first.</caption><thead><tr><th scope="col">When</th><th scope="col">What</th></tr></thead><tbody>${history.slice(0, MOST_LINES).map(({ atEpochMs, what }) => html`<tr><td>${timeOf(atEpochMs, nowEpochMs)}</td><td>${printable(what, LONG)}</td></tr>`)}</tbody></table>`}`;
};

type Time = (epochMs: number | undefined) => Html | undefined;

const credentialFacts = ({ credential: one }: Item, time: Time): Fact[] =>
  one === undefined
    ? []
    : [
        ['Asks for nothing', one.suppressed && SUPPRESSIONS[one.suppressed].meaning],
        ['Snoozed until', time(one.snoozedUntilEpochMs)],
        ['Superseded by', one.supersededBy],
        ['Renews itself', one.renewal],
        ['Warning from', time(one.warningAtEpochMs)],
        ['Critical from', time(one.criticalAtEpochMs)],
        ['Begins', time(one.notBeforeEpochMs)],
        ['Made', time(one.createdEpochMs)],
        ['Version', one.version],
        ['Used at', one.targets?.join(', ')],
        ['Client id', one.appId],
        ['Made by the rotation', one.rotationId],
      ];

const grantFacts = ({ subject = {} }: Item, time: Time): Fact[] => {
  const { observed, attempt } = subject;
  const deadline = grantStateOf(subject) === 'dead' ? undefined : (attempt?.deadline ?? observed?.deadline);
  return [
    ['Token endpoint', observed?.tokenEndpointHost ?? attempt?.tokenEndpointHost],
    ['Refreshed', time(observed?.refreshedAt)],
    ['Dies unless refreshed by', time(deadline)],
    ['Consent ends', time(attempt?.consentEndsAt ?? observed?.consentEndsAt)],
    ['Last attempt', attempt && outcome(attempt, time)],
  ];
};

const proofFacts = ({ subject: { proof } = {} }: Item, time: Time): Fact[] =>
  proof === undefined
    ? []
    : [
        ['Last proof', outcome(proof, time)],
        ['Kind of fault', proof.class === 'ok' ? undefined : proof.class],
        ['AADSTS numbers', proof.numbers],
        ['Id of the request', proof.requestId],
      ];

const rotationFacts = ({ subject: { rotation } = {} }: Item, time: Time): Fact[] =>
  rotation === undefined
    ? []
    : [
        ['Last turn', outcome(rotation, time)],
        ['Vault secret', rotation.name],
        ['Application', rotation.application],
        ['Key id', rotation.keyId],
        ['Old secret last used', time(rotation.lastUsedOn)],
      ];

interface Ended {
  readonly atEpochMs: number;
  readonly outcome: string;
  readonly reason?: string | undefined;
  readonly oauthError?: string | undefined;
  readonly httpStatus?: number | undefined;
}

const outcome = (one: Ended, time: Time): Html => {
  const said = new Set([one.reason, one.oauthError, one.httpStatus && `HTTP ${one.httpStatus}`]);
  const why = [...said].filter(Boolean).join(', ');
  return html`${wordsOf(one.outcome)}${why !== '' && ` (${printable(why, 200)})`}, ${time(one.atEpochMs)}`;
};
