import { createHash } from 'node:crypto';

const maxLength = 64;

/** `<group id>-<what>`, readable in the console; a name Lambda does not allow is cut and told apart by a hash. */
export function functionName(groupId: string, what: string): string {
  const wanted = `${groupId}-${what}`;
  const allowed = wanted.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  if (allowed === wanted && wanted.length <= maxLength) return wanted;
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  return `${allowed.slice(0, maxLength - hash.length - 1)}-${hash}`;
}
