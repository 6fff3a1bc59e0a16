import { createServer } from 'node:http';
import { listen, stop } from '../../src/local/listen.ts';
import { chromiumPath, startChromium } from '../e2e/chromium.ts';
import { median } from './figures.ts';

export interface FirstPaint {
  readonly medianMs: number;
}

/** From the request until the first text is on the screen: of a bare server, so that what the page costs is left. */
const PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') resolve(startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

/** Each page in Chromium, in turns. Empty where there is no Chromium. */
export const firstPaints = async (bodies: readonly string[], times: number): Promise<FirstPaint[]> => {
  if (chromiumPath === undefined) return [];
  const ends: (() => unknown)[] = [];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(bodies[Number(request.url?.slice(1))] ?? '');
  });
  ends.push(() => stop(server));
  try {
    const url = await listen(server, 0);
    const { newPage } = await startChromium((close) => ends.push(close), { isDrawn: true });
    const page = await newPage();
    const paints: number[][] = bodies.map(() => []);
    for (let time = 0; time <= times; time++)
      for (const [index] of bodies.entries()) {
        await page.open(`${url}/${index}`);
        const paintMs = Number(await page.evaluate(PAINT));
        // The first of all is of a browser that only just started.
        if (time > 0) paints[index]?.push(paintMs);
      }
    return paints.map((all) => ({ medianMs: median(all) }));
  } finally {
    for (const end of ends.reverse()) await end();
  }
};
