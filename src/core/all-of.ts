/** Promise.all for work that must not be left behind: whoever gives up closes what the others still use. */

/** Waits until every one has ended; then returns their values, or throws the first failure in their order. */
export async function allOf<T>(work: Iterable<Promise<T>>): Promise<T[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
