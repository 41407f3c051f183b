import type { User } from '@signet/contracts';
import { Dialog } from '../../ui/dialog.tsx';
import { EditUserAtAddress } from './edit-user-at-address.tsx';

export function EditUserDialog({ id, onClose, me }: { id: number; onClose: () => void; me: User }) {
  return <EditUserAtAddress shell={Dialog} id={id} onClose={onClose} me={me} />;
}
