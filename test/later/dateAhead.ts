/**
 * A `Date` like the given one whose clock is ahead. Only what reads the clock differs: `new Date()`, `Date()`
 * and `Date.now()`. Instances are those of the original, so that `instanceof` holds either way.
 */
export const dateAhead = (RealDate: DateConstructor, aheadMs: number): DateConstructor => {
  const now = (): number => RealDate.now() + aheadMs;
  function DateAhead(...given: unknown[]): object | string {
    if (new.target === undefined) return new RealDate(now()).toString();
    const made = new.target === DateAhead ? RealDate : new.target;
    return Reflect.construct(RealDate, given.length === 0 ? [now()] : given, made);
  }
  Object.setPrototypeOf(DateAhead, RealDate);
  Object.defineProperties(DateAhead, {
    name: { value: RealDate.name },
    length: { value: RealDate.length },
    prototype: { value: RealDate.prototype },
  });
  return Object.assign(DateAhead, { now }) as unknown as DateConstructor;
};
