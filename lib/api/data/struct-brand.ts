import type { Struct } from './struct.ts';

/** Marks a Struct, so that code Struct itself depends on can recognise one without importing the class. */
export const structBrand: unique symbol = Symbol.for('sluice.Struct') as never;

export const isStruct = (value: unknown): value is Struct =>
  typeof value === 'object' && value !== null && structBrand in value;
