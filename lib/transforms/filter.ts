import { ConfigDef } from '../api/config-def.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { recordPlugin } from './core/side-plugin.ts';

/** Drops every record it is applied to: which, its predicate says. */
export const filter: TransformationPlugin = recordPlugin('Filter', new ConfigDef({}), () => () => null);
