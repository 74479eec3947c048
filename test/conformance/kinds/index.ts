import type { Kind } from '../vector-case.ts';
import { configdef } from './configdef.ts';
import { configprovider } from './configprovider.ts';
import { converter } from './converter.ts';
import { offsets } from './offsets.ts';
import { partition } from './partition.ts';
import { retry } from './retry.ts';
import { schema } from './schema.ts';
import { topiccreation } from './topiccreation.ts';
import { chain, fieldpath, predicate, transform } from './transforms.ts';
import { submitted } from './submitted.ts';
import { valuesKind } from './values.ts';

/** Kind of a case → what runs it. */
export const kinds: Readonly<Record<string, Kind>> = {
  chain,
  configdef,
  configprovider,
  converter,
  fieldpath,
  predicate,
  offsets,
  partition,
  retry,
  schema,
  topiccreation,
  transform,
  submitted,
  values: valuesKind,
};
