/** Rows as they would be delivered, for what the door does alone: features that can be worked out by hand. */
import { HoldfastError } from '../../src/kernel/index.ts';
import type { RawReader } from '../../src/workflow/index.ts';

/** A row that the reader takes. */
export const RAW_ROW = {
  customerID: 'C1',
  tenure: 12,
  MonthlyCharges: 29.85,
  Contract: 'One year',
  Since: null,
};

export function rawReader(): RawReader {
  return {
    contract: () =>
      Promise.resolve({
        key: { column: 'customerID', type: 'STRING' },
        columns: { tenure: 'INTEGER', MonthlyCharges: 'DOUBLE', Contract: 'STRING', Since: 'DATE' },
        otherColumns: { Churn: 'STRING', Paperless: 'BOOLEAN' },
      }),
    features(fields) {
      if (fields['Contract'] === 'dropped')
        return Promise.reject(
          new HoldfastError('HF504', { message: 'an expectation leaves this row out', hint: 'see which' }),
        );
      const tenure = Number(fields['tenure']);
      const isRead = Number.isFinite(tenure);
      return Promise.resolve({
        features: { tenure_months: isRead ? tenure : null, contract: String(fields['Contract']) },
        unread: isRead ? [] : ['tenure'],
      });
    },
  };
}
