import { counted } from '../../kernel/humanTime.ts';
import { type Html, html, link, type Value } from '../../web/html.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import { gapsOf, ownerLink, type Places, timeOf } from './parts.ts';

const MOST_OWNERS = 200;

const calendarLink = (address: string | undefined): Value =>
  address !== undefined && html` ${link('calendar', address)}`;

/** Whose everything is, whose work there is most of first. */
export const ownersTable = ({ owners, nowEpochMs }: BoardModel, places: Places): Html =>
  html`<table class="stacks"><caption>${counted(owners.length, 'owner')}, whose work there is most of first${owners.length > MOST_OWNERS && `; the first ${MOST_OWNERS}`}.</caption>
<thead><tr><th scope="col">Owner</th><th scope="col">Broken</th><th scope="col">Needs attention</th><th scope="col">Findings</th><th scope="col">All</th><th scope="col">Next end</th></tr></thead>
<tbody>${owners.slice(0, MOST_OWNERS).map((one) => html`<tr><th scope="row">${ownerLink(one.owner, places)}</th><td>${one.broken} <span class="unit">broken</span></td><td>${one.attention} <span class="unit">to attend to</span></td><td>${one.findings} <span class="unit">${one.findings === 1 ? 'finding' : 'findings'}</span></td><td>${one.all} <span class="unit">in all</span></td><td><span class="unit">next end </span>${timeOf(one.nextEpochMs, nowEpochMs)}${calendarLink(places.calendar(one.owner))}</td></tr>`)}</tbody></table>`;

export const ownersView = (model: BoardModel, places: Places): Html =>
  html`<h1>Owners</h1>${gapsOf(model)}${ownersTable(model, places)}`;
