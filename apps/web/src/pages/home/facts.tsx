import { classNames } from '../../ui/class-names.ts';

type FactsProps = { facts: readonly (readonly [name: string, value: string])[]; className?: string };

/** Names with their values. A value breaks within a word only where the word is wider than the list. */
export function Facts({ facts, className }: FactsProps) {
  return (
    <dl className={classNames('grid gap-1.5 text-sm', className)}>
      {facts.map(([name, value]) => (
        <div key={name} className="flex min-w-0 flex-wrap justify-between gap-x-4">
          <dt className="text-muted">{name}</dt>
          <dd className="ml-auto min-w-0 text-right font-medium [overflow-wrap:break-word]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
