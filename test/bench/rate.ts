/** How long writes are counted: long enough for some hundred fsyncs one after another. */
const PERIOD_MS = 600;

/** How often a second `act` is done by so many callers, each beginning again as soon as it was answered. */
export async function rateOf(
  callers: number,
  act: (caller: number, turn: number) => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const run = async (caller: number): Promise<void> => {
    for (let turn = 0; performance.now() - begun < PERIOD_MS; turn += 1) {
      await act(caller, turn);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => run(caller)));
  return (done * 1_000) / (performance.now() - begun);
}
