/** The middle one of an odd number of values, the mean of the two in the middle of an even one. */
export const median = (values: readonly number[]): number => {
  const ordered = values.toSorted((a, b) => a - b);
  const upper = ordered[ordered.length >> 1] ?? Number.NaN;
  const lower = ordered[(ordered.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
};

/** The median of one number of each result. */
export const medianOf = <K extends string>(results: readonly Readonly<Record<K, number>>[], of: K): number =>
  median(results.map((result) => result[of]));

export const mib = (bytes: number, digits = 0): string => `${(bytes / 2 ** 20).toFixed(digits)} MiB`;

/** Measures each of `names` in so many rounds, there and back: all of a round meet the same weather on the machine. */
export const inRounds = async <K extends string, T>(
  names: readonly K[],
  rounds: number,
  measure: (name: K, round: number) => Promise<T>,
): Promise<Readonly<Record<K, readonly T[]>>> => {
  const results = Object.fromEntries(names.map((name): [K, T[]] => [name, []])) as Record<K, T[]>;
  for (let round = 1; round <= rounds; round += 1)
    for (const name of round % 2 === 1 ? names : names.toReversed())
      results[name].push(await measure(name, round));
  return results;
};

/** One figure of the report, judged where the project has set itself a goal. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** Absent: printed for the reader, not judged. */
  readonly goal?: { readonly atMost: number; readonly reached: number; readonly unit?: string };
}

export interface Report {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export const ratioFigure = (what: string, reached: number, atMost?: number): Figure => ({
  what,
  value: `${reached.toFixed(2)} x`,
  ...(atMost === undefined ? {} : { goal: { atMost, reached } }),
});

export const isMissed = ({ goal }: Figure): boolean => goal !== undefined && !(goal.reached <= goal.atMost);

/** The report as a Markdown table, ready for docs/benchmarks.md. */
export const markdownOf = ({ title, figures }: Report): string => {
  const rows = figures.map((figure) => {
    const { what, value, goal } = figure;
    const verdict =
      goal === undefined
        ? ''
        : `at most ${goal.atMost} ${goal.unit ?? 'x'}: ${isMissed(figure) ? 'MISSED' : 'met'}`;
    return `| ${what} | ${value} | ${verdict} |`;
  });
  return [`### ${title}`, '', '| figure | measured | goal |', '|---|---|---|', ...rows, ''].join('\n');
};
