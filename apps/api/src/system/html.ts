const markup = Symbol('markup');

/**
 * Markup, which goes into a page as it is. Only `html` makes it, so text from elsewhere cannot pass for it.
 */
export type Html = { readonly [markup]: string };

type Part = string | number | Html | readonly Part[];

/**
 * A template of markup in which every interpolation is escaped, unless `html` made it: a new one cannot be
 * left unescaped by forgetting. Holds for element content and for quoted attributes.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    [markup]: template.reduce((before, text, index) => before + markupOf(parts[index - 1] ?? '') + text),
  };
}

/** Puts `separator` between the parts. */
export function join(parts: readonly Part[], separator: string): Part {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

/** The text of a finished page. */
export function render(page: Html): string {
  return page[markup];
}

function markupOf(part: Part): string {
  if (Array.isArray(part)) return part.map(markupOf).join('');
  if (typeof part === 'object' && markup in part) return part[markup];
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
