// Loaded into a process that is to begin at another minute of the hour; its children inherit the environment.
import { dateAhead } from './dateAhead.ts';

globalThis.Date = dateAhead(Date, Number(process.env['MINUTES_AHEAD']) * 60_000);
Object.defineProperty(Date.prototype, 'constructor', { value: Date });
