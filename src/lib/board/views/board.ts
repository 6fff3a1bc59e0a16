import { SEVERITIES } from '../../credentials/severities.ts';
import { type Html, html, link } from '../../web/html.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import { isFiltered } from '../rules/query.ts';
import { findingsList } from './findings.ts';
import { filterForm, list } from './list.ts';
import { ownersTable } from './owners.ts';
import {
  actionOf,
  gapsOf,
  NO_PLACES,
  notesOf,
  PATHS,
  type Places,
  sentence,
  standing,
  timeOf,
  utcOf,
} from './parts.ts';
import { questions } from './questions.ts';
import { timeline } from './timeline.ts';

/** The board: the questions first, then the list; where a filter is given, the list alone. */
export const boardView = (model: BoardModel, places: Places): Html => {
  const rows = html`${filterForm(model)}${list(model, places)}`;
  if (isFiltered(model.query) || model.query.page > 1)
    return html`<h1>Board</h1>${gapsOf(model)}${rows}<p>${link('The whole board', PATHS.board)}</p>`;
  return html`${questions(model, places)}${notesOf(model)}${timeline(model.weeks, places)}${rows}${coverageTable(model, places)}${places.workbook !== undefined && html`<p>${link('The workbook', places.workbook)} has what telemetry says over time.</p>`}`;
};

const MOST_ROWS = 100;

/** What is seen and what not, the worst first. */
const coverageTable = ({ coverage, unseen, nowEpochMs }: BoardModel, places: Places): Html => {
  const shown = [...unseen, ...coverage.filter((one) => !unseen.includes(one))].slice(0, MOST_ROWS);
  return html`<section aria-labelledby="seen"><h2 id="seen">What Keywatch sees</h2>
<table class="stacks"><caption>Every vault, directory and job${coverage.length > MOST_ROWS && `; ${MOST_ROWS} of ${coverage.length}, what is not seen first`}.</caption>
<thead><tr><th scope="col">What</th><th scope="col">How it went</th><th scope="col">Last seen whole</th></tr></thead>
<tbody>${shown.map(({ what, severity, words, action, rule, completeEpochMs }) => html`<tr><th scope="row">${what}</th><td>${standing({ severity, mark: SEVERITIES[severity].mark, words: action === undefined ? words : sentence(words) })}${actionOf({ action, rule }, places)}</td><td>${timeOf(completeEpochMs, nowEpochMs)}</td></tr>`)}</tbody></table></section>`;
};

/** Everything in one file, for whoever has no way to the board. */
export const reportView = (model: BoardModel): Html =>
  html`${questions(model, NO_PLACES)}<p class="soft">As of ${utcOf(model.nowEpochMs)}, from the metadata of credentials alone: no value was read.</p>
${timeline(model.weeks, NO_PLACES)}${list(model, NO_PLACES)}
<h2>Owners</h2>${ownersTable(model, NO_PLACES)}<h2>Findings</h2>${findingsList(model, NO_PLACES)}${coverageTable(model, NO_PLACES)}`;
