/** A mistake in how a command was called: shown as it is, without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
