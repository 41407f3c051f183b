/** The members that a change gives: a partial update must not touch the others. */
export function givenOf<Members extends object>(
  changes: {
    [Name in keyof Members]?: Members[Name] | undefined;
  },
): Partial<Members> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Members>; // `fromEntries` forgets the names.
}
