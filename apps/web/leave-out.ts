import { type ESTree, type Plugin, parseSync } from 'vite';

/** What the browser's bundle lacks of a dependency. */
export type Leftovers = {
  /** The dependency, for messages. */
  readonly from: string;
  readonly files: RegExp;
  /** Functions and constants at the top of these files. */
  readonly names: readonly string[];
};

/**
 * Leaves out of the browser's bundle what the app never calls of a dependency, where no bundler can know it because the
 * rest refers to it. A named thing throws if it is called after all. A name that the files do not have fails the build, so
 * that an update of the dependency is noticed.
 */
export function leaveOut({ from, files, names }: Leftovers): Plugin {
  const missing = new Set<string>();
  return {
    name: `leave-out-of-${from}`,
    apply: 'build',
    buildStart() {
      for (const name of names) missing.add(name);
    },
    transform: {
      filter: { id: files },
      handler(code, id) {
        const parts = parseSync(id, code)
          .program.body.flatMap(partsOf)
          .filter(({ name }) => names.includes(name));
        for (const { name } of parts) missing.delete(name);
        return parts.length === 0 ? undefined : { code: without(code, parts, from), map: null };
      },
    },
    buildEnd(error) {
      if (!error && missing.size > 0) this.error(`${from} has no ${[...missing].join(', ')} to leave out`);
    },
  };
}

/** The code of a named thing, and what stands in its place. */
type Part = { readonly name: string; readonly start: number; readonly end: number; readonly instead: string };

/** A function's body, the value of a constant, or a statement that gives either a member. */
function partsOf(statement: ESTree.Program['body'][number]): Part[] {
  const declared =
    statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
  if (declared.type === 'FunctionDeclaration' && declared.id && declared.body)
    return [{ ...declared.body, name: declared.id.name, instead: '{ leftOut(); }' }];
  if (declared.type === 'VariableDeclaration')
    return declared.declarations.flatMap(({ id, init }) =>
      id.type === 'Identifier' && init ? [{ ...init, name: id.name, instead: 'leftOut' }] : [],
    );
  if (declared.type !== 'ExpressionStatement' || declared.expression.type !== 'AssignmentExpression')
    return [];
  const name = ownerOf(declared.expression.left);
  return name === undefined ? [] : [{ ...declared, name, instead: '' }];
}

/** `Form` of `Form.displayName` and of `Form.prototype.send`. */
function ownerOf(place: ESTree.Node): string | undefined {
  if (place.type !== 'MemberExpression') return undefined;
  return place.object.type === 'Identifier' ? place.object.name : ownerOf(place.object);
}

function without(code: string, parts: readonly Part[], from: string): string {
  // From the end, so that the places of what comes before stay true; with the line ends, so that those of lines do.
  const rest = parts.toReversed().reduce((text, { start, end, instead }) => {
    const lineEnds = text.slice(start, end).replaceAll(/[^\n]/g, '');
    return `${text.slice(0, start)}${instead}${lineEnds}${text.slice(end)}`;
  }, code);
  return `${rest}\nfunction leftOut() { throw new Error('The build leaves this part of ${from} out.'); }\n`;
}
