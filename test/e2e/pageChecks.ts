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

/**
 * Of text that differs from some that was judged in its words alone no contrast is judged again: on the same screen it
 * has the same styles, and so have all elements around it. Of a single sign axe says nothing. Gives the kinds of text
 * that are judged then.
 */
const passOverJudged = (judged: readonly string[]) => `(() => {
  const judged = new Set(${JSON.stringify(judged)}), kinds = new Map();
  const screen = [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches];
  const wordsOf = (one) => one.matches('input, select') ? one.tagName :
    [...one.childNodes].flatMap(({ nodeType, data }) => nodeType === Node.TEXT_NODE ? [data] : []).join('').trim();
  for (const one of document.querySelectorAll('*')) {
    const { color, backgroundColor, backgroundImage, opacity, position, textShadow, fontSize, fontWeight } = getComputedStyle(one);
    const styles = [color, backgroundColor, backgroundImage, opacity, position, textShadow, fontSize, fontWeight];
    const kind = [kinds.get(one.parentElement) ?? screen, one.tagName, one.getAttribute('class'), ...styles].join();
    const { length } = wordsOf(one);
    kinds.set(one, kind);
    one.toggleAttribute('data-judged', length === 1 || judged.has(kind));
    if (length > 1 && one.checkVisibility()) judged.add(kind);
  }
  axe.configure({ rules: [{ id: 'color-contrast', selector: '*:not([data-judged])' }] });
  return [...judged];
})()`;

/** Kinds of text in whose contrast nothing was found. */
let judgedKinds: readonly string[] = [];

/**
 * What people with a screen reader, a keyboard or weak eyes cannot use: WCAG 2.2 A and AA, and good practice.
 * @param changed what may be new since the same document was judged in another look
 */
export const violationsOf = async (
  page: BrowserPage,
  changed: keyof typeof RUN_ONLY = 'everything',
): Promise<readonly unknown[]> => {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE);
  const options = { runOnly: RUN_ONLY[changed], resultTypes: ['violations'] };
  const { violations, kinds } = (await page.evaluate(`(async () => {
    const kinds = ${passOverJudged(judgedKinds)};
    const { violations } = await axe.run(${JSON.stringify(options)});
    return { kinds, violations: violations.map(({ id, help, nodes }) => [id, help, ...nodes.slice(0, 3).map(({ html }) => html)]) };
  })()`)) as { readonly violations: readonly unknown[]; readonly kinds: readonly string[] };
  if (violations.length === 0) judgedKinds = kinds;
  return violations;
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
