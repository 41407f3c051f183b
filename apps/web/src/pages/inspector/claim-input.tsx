import { Badge } from '../../ui/badge.tsx';
import { TextInput } from '../../ui/field.tsx';

type ClaimInputProps = {
  name: string;
  value: unknown;
  isChanged: boolean;
  onChange: (name: string, value: unknown) => void;
};

/** The value of a claim as JSON, in place: text that is not JSON becomes a string. */
export function ClaimInput({ name, value, isChanged, onChange }: ClaimInputProps) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <TextInput
        aria-label={`Value of ${name}`}
        name={`claim-${name}`}
        autoComplete="off"
        spellCheck={false}
        value={JSON.stringify(value)}
        onChange={(event) => onChange(name, parseClaim(event.target.value))}
        className="h-9 grow basis-40 font-mono text-[0.8125rem]"
      />
      {isChanged && <Badge tone="warning">changed</Badge>}
    </span>
  );
}

function parseClaim(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.replace(/^"|"$/g, '');
  }
}
