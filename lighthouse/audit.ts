import lighthouse, { desktopConfig } from 'lighthouse';
import type { Page } from 'puppeteer-core';

export const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
export type Category = (typeof categories)[number];
export const forms = ['mobile', 'desktop'] as const;
export type Form = (typeof forms)[number];

/** What Lighthouse finds on a page: scores from 0 to 100, and the titles of the audits that lowered each. */
export type Verdict = {
  readonly scores: Readonly<Record<Category, number>>;
  readonly reasons: Readonly<Record<Category, readonly string[]>>;
};

/**
 * Opens the address in the page and judges it. Lighthouse empties the caches before, and leaves cookies and
 * localStorage as they are, so a page that is signed in stays signed in. Throws if the address was not judged.
 */
export async function audit(page: Page, url: string, form: Form): Promise<Verdict> {
  const config = form === 'desktop' ? desktopConfig : undefined;
  const result = await lighthouse(url, { onlyCategories: [...categories], logLevel: 'error' }, config, page);
  if (!result) throw new Error(`Lighthouse has no result for ${url}`);
  const { lhr } = result;
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
  const found = categories.map((category) => {
    const { score, auditRefs = [] } = lhr.categories[category] ?? {};
    if (typeof score !== 'number') throw new Error(`${url} has no score for ${category}`);
    const low = auditRefs
      .filter(({ weight }) => weight > 0)
      .flatMap(({ id }) => lhr.audits[id] ?? [])
      .filter((each) => each.score !== null && each.score < 0.9)
      .map(({ title, displayValue }) => (displayValue ? `${title} ${displayValue}` : title));
    return { category, score: Math.round(score * 100), low };
  });
  return {
    scores: recordOf(found.map(({ category, score }) => [category, score])),
    reasons: recordOf(found.map(({ category, low }) => [category, low])),
  };
}

/** The median of each score, with the reasons of the last verdict. */
export function medianOf(verdicts: readonly [Verdict, ...Verdict[]]): Verdict {
  const last = verdicts.at(-1) ?? verdicts[0];
  const median = (category: Category) => {
    const sorted = verdicts.map(({ scores }) => scores[category]).sort((one, other) => one - other);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  };
  return { ...last, scores: recordOf(categories.map((category) => [category, median(category)])) };
}

function recordOf<Value>(entries: readonly (readonly [Category, Value])[]): Record<Category, Value> {
  return Object.fromEntries(entries) as Record<Category, Value>; // `entries` has one for each category
}
