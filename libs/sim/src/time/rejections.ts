/**
 * Tells of each rejection that nobody takes: production would end by it. Node looks for them between two turns of its loop.
 * @returns what ends that
 */
export function takeRejections(failed: (error: unknown) => void): () => void {
  process.on('unhandledRejection', failed);
  return () => void process.off('unhandledRejection', failed);
}
