import type { SqlColumn } from './column.ts';

export const numericMappings = ['none', 'precision_only', 'best_fit', 'best_fit_eager_double'] as const;
export type NumericMapping = (typeof numericMappings)[number];

export type NumericType = 'int8' | 'int16' | 'int32' | 'int64' | 'float64' | 'decimal';

/** More digits than these do not fit an int64 for sure. */
const longestInteger = 18;
const lowestScale = -84;

/** What a NUMERIC column becomes, by Connect's `numeric.mapping`. A column declared without a precision fits no number type. */
export function numericType({ precision, scale }: SqlColumn, mapping: NumericMapping): NumericType {
  if (precision === null || scale === null)
    return mapping === 'best_fit_eager_double' ? 'float64' : 'decimal';
  const isInteger = scale < 1 && scale >= lowestScale;
  const fits = precision <= longestInteger;
  switch (mapping) {
    case 'none':
      return 'decimal';
    case 'precision_only':
      return fits && scale === 0 ? integerType(precision) : 'decimal';
    case 'best_fit':
      if (!fits) return 'decimal';
      return isInteger ? integerType(precision) : 'float64';
    case 'best_fit_eager_double':
      if (!isInteger) return 'float64';
      return fits ? integerType(precision) : 'decimal';
  }
}

function integerType(precision: number): NumericType {
  if (precision > 9) return 'int64';
  if (precision > 4) return 'int32';
  return precision > 2 ? 'int16' : 'int8';
}
