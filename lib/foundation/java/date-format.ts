import { calendarFields } from './calendar.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/**
 * java.util.Date.toString in UTC: `Mon Jul 18 00:00:00 UTC 2016`. Dates before October 1582 are Julian, and years
 * before Christ are counted backwards without saying so.
 */
export function javaDate(epochMillis: number | bigint): string {
  const { year, month, day, weekday, millisOfDay } = calendarFields(epochMillis);
  const seconds = Math.floor(millisOfDay / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${weekdays[weekday]} ${months[month]} ${two(day)} ${time} UTC ${year > 0 ? year : 1 - year}`;
}
