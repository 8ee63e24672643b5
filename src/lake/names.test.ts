import { describe, expect, it } from 'vitest';
import { checkColumnNames, isTableName, tableFolder } from './names.ts';

describe('the names of tables and columns', () => {
  it.each(['silver.calls', 'quality.run_2', 'a.b'])('accept the table %s', (name) => {
    expect(isTableName(name)).toBe(true);
    expect(tableFolder('/lake', name)).toBe(`/lake/${name.replace('.', '/')}`);
  });

  it.each([
    'calls',
    'a.b.c',
    'Silver.calls',
    '../x.y',
    'a./b',
    'a.',
    '.b',
    'a.1b',
    'a.b c',
    `a.${'b'.repeat(101)}`,
  ])('refuse the table %s', (name) => {
    expect(() => tableFolder('/lake', name)).toThrow(expect.objectContaining({ code: 'HF307' }));
  });

  it.each(['', 'a b', 'a,b', 'a=b', 'sum(x)', 'a\tb', '{a}'])('refuse the column %j', (name) => {
    expect(() => {
      checkColumnNames('silver.t', [{ name }]);
    }).toThrow(expect.objectContaining({ code: 'HF307', place: { field: name } }));
  });

  it('refuse two columns that differ in case alone', () => {
    expect(() => {
      checkColumnNames('silver.t', [{ name: 'Id' }, { name: 'id' }]);
    }).toThrow('columns Id and id of silver.t have the same name');
  });

  it('accept columns in any script', () => {
    expect(() => {
      checkColumnNames('silver.t', [{ name: 'größe' }, { name: 'a.b' }, { name: '客户' }]);
    }).not.toThrow();
  });
});
