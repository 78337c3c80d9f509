import { z } from 'zod';

/** RFC 9457, with a stable `type` for each reason; extension members stand beside the standard ones. */
export const problemDocumentSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe('the slug at the end of `type`'),
  traceId: z.string().optional(),
  retryAfterSeconds: z.int().optional(),
});

export type ProblemDocument = Readonly<z.infer<typeof problemDocumentSchema>>;
