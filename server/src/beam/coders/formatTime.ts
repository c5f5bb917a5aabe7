/** After 400 years the calendar repeats; Beam's times reach beyond those of a Date. */
const cycleSeconds = 146097n * 86400n;
const cycleYears = 400n;

/**
 * A time as ISO 8601 in UTC, with as many digits of a second as its precision has. Years beyond 0 to 9999
 * have a sign and six digits: Beam's time ends at +294247-01-10T04:00:54.775Z.
 * @param units of 10^-`precision` seconds since the epoch
 */
export function formatTimestamp(units: bigint, precision: number): string {
  const perSecond = 10n ** BigInt(precision);
  const seconds = floorDivide(units, perSecond);
  const fraction = String(units - seconds * perSecond).padStart(precision, '0');
  const cycle = floorDivide(seconds, cycleSeconds);
  const date = new Date(Number(seconds - cycle * cycleSeconds) * 1000);
  const withinYear = date.toISOString().slice(4, 19);
  const year = formatYear(BigInt(date.getUTCFullYear()) + cycle * cycleYears);
  return `${year}${withinYear}${precision > 0 ? `.${fraction}` : ''}Z`;
}

/** A day as ISO 8601, from days since 1970-01-01. */
export function formatDate(days: bigint): string {
  return formatTimestamp(days * 86400n, 0).replace('T00:00:00Z', '');
}

function formatYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return String(year).padStart(4, '0');
  return `${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}`;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
