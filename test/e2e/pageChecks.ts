import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserPage } from './chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Shows a page as on a screen of this size, in this scheme. */
export const look = async (page: BrowserPage, { width, height = 800, scheme = 'light' }: Look) => {
  const screen = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
  await page.call('Emulation.setDeviceMetricsOverride', screen);
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await page.call('Emulation.setEmulatedMedia', { features });
};

/** What may be new on a page that was judged before in another look. */
type Changed = 'everything' | 'layout' | 'colours';

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const BUT_COLOURS = Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }]));

/** Rows that differ from an earlier one in their words alone: it has all of their colours. */
const REPEATED_ROWS = `(() => {
  const kinds = new Set();
  return [...document.querySelectorAll('tbody tr')].filter((row) => {
    const kind = [row, ...row.querySelectorAll('*')].map((one) => one.tagName + '.' + one.className).join(' ');
    return kinds.size === kinds.add(kind).size;
  });
})()`;
const COLOURS = `axe.run({ exclude: ${REPEATED_ROWS} }, { runOnly: ${JSON.stringify(COLOUR_RULES)} })`;
const runs = (options: object) => `axe.run(${JSON.stringify({ ...options, resultTypes: ['violations'] })})`;
const RUNS: Readonly<Record<Changed, readonly string[]>> = {
  everything: [runs({ runOnly: TAGS })],
  layout: [runs({ runOnly: TAGS, rules: BUT_COLOURS }), COLOURS],
  colours: [COLOURS],
};

/** What people with a screen reader, a keyboard or weak eyes cannot use: WCAG 2.2 A and AA, and good practice. */
export const violationsOf = async (page: BrowserPage, changed: Changed = 'everything'): Promise<unknown> => {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE);
  return page.evaluate(`(async () => {
    const found = [];
    for (const run of [${RUNS[changed].map((run) => `() => ${run}`).join()}])
      found.push(...(await run()).violations);
    return found.map(({ id, help, nodes }) => [id, help, ...nodes.slice(0, 3).map(({ html }) => html)]);
  })()`);
};

/** By how many pixels the page is wider than its screen. */
export const overflowOf = async (page: BrowserPage): Promise<number> =>
  Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));

const STOPS = 'a[href],button,input:not([type=hidden]),select,[tabindex="0"]';

/** Tabs through all of a page: how often a stop was out of order, out of sight, or showed no focus; and how many there were. */
export const tabThrough = async (page: BrowserPage) => {
  const count = Number(await page.evaluate(`document.querySelectorAll('${STOPS}').length`));
  const faults: unknown[] = [];
  for (let index = 0; index < count; index++) {
    await page.press('Tab');
    const fault = await page.evaluate(`(() => {
      const stop = document.activeElement;
      const { top, bottom, left, right } = stop.getBoundingClientRect();
      const isHere = stop === document.querySelectorAll('${STOPS}')[${index}];
      const isSeen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
      const isMarked = getComputedStyle(stop).outlineStyle !== 'none';
      return isHere && isSeen && isMarked ? null : [${index}, stop.outerHTML.slice(0, 200), isHere, isSeen, isMarked];
    })()`);
    if (fault !== null) faults.push(fault);
  }
  return { count, faults };
};
