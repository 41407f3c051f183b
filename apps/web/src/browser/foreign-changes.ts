/**
 * Keeps React working on a page that others change: a translation wraps text in `<font>`, an extension removes or moves
 * elements. React then removes a node from, or inserts one into, a parent that no longer has it, and the DOM throws
 * (react/react#11538), which would take the whole page down.
 */
export function tolerateForeignChanges(prototype: Node) {
  const { removeChild, insertBefore } = prototype;

  prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    const present = childWith(this, child);
    if (present) removeChild.call(this, present);
    return child;
  };

  prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    insertBefore.call(this, node, before && childWith(this, before));
    return node;
  };
}

/** The child of `parent` that is `node` or has it inside; null if `node` is elsewhere. */
function childWith(parent: Node, node: Node): Node | null {
  let child: Node | null = node;
  while (child && child.parentNode !== parent) child = child.parentNode;
  return child;
}
