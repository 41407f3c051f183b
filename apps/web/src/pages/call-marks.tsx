import { classNames } from '../ui/class-names.ts';
import type { Entry } from './exchange-entries.ts';

type Mark = { readonly name: 'preflight' | 'request' | 'cookie'; readonly isRefused: boolean };

/** A dot for each part of a call that is known to have happened: preflight, request, cookie. */
export function CallMarks({ entry }: { entry: Entry }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-x-2.5">
      {marksOf(entry).map(({ name, isRefused }) => (
        <span key={name} className="inline-flex items-center gap-1">
          <span
            aria-hidden
            className={classNames(
              'size-2 rounded-full forced-colors:bg-[CanvasText]',
              isRefused ? 'bg-danger' : 'bg-ok',
            )}
          />
          {name}
          {isRefused && <span className="sr-only"> refused</span>}
        </span>
      ))}
    </span>
  );
}

function marksOf({ call, exchange, preflight }: Entry): Mark[] {
  const status = exchange?.status ?? call?.outcome?.status;
  return [
    ...(preflight ? [{ name: 'preflight', isRefused: preflight.grant === undefined } as const] : []),
    ...(status === undefined ? [] : [{ name: 'request', isRefused: status >= 400 } as const]),
    ...(exchange && exchange.cookies.length > 0 ? [{ name: 'cookie', isRefused: false } as const] : []),
  ];
}
