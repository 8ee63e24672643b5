/**
 * Made-up customers in the shape of the public IBM Telco Customer Churn file, for suites that must run without it,
 * and the file itself where it lies beside the checkout.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from './random.ts';
import type { InlineRow } from './workspace.ts';

/** The public file; `HOLDFAST_IBM_TELCO` names another place. */
export const IBM_TELCO_FILE =
  process.env['HOLDFAST_IBM_TELCO'] ??
  path.join(import.meta.dirname, '../../../shared/data/ibm-telco/WA_Fn-UseC_-Telco-Customer-Churn.csv');

export const hasIbmTelco = existsSync(IBM_TELCO_FILE);

/** The rows of the public file as texts; no field of it has a comma or a quote. */
export async function readIbmTelco(): Promise<InlineRow[]> {
  const [header = '', ...lines] = (await readFile(IBM_TELCO_FILE, 'utf8')).trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

const YES_NO = ['Yes', 'No'] as const;

/**
 * Customers `C00001`, ... of whom about a quarter have left: the sooner the newer they are, without a contract, with
 * fibre, and paying by hand. Those who joined this month have a blank total, as in the public file.
 */
export function telcoCustomers(count: number, seed = 1): InlineRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const contract = random.pick(['Month-to-month', 'Month-to-month', 'One year', 'Two year']);
    const tenure = random.chance(0.02) ? 0 : random.whole(1, 72);
    const internet = random.pick(['DSL', 'Fiber optic', 'No']);
    const phone = random.chance(0.9) ? 'Yes' : 'No';
    const payment = random.pick([
      'Electronic check',
      'Mailed check',
      'Bank transfer (automatic)',
      'Credit card (automatic)',
    ]);
    const extra = (): string => (internet === 'No' ? 'No internet service' : random.pick(YES_NO));
    const monthly = (random.whole(1800, 3000) + (internet === 'No' ? 0 : random.whole(2000, 8000))) / 100;
    const risk =
      0.05 +
      (contract === 'Month-to-month' ? 0.25 : 0) +
      (tenure < 12 ? 0.2 : 0) +
      (internet === 'Fiber optic' ? 0.15 : 0) +
      (payment === 'Electronic check' ? 0.1 : 0);
    return {
      customerID: `C${String(index + 1).padStart(5, '0')}`,
      gender: random.pick(['Female', 'Male']),
      SeniorCitizen: random.chance(0.16) ? 1 : 0,
      Partner: random.pick(YES_NO),
      Dependents: random.pick(YES_NO),
      tenure,
      PhoneService: phone,
      MultipleLines: phone === 'No' ? 'No phone service' : random.pick(YES_NO),
      InternetService: internet,
      OnlineSecurity: extra(),
      OnlineBackup: extra(),
      DeviceProtection: extra(),
      TechSupport: extra(),
      StreamingTV: extra(),
      StreamingMovies: extra(),
      Contract: contract,
      PaperlessBilling: random.pick(YES_NO),
      PaymentMethod: payment,
      MonthlyCharges: monthly,
      TotalCharges: tenure === 0 ? ' ' : ((monthly * tenure * random.whole(90, 110)) / 100).toFixed(2),
      Churn: random.chance(risk * (tenure === 0 ? 0 : 1)) ? 'Yes' : 'No',
    };
  });
}
