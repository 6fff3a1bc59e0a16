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
