import { queryOptions, skipToken } from '@tanstack/react-query';

/** Whether the doctor found a fault when it last looked. Noted beside the API's answers, and forgotten with them. */
export const openFinding = queryOptions<boolean>({ queryKey: ['open-finding'], queryFn: skipToken });
