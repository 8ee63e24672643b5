/** The SQL twin that `halfOf` documents, run by the engine. */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';

import { halfOf } from '../../src/domain/index.ts';

test('the engine puts every key into the half that the reference gives it', async () => {
  const keys = [...Array.from({ length: 500 }, (_, index) => `C${index}`), '', 'é', '漢字', "o'brien", ' 7 '];
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const statement = await connection.prepare(
    `SELECT CASE WHEN substr(md5($key), 8, 1) IN ('0', '2', '4', '6', '8', 'a', 'c', 'e')
                 THEN 'stop' ELSE 'calibrate' END`,
  );
  for (const key of keys) {
    statement.bindVarchar(1, key);
    const [[half] = []] = (await statement.runAndReadAll()).getRows();
    expect(half, key).toBe(halfOf(key));
  }
  connection.closeSync();
  instance.closeSync();
});
