import { Pencil, Trash2 } from 'lucide-react';
import { Button } from './button.tsx';

type RowActionsProps = {
  /** Tells the buttons of one row from those of the others: "Edit toby". */
  name: string;
  onEdit: () => void;
  onDelete: () => void;
};

/** The last cell of a table's row. */
export function RowActions({ name, onEdit, onDelete }: RowActionsProps) {
  return (
    <div className="flex gap-2 md:justify-end">
      <Button size="small" className="grow md:grow-0" aria-label={`Edit ${name}`} onClick={onEdit}>
        <Pencil aria-hidden className="size-4" />
        Edit
      </Button>
      <Button size="small" className="grow md:grow-0" aria-label={`Delete ${name}`} onClick={onDelete}>
        <Trash2 aria-hidden className="size-4" />
        Delete
      </Button>
    </div>
  );
}
