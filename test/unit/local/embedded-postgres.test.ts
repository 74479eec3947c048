import { expect, it } from 'vitest';
import { checkBinaries } from '../../../lib/local/embedded-postgres.ts';

it('a machine PostgreSQL does not come for is told so, instead of ending the process', () => {
  expect(() => checkBinaries({ platform: 'sunos', arch: 'sparc' })).toThrow(
    'No PostgreSQL for this machine: package @embedded-postgres/sunos-sparc is not installed',
  );
});
