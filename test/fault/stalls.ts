/** How long one of two workers stands still, for each class: the lengths at which another rule begins to apply. */
export const STALLS_MS = {
  keeps_old: [61_000],
  'grace 30 s': [61_000],
  strict: [30_000, 61_000, 200_000],
} as const;

/** The other worker may start and end at any time; with the second jump, during the stall too. */
export const jumpsOf = (stallMs: number) => [[stallMs], [stallMs, 1]] as const;
