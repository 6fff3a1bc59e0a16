import { codesOf } from '../../credentials/codesOf.ts';
import { FINDINGS } from '../../credentials/findings.ts';
import { counted } from '../../kernel/humanTime.ts';
import { keysOf } from '../../kernel/keysOf.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import { type Html, html, link, type Value } from '../../web/html.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import { ITEM_KINDS, type Item } from '../rules/items.ts';
import { isFiltered, STATUS_FILTERS, STATUS_GROUPS } from '../rules/query.ts';
import { itemLink, ownerLink, PATHS, type Places, short, standing, timeOf } from './parts.ts';

const MOST_CHOICES = 100;

/** The filter as a form of the address: without a script, and to be kept as a link. */
export const filterForm = ({ query, choices }: BoardModel): Html => {
  const option = (value: string, words: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen && html` selected`}>${words}</option>`;
  const select = (name: 'status' | 'kind' | 'finding', heading: string, options: readonly Value[]): Html =>
    html`<label>${heading}<select name="${name}"><option value="">any</option>${options}</select></label>`;
  const text = (name: 'owner' | 'where', heading: string, values: readonly string[]): Html =>
    html`<label>${heading}<input name="${name}" list="${name}s" value="${query[name]}" maxlength="200"></label><datalist id="${name}s">${values.slice(0, MOST_CHOICES).map((value) => html`<option value="${value}"></option>`)}</datalist>`;
  const statuses = STATUS_FILTERS.map((status) =>
    option(
      status,
      status in STATUS_GROUPS ? STATUS_GROUPS[status as keyof typeof STATUS_GROUPS].words : wordsOf(status),
      query.status,
    ),
  );
  return html`<form method="get" action="${PATHS.board}" role="search" aria-label="Filter">
<label>Search<input type="search" name="q" value="${query.q}" maxlength="200"></label>
${select('status', 'Status', statuses)}
${select(
  'kind',
  'Kind',
  keysOf(ITEM_KINDS).map((kind) => option(kind, wordsOf(kind), query.kind)),
)}
${select(
  'finding',
  'Finding',
  keysOf(FINDINGS).map((code) => option(code, FINDINGS[code].title, query.finding)),
)}
${text('owner', 'Owner', choices.owners)}
${text('where', 'Where', choices.places)}
${query.week !== '' && html`<label>Ends in the week from<input type="date" name="week" value="${query.week}"></label>`}
<button>Show</button>${isFiltered(query) && html` <a href="${PATHS.board}">Show all</a>`}
</form>`;
};

/** The rows of one page, worst first, and the way to the others. */
export const list = (model: BoardModel, places: Places): Html => {
  const { rows, found, query, pages, nowEpochMs } = model;
  const range =
    found === 0
      ? isFiltered(query)
        ? 'Nothing is like that.'
        : 'Nothing yet.'
      : `${counted(found, 'row')}, worst first; ${pages > 1 ? `page ${query.page} of ${pages}` : `all of them`}.`;
  return html`<section aria-labelledby="list"><h2 id="list">${isFiltered(query) ? 'What the filter lets through' : 'Everything'}, by urgency</h2>
<table class="stacks"><caption>${range}</caption>
<thead><tr><th scope="col">Status</th><th scope="col">Name</th><th scope="col">Where</th><th scope="col">Kind</th><th scope="col">Ends</th><th scope="col">Owner</th><th scope="col">Findings</th></tr></thead>
<tbody>${rows.map((item) => row(item, places, nowEpochMs))}</tbody></table>
${pager(model, places)}</section>`;
};

const row = (item: Item, places: Places, nowEpochMs: number): Html => {
  const codes = codesOf(item);
  return html`<tr><td>${standing(item)}</td><th scope="row">${itemLink(item, places)}</th><td>${short(item.where)}</td><td>${wordsOf(item.kind)}</td><td>${item.endsEpochMs === undefined && item.credential !== undefined ? 'never' : timeOf(item.endsEpochMs, nowEpochMs)}</td><td class="whose">${ownerLink(item.owner, places)}</td><td>${codes.map((code) => FINDINGS[code].title).join(', ')}</td></tr>`;
};

const pager = ({ query, pages, windows }: BoardModel, places: Places): Html => {
  const to = (words: string, changed: Partial<typeof query>, isThere: boolean): Value =>
    isThere && html`<li>${link(words, places.list({ ...query, ...changed }))}</li>`;
  if (pages === 1 && windows === 1) return html``;
  return html`<nav aria-label="Pages"><ul>
${to('Previous page', { page: query.page - 1 }, query.page > 1)}
${to('Next page', { page: query.page + 1 }, query.page < pages)}
${to('More urgent credentials', { page: 1, window: query.window - 1 }, query.window > 1)}
${to('Less urgent credentials', { page: 1, window: query.window + 1 }, query.window < windows)}
</ul></nav>`;
};
