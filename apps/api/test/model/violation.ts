/** A promise of the protocol that a schedule has seen broken. */
export class Violation extends Error {
  override name = 'Violation' as const;
}
