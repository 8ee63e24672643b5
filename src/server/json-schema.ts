import { z } from 'zod';

/** What the OpenAPI document says of a schema. */
export function jsonSchemaOf(given: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(given, {
    override({ jsonSchema }) {
      // A format says it in a word, and every whole number is one that JavaScript can hold.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // Of the type here, not of what is sent.
      delete jsonSchema.readOnly;
    },
  });
  return schema;
}
