import { app } from '@azure/functions';
import { invokeWithin } from '../lib/app/compose.ts';

/** What a function tells has the operation id of its invocation: from a failed request to its events and back. */
app.hook.preInvocation((context) => {
  const { functionHandler } = context;
  context.functionHandler = (input, invocation) =>
    invokeWithin(invocation.traceContext?.traceParent, () => functionHandler(input, invocation));
});
