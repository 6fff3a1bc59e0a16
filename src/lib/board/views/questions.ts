import { SEVERITIES, type Severity } from '../../credentials/severities.ts';
import { counted, fromNow } from '../../kernel/humanTime.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import { type Html, html, link, type Value } from '../../web/html.ts';
import { type BoardModel, TIMELINE_DAYS } from '../rules/boardModel.ts';
import type { Item } from '../rules/items.ts';
import { actionOf, itemLink, ownerLink, type Places, sentence, standing, timeOf } from './parts.ts';

const MOST_UNSEEN = 5;

/** The first screen: is anything broken, what breaks next, is Keywatch itself seeing everything. */
export const questions = (model: BoardModel, places: Places): Html => {
  const { broken, next, unseen, coverage, nowEpochMs } = model;
  const known = knownOf(model);
  const none = known === '' ? 'ok' : 'warning';
  const rest = (count: number, shown: number, address: string | undefined): Value =>
    count > shown && html`<p>${link(`and ${(count - shown).toLocaleString('en-US')} more`, address)}</p>`;
  return html`<h1>${headline(model)}</h1>
<ul class="cards">
${card(broken.count > 0 ? 'error' : none, 'Is anything broken?', broken.count === 0 ? (known === '' ? 'No.' : `Nothing${known}.`) : `Yes: ${counted(broken.count, 'thing')} that somebody is refused with, or will be at the next use.`, html`${lines(broken.first.map((item) => brokenLine(item, nowEpochMs, places)))}${rest(broken.count, broken.first.length, places.list({ status: 'broken' }))}`)}
${card(next.count > 0 ? 'warning' : none, 'What breaks next?', next.count === 0 ? `Nothing${known} within ${TIMELINE_DAYS} days.` : `${counted(next.count, 'end')} within ${TIMELINE_DAYS} days, the first of them:`, lines(next.first.map((item) => nextLine(item, nowEpochMs, places))))}
${card(unseen.length > 0 ? 'error' : 'ok', 'Does Keywatch see everything?', unseen.length === 0 ? `Yes: ${counted(coverage.length, 'place')} seen whole.` : `No: ${unseen.length} of ${counted(coverage.length, 'place')} not seen whole.`, html`${oldestLook(model)}${unseen.slice(0, MOST_UNSEEN).map((one) => html`<p><strong>${one.what}</strong>: ${sentence(one.words)}${actionOf(one, places)}</p>`)}${unseen.length > MOST_UNSEEN && html`<p>and ${unseen.length - MOST_UNSEEN} more, below</p>`}`)}
</ul>`;
};

/** Where not everything is seen, that nothing is there is not known. */
const knownOf = ({ unseen }: BoardModel): string => (unseen.length === 0 ? '' : ' that is known');

const headline = (model: BoardModel): string => {
  const { broken, next, unseen, nowEpochMs } = model;
  const known = knownOf(model);
  const state =
    broken.count === 0 ? `Nothing${known} is broken` : `${broken.count.toLocaleString('en-US')} broken`;
  const end = next.first[0]?.endsEpochMs;
  const ahead =
    end === undefined ? `nothing${known} ends soon` : `the next end is ${fromNow(end, nowEpochMs)}`;
  return `${state}, ${ahead}${unseen.length === 0 ? '' : ', and not everything is seen'}`;
};

/** Of what is seen: how old the oldest of it is. */
const oldestLook = ({ coverage, nowEpochMs }: BoardModel): Html => {
  const looks = coverage.flatMap(({ completeEpochMs }) => completeEpochMs ?? []);
  return html`${looks.length > 0 && html`<p>The oldest look: ${timeOf(Math.min(...looks), nowEpochMs)}.</p>`}`;
};

const card = (severity: Severity, question: string, answer: string, more: Html): Html =>
  html`<li class="card ${severity}"><h2><span class="mark ${severity}" aria-hidden="true">${SEVERITIES[severity].mark}</span> ${question}</h2><p>${answer}</p>${more}</li>`;

const lines = (all: readonly Html[]): Html =>
  html`${all.length > 0 && html`<ol>${all.map((line) => html`<li>${line}</li>`)}</ol>`}`;

/** What it is, where it stands, and whose it is: a line each. */
const brokenLine = (item: Item, nowEpochMs: number, places: Places): Html =>
  html`<strong>${itemLink(item, places)}</strong><br>${standing(item)} ${item.endsEpochMs === undefined || item.endsEpochMs > nowEpochMs ? `(${wordsOf(item.kind)})` : fromNow(item.endsEpochMs, nowEpochMs)}<br>${whose(item, places)}`;

const nextLine = (item: Item, nowEpochMs: number, places: Places): Html =>
  html`<strong>${itemLink(item, places)}</strong><br>ends ${timeOf(item.endsEpochMs, nowEpochMs)}<br>${whose(item, places)}`;

const whose = ({ owner }: Item, places: Places): Html => html`Owner: ${ownerLink(owner, places)}`;
