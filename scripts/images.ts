import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runFirstTime } from '../src/cli/local/firstRun.ts';
import { startApp } from '../src/cli/local/startApp.ts';
import { runScan } from '../src/cli/scan.ts';
import { scanner } from '../src/lib/app/scanner.ts';
import type { Terminal } from '../src/lib/kernel/terminal.ts';
import { type Html, html } from '../src/lib/web/html.ts';
import { fileText } from '../src/lib/web/page.ts';
import { pathOf } from '../src/lib/web/rules/routes.ts';
import { people } from '../src/local/seed/people.ts';
import { type BrowserPage, startChromium } from '../test/e2e/chromium.ts';
import { type Look, look } from '../test/e2e/pageChecks.ts';

/** `npm run docs:images`: the pictures of docs/images, from the seeded company as it is today. Needs Chromium. */
const FOLDER = join(import.meta.dirname, '../docs/images');
const MOST_BYTES = 150_000;
const COLUMNS = 132;
const TERMINAL_ROWS = 24;

const lines: string[] = [];
const terminal: Terminal = {
  hasColour: true,
  width: COLUMNS,
  print: (line) => void lines.push(line),
  async printAll(all) {
    lines.push(...all);
  },
  note: (line) => console.error(line),
  progress: () => undefined,
};

const CLASSES: Readonly<Record<string, string>> = { 31: 'error', 32: 'ok', 33: 'warning', 90: 'soft' };

/** A line with the colours of a terminal, in those of a page. */
const painted = (line: string): Html => {
  const [first = '', ...parts] = line.split('\u001b[');
  return html`${first}${parts.map((part) => {
    const code = part.slice(0, part.indexOf('m'));
    const text = part.slice(part.indexOf('m') + 1);
    return code === '1'
      ? html`<strong>${text}</strong>`
      : html`<span class="${CLASSES[code] ?? ''}">${text}</span>`;
  })}
`;
};

/** Saves what is on the screen, or one element of it. */
const save = async (page: BrowserPage, name: string, element?: string): Promise<void> => {
  const rectangle = `(() => { const { x, y, width, height } = document.querySelector('${element}').getBoundingClientRect(); return { x, y, width, height, scale: 1 }; })()`;
  const clip = element && { clip: await page.evaluate(rectangle) };
  const { data } = await page.call('Page.captureScreenshot', { format: 'webp', quality: 85, ...clip });
  const bytes = Buffer.from(String(data), 'base64');
  if (bytes.length > MOST_BYTES)
    throw new Error(`${name} has ${bytes.length} bytes, more than ${MOST_BYTES}`);
  writeFileSync(join(FOLDER, name), bytes);
  console.log(`docs/images/${name}: ${bytes.length} bytes`);
};

const ends: (() => unknown)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'keywatch-images-'));
ends.push(() => rmSync(folder, { recursive: true, force: true }));
try {
  const wanted = { once: false, days: 0, folder: join(folder, 'data'), port: 0 };
  const { app, clock, failures } = await startApp(wanted, terminal);
  ends.push(() => app.close());
  await runFirstTime(app, clock, terminal, { failures });
  const report = join(folder, 'report.html');
  await runScan(await scanner(), terminal, { format: { html: report }, failOn: 'never' }, clock.nowEpochMs());
  const from = lines.findIndex((line) => line.includes('STATUS'));
  const shown = lines.slice(from, from + TERMINAL_ROWS);
  const screen = join(folder, 'terminal.html');
  writeFileSync(
    screen,
    fileText({ title: 'Terminal', main: html`<h1>Terminal</h1><pre>${shown.map(painted)}</pre>` }),
  );

  const { newPage } = await startChromium((close) => ends.push(close), { isDrawn: true });
  const page = await newPage();
  await page.call('Emulation.setScrollbarsHidden', { hidden: true });
  const wide: Look = { width: 1280, height: 800 };
  await page.open(`${app.url}${pathOf('board')}`);
  await page.click(people[0]?.name ?? '');
  mkdirSync(FOLDER, { recursive: true });
  await look(page, wide);
  await save(page, 'board-light.webp');
  await look(page, { ...wide, scheme: 'dark' });
  await save(page, 'board-dark.webp');
  await look(page, { width: 360, height: 720 });
  await save(page, 'board-phone.webp');
  await look(page, wide);
  await page.open(pathToFileURL(report).href);
  await save(page, 'report.webp');
  await look(page, { ...wide, scheme: 'dark' });
  await page.open(pathToFileURL(screen).href);
  await save(page, 'terminal.webp', 'pre');
} finally {
  for (const end of ends.reverse()) await end();
}
process.exit();
