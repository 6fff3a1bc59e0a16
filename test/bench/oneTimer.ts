import { app, type InvocationContext } from '@azure/functions';

/** The smallest app there is: what loading the bundle is divided by. */
app.timer('oneTimer', {
  schedule: '0 7 * * * *',
  handler: (_timer: unknown, context: InvocationContext): void => context.log('run'),
});
