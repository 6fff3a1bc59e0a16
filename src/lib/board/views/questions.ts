import { CREDENTIAL_KINDS } from '../../credentials/kinds.ts';
import type { Severity } from '../../credentials/severities.ts';
import { SEVERITIES } from '../../credentials/severities.ts';
import { type Html, html, link, type Value } from '../../web/html.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import type { Item } from '../rules/items.ts';
import { counted, itemLink, ownerLink, type Places, standing, timeOf, toDo } from './parts.ts';

const MOST_UNSEEN = 5;

/** The first screen: is anything broken, what breaks next, is Keywatch itself seeing everything. */
export const questions = (model: BoardModel, places: Places): Html => {
  const { broken, next, unseen, sights, nowEpochMs } = model;
  const rest = (count: number, shown: number, address: string | undefined): Value =>
    count > shown && html`<p>${link(`and ${(count - shown).toLocaleString('en-US')} more`, address)}</p>`;
  return html`<h1>${headline(model)}</h1>
<ul class="cards">
${card(broken.count > 0 ? 'error' : 'ok', 'Is anything broken?', broken.count === 0 ? 'No.' : `Yes: ${counted(broken.count, 'thing')} that somebody is refused with, or will be at the next use.`, html`${broken.first.map((item) => brokenLine(item, places))}${rest(broken.count, broken.first.length, places.list({ status: 'broken' }))}`)}
${card(next.count > 0 ? 'warning' : 'ok', 'What breaks next?', next.count === 0 ? 'Nothing within 180 days.' : `${counted(next.count, 'end')} within 180 days. The first:`, html`${next.first.map((item) => html`<p>${itemLink(item, places)} ${timeOf(item.endsEpochMs, nowEpochMs)}, ${ownerLink(item.owner, places)}</p>`)}`)}
${card(unseen.length > 0 ? 'error' : 'ok', 'Does Keywatch see everything?', unseen.length === 0 ? `Yes: ${counted(sights.length, 'place')} seen whole.` : `No: ${unseen.length} of ${counted(sights.length, 'place')} not.`, html`${unseen.slice(0, MOST_UNSEEN).map((sight) => html`<p><strong>${sight.what}</strong>: ${sight.words}${toDo(sight, places)}</p>`)}${unseen.length > MOST_UNSEEN && html`<p>and ${unseen.length - MOST_UNSEEN} more, below</p>`}`)}
</ul>`;
};

const headline = ({ broken, next, unseen }: BoardModel): string => {
  const state = broken.count === 0 ? 'Nothing is broken' : `${broken.count.toLocaleString('en-US')} broken`;
  const ahead = next.count === 0 ? 'nothing ends soon' : `${counted(next.count, 'end')} within 180 days`;
  return `${state}, ${ahead}${unseen.length === 0 ? '' : ', and not everything is seen'}`;
};

const card = (severity: Severity, question: string, answer: string, more: Html): Html =>
  html`<li class="card ${severity}"><h2><span class="mark ${severity}" aria-hidden="true">${SEVERITIES[severity].mark}</span> ${question}</h2><p>${answer}</p>${more}</li>`;

const brokenLine = (item: Item, places: Places): Html =>
  html`<p>${itemLink(item, places)}: ${standing(item)}${item.kind in CREDENTIAL_KINDS ? '' : ` (${item.kind})`}. Whose: ${ownerLink(item.owner, places)}.</p>`;
