// Loaded into each process of `npm run test:later` before anything else; src/ knows nothing of it.
import { dateAhead } from './dateAhead.ts';
import { DAYS_AHEAD } from './daysAhead.ts';

// The monotonic clock and the timers stay as they are: how long something takes is no question of the day.
globalThis.Date = dateAhead(Date, DAYS_AHEAD * 86_400_000);
Object.defineProperty(Date.prototype, 'constructor', { value: Date });
