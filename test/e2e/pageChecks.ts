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

const RUN_ONLY = {
  everything: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  colours: ['color-contrast', 'link-in-text-block'],
};

/** Of rows that differ from an earlier one in their words alone, and look as it does, no contrast is judged again. */
const PASS_OVER_REPEATED_ROWS = `(() => {
  const kinds = new Set();
  const kindOf = (one) => {
    const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(one);
    return [one.tagName, one.className, color, backgroundColor, opacity, fontSize, fontWeight].join();
  };
  for (const row of document.querySelectorAll('tbody tr')) {
    const all = [row, ...row.querySelectorAll('*')];
    const isRepeated = kinds.size === kinds.add(all.map(kindOf).join(' ')).size;
    for (const one of all) one.toggleAttribute('data-repeated', isRepeated);
  }
  axe.configure({ rules: [{ id: 'color-contrast', selector: '*:not([data-repeated])' }] });
})()`;

const judged = new WeakSet<BrowserPage>();

/**
 * What people with a screen reader, a keyboard or weak eyes cannot use: WCAG 2.2 A and AA, and good practice.
 * @param changed what may be new since the same document was judged in another look
 */
export const violationsOf = async (
  page: BrowserPage,
  changed: keyof typeof RUN_ONLY = 'everything',
): Promise<unknown> => {
  if (!judged.has(page)) {
    // Handed over once, and run anew in each document that comes.
    judged.add(page);
    await page.call('Page.addScriptToEvaluateOnNewDocument', { source: AXE });
    await page.evaluate(AXE);
  }
  const options = { runOnly: RUN_ONLY[changed], resultTypes: ['violations'] };
  return page.evaluate(`(async () => {
    ${PASS_OVER_REPEATED_ROWS};
    const { violations } = await axe.run(${JSON.stringify(options)});
    return violations.map(({ id, help, nodes }) => [id, help, ...nodes.slice(0, 3).map(({ html }) => html)]);
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
