import { badExactlyOnce } from './bad-exactly-once.ts';
import { badProtocol } from './bad-protocol.ts';
import { badStorage } from './bad-storage.ts';
import type { KnownBad } from './known-bad.ts';

export const allSwitches: readonly KnownBad[] = [...badStorage, ...badProtocol, ...badExactlyOnce];
