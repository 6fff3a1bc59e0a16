import { FINDINGS } from '../../credentials/findings.ts';
import { counted } from '../../kernel/humanTime.ts';
import { type Html, html, link } from '../../web/html.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import { gapsOf, itemLink, ownerLink, type Places, prose } from './parts.ts';

const MOST_EACH = 10;

/** Every finding that there is, with its fix and whose it is. */
export const findingsList = ({ findings }: BoardModel, places: Places): Html =>
  html`<p>${findings.length === 0 ? 'There are none.' : 'Each says what to change. What is broken already is a status and no finding: the list by urgency has it first.'}</p>
${findings.map(({ code, items }) => {
  const { title, meaning, fix } = FINDINGS[code];
  const more = items.length - MOST_EACH;
  return html`<section><h3>${title} <span class="soft">${counted(items.length, 'time')}</span></h3>
<p>${prose(meaning)}</p><p><strong>Fix:</strong> ${prose(fix)}</p>
<ul>${items.slice(0, MOST_EACH).map((item) => html`<li>${itemLink(item, places)}, ${ownerLink(item.owner, places)}: ${item.findings.find((one) => one.code === code)?.detail.slice(0, 400)}</li>`)}
${more > 0 && html`<li>${link(`and ${more.toLocaleString('en-US')} more`, places.list({ finding: code }))}</li>`}</ul></section>`;
})}`;

export const findingsView = (model: BoardModel, places: Places): Html =>
  html`<h1>Findings</h1>${gapsOf(model)}<h2>By kind</h2>${findingsList(model, places)}`;
