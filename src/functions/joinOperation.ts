import { app } from '@azure/functions';
import { inOperation } from '../lib/telemetry/operation.ts';

/** What a function tells has the operation id of its invocation: from a failed request to its events and back. */
app.hook.preInvocation((context) => {
  const { functionHandler } = context;
  context.functionHandler = (input, invocation) =>
    inOperation(invocation.traceContext?.traceParent, () => functionHandler(input, invocation));
});
