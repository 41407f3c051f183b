import type { User } from '@signet/contracts';
import { Dialog } from '../../ui/dialog.tsx';
import { CreateUserForm } from './create-user-form.tsx';

export function CreateUserDialog({ onClose, me }: { onClose: () => void; me: User }) {
  return <CreateUserForm shell={Dialog} onClose={onClose} me={me} />;
}
