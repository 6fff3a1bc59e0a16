/** How bad something is, and the mark in front of it where nothing more exact has one of its own; colour only repeats it. */
export const SEVERITIES = {
  error: { mark: '✗' },
  warning: { mark: '▲' },
  ok: { mark: '✓' },
  none: { mark: '-' },
} as const;

export type Severity = keyof typeof SEVERITIES;
