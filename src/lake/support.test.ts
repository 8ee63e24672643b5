import { describe, expect, it } from 'vitest';
import { emptyState, type MetaData, type Protocol } from './action.ts';
import { checkReadable, checkWritable } from './support.ts';

const metaData = (configuration: Record<string, string> = {}, nullable = true): MetaData => ({
  id: 'a',
  format: { provider: 'parquet' },
  schemaString: JSON.stringify({
    type: 'struct',
    fields: [{ name: 'x', type: 'long', nullable, metadata: {} }],
  }),
  partitionColumns: [],
  configuration,
});

const reading = (protocol: Protocol, configuration?: Record<string, string>) => (): void => {
  const state = { ...emptyState(), version: 3, protocol, metaData: metaData(configuration) };
  checkReadable('silver.t', state);
};

describe('the protocol check', () => {
  it.each(['deletionVectors', 'typeWidening', 'v2Checkpoint', 'variantType', 'somethingNew'])(
    'refuses to read a table that needs %s, by that name',
    (feature) => {
      const protocol = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [feature] };
      expect(reading(protocol)).toThrow(
        expect.objectContaining({ code: 'HF304', message: expect.stringContaining(feature) as string }),
      );
    },
  );

  it('reads newer tables that use nothing it lacks', () => {
    const readerFeatures = ['timestampNtz', 'columnMapping', 'vacuumProtocolCheck'];
    expect(reading({ minReaderVersion: 3, minWriterVersion: 7, readerFeatures })).not.toThrow();
    expect(reading({ minReaderVersion: 2, minWriterVersion: 5 })).not.toThrow();
  });

  it('refuses mapped columns in either version of the protocol', () => {
    const mapped = { 'delta.columnMapping.mode': 'name' };
    expect(reading({ minReaderVersion: 2, minWriterVersion: 5 }, mapped)).toThrow('columnMapping');
    expect(reading({ minReaderVersion: 4, minWriterVersion: 7 })).toThrow('readerVersion 4');
  });

  it('tells a log without its first lines from a newer table', () => {
    expect(() => {
      checkReadable('silver.t', emptyState());
    }).toThrow(expect.objectContaining({ code: 'HF306' }));
  });

  it('refuses to write tables whose rules it would break', () => {
    const ours = { minReaderVersion: 1, minWriterVersion: 2 };
    const change = { removesFiles: true, keepsSchema: true };
    const refusal = (protocol: Protocol, data: MetaData) => (): void => {
      checkWritable('silver.t', protocol, data, change);
    };
    expect(refusal({ minReaderVersion: 1, minWriterVersion: 4 }, metaData())).toThrow('protocol 1/4');
    const features = {
      minReaderVersion: 1,
      minWriterVersion: 7,
      writerFeatures: ['appendOnly', 'generatedColumns'],
    };
    expect(refusal(features, metaData())).toThrow('generatedColumns');
    expect(refusal(ours, metaData({ 'delta.appendOnly': 'true' }))).toThrow('delta.appendOnly');
    expect(refusal(ours, metaData({}, false))).toThrow('NOT NULL');
    expect(refusal(ours, metaData())).not.toThrow();
  });
});
