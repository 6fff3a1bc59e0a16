import { counted } from '../../kernel/humanTime.ts';
import { type Html, html } from '../../web/html.ts';
import { TIMELINE_DAYS, type Week } from '../rules/boardModel.ts';
import type { Places } from './parts.ts';

const WIDTH = 1_180;
const HEIGHT = 150;
const FOOT = 34;
const HEAD = 18;

/** What ends soon, a bar a week. The same is in the list, so that nobody needs to see it. */
export const timeline = (weeks: readonly Week[], places: Places): Html => {
  const most = Math.max(1, ...weeks.map(({ count }) => count));
  const step = WIDTH / weeks.length;
  const all = weeks.reduce((sum, { count }) => sum + count, 0);
  const scale = (count: number): number => Math.round(((HEIGHT - FOOT - HEAD) * count) / most);
  const bars = weeks.map((week, index) => bar(week, { x: Math.round(index * step), step, scale, places }));
  const months = weeks.flatMap(({ from }, index) =>
    index === 0 || from.slice(0, 7) !== weeks[index - 1]?.from.slice(0, 7)
      ? [html`<text x="${Math.round(index * step)}" y="${HEIGHT - 4}">${monthOf(from)}</text>`]
      : [],
  );
  return html`<section aria-labelledby="ahead"><h2 id="ahead">The next ${TIMELINE_DAYS} days</h2>
<p class="soft">${counted(all, 'end')}, a bar a week; the solid part already asks for attention.</p>
<div class="wide" tabindex="0" role="group" aria-label="Ends by week"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" xmlns="http://www.w3.org/2000/svg">
<path class="line" d="M0 ${HEIGHT - FOOT}H${WIDTH}"/>${bars}${months}</svg></div></section>`;
};

const MONTH = new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' });

/** The month of a day, with the year where that begins. */
const monthOf = (day: string): string =>
  `${MONTH.format(Date.parse(day))}${day.slice(5, 7) === '01' ? ` ${day.slice(0, 4)}` : ''}`;

interface BarPlace {
  readonly x: number;
  readonly step: number;
  readonly scale: (count: number) => number;
  readonly places: Places;
}

const bar = ({ from, count, attention }: Week, { x, step, scale, places }: BarPlace): Html => {
  if (count === 0) return html``;
  const words = `Week from ${from}: ${counted(count, 'end')}, ${attention} of them asking for attention`;
  const width = Math.round(step) - 4;
  const [whole, dark] = [scale(count), scale(attention)];
  const foot = HEIGHT - FOOT;
  const shape = html`<rect class="soft" x="${x}" y="${foot - whole}" width="${width}" height="${whole}" opacity="0.55"/><rect class="error" x="${x}" y="${foot - dark}" width="${width}" height="${dark}"/><text x="${x}" y="${foot - whole - 4}">${count}</text>`;
  const address = places.list({ week: from });
  return address === undefined
    ? html`<g role="img" aria-label="${words}">${shape}</g>`
    : html`<a href="${address}" aria-label="${words}">${shape}</a>`;
};
