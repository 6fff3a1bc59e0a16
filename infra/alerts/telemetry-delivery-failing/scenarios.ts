import { type Crowd, metric } from '../../../test/infra/crowd.ts';
import { day, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  metric('telemetry.undelivered', { deployment: `d-${n}`, httpStatus: '403' }),
];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'telemetry was refused four times within the hour',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', 20, 4),
    fires: { 'telemetry-delivery-failing': [{ HttpStatus: '403' }] },
    says: { digest: /"Open":"refusals of telemetry: 1".*"answered 403"/ },
  },
  {
    name: 'one batch was refused',
    spares: ['telemetry-delivery-failing'],
    happened: (t) => t.metric('keywatch.telemetry.undelivered', 20, 1),
    fires: {},
  },
  {
    name: 'many batches were refused yesterday',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', day, 40),
    fires: {},
  },
  {
    name: 'batches were refused for three reasons, two for each',
    happened: (t) => {
      for (const httpStatus of [403, 429, 503]) t.metric('keywatch.telemetry.undelivered', 20, 2, httpStatus);
    },
    fires: { 'telemetry-delivery-failing': [{ HttpStatus: '0, 408, 429 or 5xx' }] },
  },
];
