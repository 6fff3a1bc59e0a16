/**
 * Lives each state once: of a world in which another one has been, the end is known.
 * @param stateOf everything that decides how a world goes on
 */
export const oncePer = <World, End>(
  stateOf: (world: World) => string,
  live: (world: World) => Promise<End>,
): ((world: World) => Promise<End>) => {
  const ends = new Map<string, Promise<End>>();
  return (world) => {
    const state = stateOf(world);
    const end = ends.get(state) ?? live(world);
    ends.set(state, end);
    return end;
  };
};

/** What a text says, read once while it is among the last: of very many worlds the texts are few. */
export const oncePerText = <Said>(read: (text: string) => Said): ((text: string) => Said) => {
  const known = new Map<string, Said>();
  return (text) => {
    const said = known.get(text) ?? read(text);
    if (known.size > 500) known.clear();
    known.set(text, said);
    return said;
  };
};

/** Short names for long texts: equal ones get one number, and only they. */
export const numbered = (): ((text: string) => number) => {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
};
