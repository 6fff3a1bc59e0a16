import { type Crowd, refused } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => refused('AppRequests', { OperationName: `GET /${n}` });

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'requests to one operation are refused, those to another are not',
    happened: (t) => {
      t.requests('/orders', 5 * hour, { ok: 300, refused: 2 });
      t.requests('/orders', 5, { ok: 40, refused: 20 });
      t.requests('/health', 5, { ok: 60 });
    },
    fires: { 'requests-401-spike': [{ OperationName: 'GET /orders' }] },
  },
  {
    name: 'an operation of few requests that used to succeed is refused altogether',
    happened: (t) => {
      t.requests('/invoices', 5 * hour, { ok: 40 });
      t.requests('/invoices', 5, { refused: 12 });
      t.requests('/guessed', 5, { refused: 12 });
    },
    fires: { 'requests-401-spike': [{ OperationName: 'GET /invoices' }] },
  },
];
