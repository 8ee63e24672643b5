/** Ranks from 1, equal values sharing the mean of theirs; NaN has none and stays NaN. */
export function averageRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys())
    .filter((row) => !Number.isNaN(values[row]))
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (const row of order.slice(start, end)) ranks[row] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Pearson's correlation over the rows where both are numbers; null where one of them does not vary. */
export function correlation(a: Float64Array, b: Float64Array): number | null {
  const rows = Array.from(a.keys()).filter((row) => !Number.isNaN(a[row]) && !Number.isNaN(b[row]));
  const meanOf = (values: Float64Array): number =>
    rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (const row of rows) {
    const left = (a[row] as number) - meanA;
    const right = (b[row] as number) - meanB;
    both += left * right;
    squaresA += left * left;
    squaresB += right * right;
  }
  return squaresA > 0 && squaresB > 0 ? both / Math.sqrt(squaresA * squaresB) : null;
}
