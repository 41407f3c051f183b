import { classNames } from '../ui/class-names.ts';
import type { Entry } from './exchange-entries.ts';

type Mark = { readonly name: 'preflight' | 'request' | 'cookie'; readonly isRefused: boolean };

type CallMarksProps = {
  entry: Entry;
  /** `spoken`: where there is no room, only screen readers get the names. */
  names: 'shown' | 'spoken';
};

/** A dot for each part of a call that is known to have happened: preflight, request, cookie. */
export function CallMarks({ entry, names }: CallMarksProps) {
  return (
    <span
      className={classNames('inline-flex shrink-0 items-center', names === 'shown' ? 'gap-x-2.5' : 'gap-x-1')}
    >
      {marksOf(entry).map(({ name, isRefused }) => (
        <span key={name} title={name} className="inline-flex items-center gap-1">
          <span
            aria-hidden
            className={classNames(
              'size-2 rounded-full forced-colors:bg-[CanvasText]',
              isRefused ? 'bg-danger' : 'bg-ok',
            )}
          />
          <span className={names === 'shown' ? undefined : 'sr-only'}>{name}</span>
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
