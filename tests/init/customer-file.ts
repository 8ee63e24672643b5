/** A made-up table of customers with what real ones have: odd names, money as text, leaks, duplicates. */
import { seededRandom } from '../support/random.ts';

export const MESSY_COLUMNS = [
  'Customer  ID',
  'Signup Date',
  'Region',
  'Dealer',
  'Monthly Charge ($)',
  'Internet Type',
  'Calls',
  'Visits',
  'Data GB',
  'Data MB',
  'Phone Number',
  'Churn Score',
  'Churn Reason',
  'Empty',
  'Constant',
  'Customer Status',
] as const;

/** Semicolons, money with thousands commas, `4.0` for 4, blanks and words for missing, 40 rows twice. */
export function messyCustomers(rows = 1500): string {
  const numbers = seededRandom(11);
  const random = (): number => numbers.whole(0, 999_999) / 1_000_000;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const lines = Array.from({ length: rows }, (_, index) => {
    const charge = 10 + random() * 2000;
    const calls = Math.floor(random() * 9);
    const internet = pick(['None', 'DSL', 'Fiber']);
    const left = random() < 0.1 + (calls > 5 ? 0.4 : 0) + (internet === 'Fiber' ? 0.15 : 0);
    const status = index % 30 === 0 ? 'Joined' : left ? 'Churned' : 'Stayed';
    const gigabytes = Math.floor(random() * 200) / 10;
    return [
      `C${String(100_000 + index * 7)}`,
      `${String(1 + (index % 28)).padStart(2, '0')}.${String(1 + (index % 12)).padStart(2, '0')}.20${String(15 + (index % 8))}`,
      random() < 0.03 ? 'Unknown' : pick(['North', 'South', 'East', '']),
      `D${String(Math.floor(random() * 700))}`,
      `$${charge.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
      internet,
      `${String(calls)}.0`,
      pick(['', ' ', 'NA', '2', '3', '4']),
      gigabytes,
      Math.round(gigabytes * 1000),
      `+44${String(1_000_000_000 + index * 7919)}`,
      Math.floor(random() * 30) + (left ? 60 : 0),
      status === 'Churned' ? pick(['Price', 'Moved', 'Competitor']) : '',
      '',
      'x',
      status,
    ].join(';');
  });
  return `${[MESSY_COLUMNS.join(';'), ...lines, ...lines.slice(0, 40)].join('\r\n')}\r\n`;
}
