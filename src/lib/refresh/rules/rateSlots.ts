const WINDOW_MS = 600_000;

/** How long after its moment a message may still be taken; then it lapses, and its grant stays due. */
export const SLOT_OPEN_MS = 90_000;

/** From taking a message to its request: waking up, the lease, the proof that the vault can be written. */
const UNDER_WAY_MS = 30_000;

/** The moment of one message. */
export interface RateSlot {
  readonly opensAtEpochMs: number;
  readonly closesAtEpochMs: number;
}

export interface SlotQuestion {
  readonly maxPer10Minutes: number;
  readonly fromEpochMs: number;
  readonly untilEpochMs: number;
}

/**
 * The moments at which a token endpoint may be asked, so that no 10 minutes, whenever they begin, see more
 * than its rate. A request comes at some time between its slot's opening and `SLOT_OPEN_MS +
 * UNDER_WAY_MS` later, so as many slots are spread over 10 minutes and that time. They lie on the
 * clock and not in the run: runs that follow each other, or two hosts with the same run,
 * share them.
 */
export function* rateSlots({
  maxPer10Minutes,
  fromEpochMs,
  untilEpochMs,
}: SlotQuestion): Generator<RateSlot> {
  const spacingMs = (WINDOW_MS + SLOT_OPEN_MS + UNDER_WAY_MS) / maxPer10Minutes;
  for (let slot = Math.ceil(fromEpochMs / spacingMs); slot * spacingMs < untilEpochMs; slot++) {
    const opensAtEpochMs = Math.ceil(slot * spacingMs);
    yield { opensAtEpochMs, closesAtEpochMs: opensAtEpochMs + SLOT_OPEN_MS };
  }
}
